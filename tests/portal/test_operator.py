"""The operator's admin: everything is listed, programs' rows are looked at, secrets never shown."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from apikeys.authentication import authenticate
from apikeys.models import ApiKey, IdempotentCall
from billing.models import Plan, Subscription
from peppol.models import BulkOperation
from tenants.models import Event, Invitation, Organization
from tenants.ui.pages import ReadOnly
from tests.conftest import make_company, make_platform
from tests.portal.answers import shown_after
from tests.portal.conftest import make_rows, signed_in, texts

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
BIG = (
    "tenants_organization",
    "tenants_user",
    "tenants_event",
    "tenants_mail",
    "apikeys_apikey",
    "peppol_participant",
    "peppol_transfer",
    "peppol_loss",
    "webhooks_endpoint",
    "webhooks_delivery",
    "tenants_membership",
    "tenants_invitation",
    "peppol_document",
    "peppol_monthlyusage",
    "billing_statement",
)


def at(page: str, what: str = "changelist", row=None) -> str:
    return reverse(f"admin:{page}_{what}", args=[row.pk] if row is not None else [])


def do(desk, row, operation: str, **answers: str):
    page = f"{row._meta.app_label}_{row._meta.model_name}"
    answer = desk.post(at(page, operation, row), answers)
    row.refresh_from_db()
    return answer


def page_of(model) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


@pytest.mark.parametrize("model", MODELS, ids=page_of)
def test_every_page_opens(desk, ours, theirs, model):
    page, row = page_of(model), model.objects.first()
    filters = admin.site._registry[model].list_filter
    parameters = [name for entry in filters for name in entry.parameters]
    asked = [{}, {"q": "our"}, {"q": "\x00'%"}, {"o": "1"}]
    asked += [dict.fromkeys(parameters, v) for v in ("x", "active", "yes", "2026-01-01", "\x00")]
    for query in asked:
        answer = desk.get(at(page), query)
        fine = (200, 302) if "q" in query or "o" in query else (200,)
        assert answer.status_code in fine, (page, query)
    if row is not None:
        assert desk.get(at(page, "change", row)).status_code == 200, page


def test_nothing_is_deleted_and_only_some_pages_are_written(desk, ours):
    request = desk.get("/admin/").wsgi_request
    for model in MODELS:
        page, row = admin.site._registry[model], model.objects.first()
        assert not page.get_actions(request).get("delete_selected"), model
        if row is not None:
            assert desk.get(at(page_of(model), "delete", row)).status_code == 403, model
        if isinstance(page, ReadOnly) and row is not None:
            form = desk.get(at(page_of(model), "change", row))
            assert 'name="_save"' not in texts(form), model


def test_idempotent_calls_and_other_machine_rows_are_hidden():
    for model in (IdempotentCall, *(m for m in admin.site._registry if m.__name__ == "Attempt")):
        assert model not in admin.site._registry


def test_fifteen_rows_take_no_more_queries_than_three(desk, costs):
    def add(numbers: range) -> None:
        for n in numbers:
            platform = make_platform(f"Platform {n}")
            make_rows(platform, make_company(platform, f"Company {n}"), f"word{n}")

    def queries() -> dict[str, int]:
        return {page: costs(desk, at(page)) for page in BIG}

    add(range(3))
    few = queries()
    add(range(3, 15))
    assert queries() == few
    assert max(few.values()) <= 16, few


# --- Organizations (GOR-33, GOR-34, INV-46, INV-47) -----------------------------------------------


def test_an_organization_is_verified_suspended_and_closed(desk, rival):
    Organization.objects.filter(pk=rival.pk).update(status="pending")
    do(desk, rival, "activate")
    assert rival.status == "active"
    do(desk, rival, "suspend", reason="billing")
    assert (rival.status, rival.status_reason) == ("suspended", "billing")
    event = Event.objects.latest("id")
    assert (event.reason, event.actor_label) == ("billing", "staff@operator.example")
    do(desk, rival, "reactivate")
    refused = do(desk, rival, "close", reason="fraud", name="Rival")
    assert "This is not the name" in texts(refused) and rival.status == "active"
    do(desk, rival, "close", reason="fraud", name="Rival ERP")
    assert rival.status == "closed"
    again = do(desk, rival, "suspend", reason="late")
    assert again.status_code == 200 and "cannot become suspended" in texts(again)


def test_a_dialog_names_its_fields_apart_from_those_behind_it(desk, rival):
    """The label "Name" of the dialog belongs to the dialog's field, not to the profile's."""
    dialog = texts(
        desk.get(at("tenants_organization", "close", rival), headers={"HX-Request": "1"})
    )
    assert 'for="asked_name"' in dialog and 'id="asked_name"' in dialog
    assert 'id="id_name"' in texts(desk.get(at("tenants_organization", "change", rival)))


def test_test_mode_is_switched(desk, bakery):
    """EIN-52: an environment has its own base URL, and a tenant its test mode."""
    do(desk, bakery, "set_test_mode")
    assert bakery.test_mode
    do(desk, bakery, "set_test_mode")
    assert not bakery.test_mode


def test_an_organization_goes_live_for_good(desk, bakery):
    """FIS-69."""
    Organization.objects.filter(pk=bakery.pk).update(environment="test")
    do(desk, bakery, "enable_live")
    assert bakery.environment == "live"
    do(desk, bakery, "enable_live")
    assert bakery.environment == "live"


def test_a_platform_is_made_and_its_owner_invited(desk):
    form = {"name": "New Platform", "kind": "platform", "country": "BE", "owner": "o@new.example"}
    desk.post(at("tenants_organization", "add"), form)
    made = Organization.objects.get()
    assert made.is_platform and Invitation.objects.get(organization=made).role == "owner"
    desk.post(at("tenants_organization", "add"), {**form, "name": "Second", "owner": "nobody"})
    assert Organization.objects.count() == 1


def test_a_profile_is_corrected(desk, bakery):
    form = {"name": "Bakery Peeters", "country": "BE", "city": "Gent"}
    desk.post(at("tenants_organization", "change", bakery), form)
    bakery.refresh_from_db()
    assert bakery.city == "Gent" and Event.objects.latest("id").type == "company.updated"


# --- Keys (EIN-48) --------------------------------------------------------------------------------


@pytest.mark.parametrize("whom, kind", [("acme", "platform"), ("bakery", "company")])
def test_an_organizations_key_is_issued_and_shown_once(desk, acme, bakery, whom, kind):
    owner = {"acme": acme, "bakery": bakery}[whom]
    form = {"organization": owner.pk, "name": "Organization key", "environment": "live"}
    answer = shown_after(desk.post(at("apikeys_apikey", "add"), form))
    secret = re.search(r'id="secret-1"[^>]*>([^<]+)<', texts(answer))[1]
    key = authenticate(secret)
    assert (key.organization, key.kind) == (owner, kind)
    assert "no-store" in answer["Cache-Control"]
    assert secret not in texts(desk.get(at("apikeys_apikey", "change", key)))
    do(desk, key, "revoke", reason="lost")
    assert key.revoked_at


def test_the_form_for_a_key_knows_whom_it_was_opened_for(desk, bakery):
    page = texts(desk.get(at("apikeys_apikey", "add"), {"organization": bakery.pk}))
    assert "Bakery Peeters" in page


def test_no_page_shows_a_secret_or_its_hash(desk, ours, bakery_key):
    key = ApiKey.objects.latest("id")
    endpoint = ours["webhooks_endpoint"]
    hidden = [
        key.digest,
        endpoint.secret,
        endpoint.signing_key,
        ours["tenants_invitation"].token_digest,
        ours["tenants_membership"].user.password,
    ]
    for row in (key, endpoint, *ours.rows.values(), ours["tenants_membership"].user):
        model = Organization if row._meta.proxy else type(row)
        if not admin.site.is_registered(model):
            continue
        row = model.objects.get(pk=row.pk)
        page = texts(desk.get(at(page_of(model), "change", row)))
        for secret in hidden:
            assert secret not in page


# --- Network, webhooks, plans ---------------------------------------------------------------------


def test_registrations_are_tried_again_one_or_many(desk, ours, theirs):
    """EIN-50: staff see the state and can retry."""
    mine, other = ours["peppol_participant"], theirs["peppol_participant"]
    do(desk, mine, "retry")
    assert mine.state == "pending"
    form = {"action": "try_again", "_selected_action": [mine.pk, other.pk]}
    answer = desk.post(at("peppol_participant"), form, follow=True)
    other.refresh_from_db()
    assert other.state == "pending"
    assert "1 is tried again." in texts(answer) and "Nothing holds" in texts(answer)


def test_a_bulk_operation_is_begun_and_stopped(desk, ours):
    desk.post(at("peppol_bulkoperation", "add"), {"kind": "republish"})
    begun = BulkOperation.objects.get()
    page = texts(desk.get(at("peppol_bulkoperation")))
    assert "staff@operator.example" in page and "<progress" in page
    do(desk, begun, "cancel")
    assert begun.state == "cancelled"
    assert "This operation is over" in texts(do(desk, begun, "cancel"))
    unclear = desk.post(at("peppol_bulkoperation", "add"), {"kind": "add_document_type"})
    assert unclear.status_code == 200 and BulkOperation.objects.count() == 1


def test_a_webhook_is_disabled_and_enabled(desk, ours):
    endpoint = ours["webhooks_endpoint"]
    do(desk, endpoint, "replay_failed", hours="24")
    assert ours["webhooks_delivery"].__class__.objects.get().state == "pending"
    do(desk, endpoint, "disable", reason="flooding us")
    assert (endpoint.status, endpoint.disabled_reason) == ("disabled", "flooding us")
    do(desk, endpoint, "enable")
    assert endpoint.status == "active"


def test_a_plan_is_made_changed_and_given(desk, acme):
    """FLO-63. INV-50: plans and their limits are edited by staff; an upgrade raises the limit."""
    form = {
        "name": "Starter",
        "code": "starter",
        "currency": "EUR",
        "monthly_fee": "49.00",
        "company_fee": "0",
        "platform": "on",
        "included_documents": 100,
        "overage_price": "0.05",
        "company_limit": 5,
        "requests_per_minute": 100,
        "requests_per_hour": 1000,
        "is_offered": "on",
    }
    desk.post(at("billing_plan", "add"), form)
    plan = Plan.objects.get()
    desk.post(at("billing_plan", "change", plan), {**form, "company_limit": 7})
    plan.refresh_from_db()
    assert plan.company_limit == 7
    desk.post(at("billing_subscription", "add"), {"organization": acme.pk, "plan": plan.pk})
    acme.refresh_from_db()
    assert acme.company_limit == 7 and Subscription.objects.get().plan == plan


def test_only_superusers_make_staff(rf, db, django_user_model):
    clerk = django_user_model.objects.create_user("clerk@operator.example", is_staff=True)
    from django.contrib.auth.models import Permission

    clerk.user_permissions.set(Permission.objects.filter(codename__in=("change_user", "view_user")))
    client = signed_in(clerk)
    form = {"first_name": "Clerk", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert client.post(at("tenants_user", "change", clerk), form).status_code == 302
    clerk.refresh_from_db()
    assert clerk.first_name == "Clerk" and not clerk.is_superuser
    assert client.get(at("tenants_organization")).status_code == 403


def test_a_deactivated_user_is_out_at_once(desk, olga, browser):
    form = {"first_name": "Olga", "last_name": ""}
    desk.post(at("tenants_user", "change", olga), form)
    olga.refresh_from_db()
    assert not olga.is_active
    assert browser.get("/portal/").status_code == 302


def test_what_a_worker_said_last_is_shown(desk):
    from tenants.models import Heartbeat

    Heartbeat.objects.create(name="worker", beat_at=timezone.now())
    assert "worker" in texts(desk.get(at("tenants_heartbeat")))
