"""The portal's pages at work: what they do, how they refuse, and how many queries they take."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apikeys.authentication import Unauthenticated, authenticate
from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.models import Participant
from tenants.models import Event, Invitation, Membership, Organization, User
from tenants.services import mails, organizations, people
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import PAGES, at, make_member, make_rows, operation_at, signed_in, texts
from webhooks.models import Delivery, Endpoint


def secret_on(response) -> str:
    found = re.search(r'id="secret-1"[^>]*>([^<]+)<', texts(response))
    assert found, texts(response)[-3000:]
    return found[1]


def errors_on(response) -> str:
    editing = response.context.get("adminform")
    form = editing.form if editing else response.context["form"]
    return " ".join(str(e) for errors in form.errors.values() for e in errors)


# --- Companies ------------------------------------------------------------------------------------


def test_a_profile_is_changed_and_says_what_changed(browser, bakery):
    form = {"name": "Bakery Peeters", "country": "BE", "city": "Gent"}
    answer = browser.post(at("tenants_company", "change", bakery), form, follow=True)
    assert "Saved." in texts(answer)
    event = Event.objects.latest("id")
    assert (event.type, event.changes) == ("company.updated", {"city": ["", "Gent"]})
    assert event.actor_label == "olga@acme.example"


def test_a_profile_that_cannot_be_is_refused_at_its_field(browser, bakery):
    form = {"name": "", "country": "BE", "email": "nobody"}
    answer = browser.post(at("tenants_company", "change", bakery), form)
    assert "This field is required" in errors_on(answer)
    bakery.refresh_from_db()
    assert bakery.name == "Bakery Peeters"


def test_what_a_service_refuses_stands_in_the_form(browser, bakery):
    """Somebody deletes the company while its form is open."""
    page = at("tenants_company", "change", bakery)
    from tenants.services import organizations as services

    real = services.update

    def refuse(*args, **kwargs):
        Organization.objects.filter(pk=bakery.pk).update(deleted_at=timezone.now())
        try:
            return real(*args, **kwargs)
        finally:
            Organization.objects.filter(pk=bakery.pk).update(deleted_at=None)

    services.update = refuse
    try:
        answer = browser.post(page, {"name": "New", "country": "BE"})
    finally:
        services.update = real
    assert answer.status_code == 200
    assert "This organization was deleted." in errors_on(answer)


def test_a_company_is_suspended_with_a_reason_and_comes_back(browser, bakery, bakery_key):
    url = operation_at("tenants_company", "suspend", bakery)
    assert "This field is required" in errors_on(browser.post(url, {}))
    browser.post(url, {"reason": "unpaid"})
    bakery.refresh_from_db()
    assert (bakery.status, bakery.status_reason) == ("suspended", "unpaid")
    browser.post(operation_at("tenants_company", "reactivate", bakery), {})
    bakery.refresh_from_db()
    assert bakery.status == "active"
    authenticate(bakery_key)


def test_an_operation_that_came_too_late_is_said_in_words(browser, bakery):
    organizations.close(bakery, reason="gone", by=SYSTEM)
    answer = browser.post(operation_at("tenants_company", "suspend", bakery), {"reason": "late"})
    assert answer.status_code == 200
    assert "it cannot become suspended" in errors_on(answer)


# --- Keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers, kind, whom",
    [
        ({"kind": "platform"}, "platform", "acme"),
        ({"kind": "company"}, "company", "acme"),
        ({"kind": "company", "to": "bakery"}, "company", "bakery"),
    ],
)
def test_a_key_is_issued_and_its_secret_shown_once(
    browser, acme, bakery, olga, answers, kind, whom
):
    owner = {"acme": acme, "bakery": bakery}[whom]
    answers = {k: v for k, v in answers.items() if k != "to"}
    form = {"organization": owner.pk, "name": "Till", "environment": "live", **answers}
    answer = browser.post(at("apikeys_apikey", "add"), form)
    secret, key = secret_on(answer), ApiKey.objects.get()
    assert authenticate(secret) == key
    assert (key.kind, key.organization, key.created_by) == (kind, owner, olga)
    # FLO-61, FIS-68: with the id that goes with the secret where two strings are asked for.
    assert key.public_id in texts(answer)
    assert key.public_id in texts(browser.get(at("apikeys_apikey", "change", key)))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    for url in (at("apikeys_apikey"), at("apikeys_apikey", "change", key), at("tenants_event")):
        assert secret not in texts(browser.get(url))


def test_a_companys_key_does_not_reach_the_platform(browser, bakery):
    form = {"organization": bakery.pk, "name": "k", "environment": "live", "kind": "platform"}
    answer = browser.post(at("apikeys_apikey", "add"), form)
    assert "acts for that company only" in errors_on(answer)
    assert not ApiKey.objects.exists()


def test_a_key_is_rotated_with_overlap(browser, bakery, bakery_key):
    key = ApiKey.objects.get()
    url = operation_at("apikeys_apikey", "rotate", key)
    successor = secret_on(browser.post(url, {"hours": "1"}))
    assert authenticate(successor).rotated_from == key
    authenticate(bakery_key)
    url = operation_at("apikeys_apikey", "rotate", authenticate(successor))
    browser.post(url, {"hours": "0"})
    with pytest.raises(Unauthenticated):
        authenticate(successor)


def test_a_key_is_revoked_with_a_reason(browser, bakery, bakery_key):
    key = ApiKey.objects.get()
    browser.post(operation_at("apikeys_apikey", "revoke", key), {"reason": "lost"})
    with pytest.raises(Unauthenticated):
        authenticate(bakery_key)
    again = browser.post(operation_at("apikeys_apikey", "revoke", key), {"reason": "lost"})
    assert "revoked already" in errors_on(again)
    assert "lost" in texts(browser.get(at("apikeys_apikey", "history", key)))


def test_a_platform_key_acts_for_a_company_by_default(browser, acme, bakery, acme_key):
    """GOR-35: the portal sets a key's default organization and shows whom it may address."""
    key = ApiKey.objects.get()
    url = operation_at("apikeys_apikey", "act_for", key)
    browser.post(url, {"organization": bakery.pk})
    page = texts(browser.get(at("apikeys_apikey", "change", key)))
    assert "Bakery Peeters where a call names nobody" in page
    assert "Acme Accounting and all of its companies" in page
    successor = secret_on(
        browser.post(operation_at("apikeys_apikey", "rotate", key), {"hours": "0"})
    )
    assert authenticate(successor).default_organization == bakery


def test_an_old_key_is_flagged(browser, bakery, bakery_key):
    """EIN-51: keys older than the policy are flagged."""
    assert "Rotate" not in texts(browser.get(at("apikeys_apikey")))
    ApiKey.objects.update(created_at=timezone.now() - timezone.timedelta(days=91))
    assert "Rotate" in texts(browser.get(at("apikeys_apikey")))
    assert "1 key is older than 90 days" in texts(browser.get(reverse("portal:index")))
    assert "bakery" in texts(browser.get(at("apikeys_apikey"), {"state": "old"}))


# --- Registrations, webhooks ----------------------------------------------------------------------


def test_an_identifier_is_registered_and_shows_its_warnings(browser, bakery):
    form = {"organization": bakery.pk, "identifier": "0208:0123456789"}
    answer = browser.post(at("peppol_participant", "add"), form, follow=True)
    assert "is being registered for Bakery Peeters" in texts(answer)
    participant = Participant.objects.get()
    assert participant.state == "pending"
    page = texts(browser.get(at("peppol_participant", "change", participant)))
    assert "check digits" in page


def test_a_company_in_test_mode_is_not_registered(browser, bakery):
    browser.post(operation_at("tenants_company", "set_test_mode", bakery), {})
    form = {"organization": bakery.pk, "identifier": "0208:0403170701"}
    answer = browser.post(at("peppol_participant", "add"), form)
    assert answer.status_code == 200 and "test mode" in errors_on(answer).lower()


def test_a_registration_is_tried_again_and_taken_off(browser, ours):
    row = ours["peppol_participant"]
    browser.post(operation_at("peppol_participant", "retry", row), {})
    row.refresh_from_db()
    assert row.state == "pending"
    browser.post(operation_at("peppol_participant", "unregister", row), {})
    row.refresh_from_db()
    assert row.state == "unregistering"
    again = browser.post(operation_at("peppol_participant", "rename_card", row), {"card_name": "x"})
    assert again.status_code in (200, 302)


def test_an_identifier_moves_to_another_provider(browser, ours):
    transfer = ours["peppol_transfer"]
    shown = browser.post(operation_at("peppol_transfer", "show_key", transfer), {})
    assert secret_on(shown) == "Key-of-oursword" and "no-store" in shown["Cache-Control"]
    assert "Key-of" not in texts(browser.get(at("peppol_transfer", "change", transfer)))
    browser.post(operation_at("peppol_transfer", "finish", transfer), {})
    transfer.refresh_from_db()
    assert transfer.state == "finishing"
    late = browser.post(operation_at("peppol_transfer", "cancel", transfer), {})
    assert "This transfer is" in errors_on(late)


def test_an_identifier_is_taken_over_with_its_key(browser, bakery):
    held = {"scheme": "0208", "value": "0403170701", "state": "elsewhere"}
    row = Participant.objects.create(organization=bakery, **held)
    url = operation_at("peppol_participant", "take_over", row)
    assert "A migration key has" in errors_on(browser.post(url, {"key": "short"}))
    browser.post(url, {"key": "AAbb11@#Xy"})
    row.refresh_from_db()
    assert row.state == "pending"


def test_who_is_suspended_reads_why_nothing_can_be_done(browser, acme, bakery):
    organizations.suspend(acme, reason="unpaid", by=SYSTEM)
    assert "Acme Accounting is suspended: you can look" in texts(browser.get(at("tenants_company")))
    baker = signed_in(make_member(bakery, "owner", "baker@bakery.example"))
    assert "Acme Accounting is suspended" in texts(baker.get(reverse("portal:index")))


def test_a_webhook_is_added_and_its_secret_shown_once(browser, acme):
    """GOR-36, FLO-62."""
    form = {
        "organization": acme.pk,
        "url": "https://hooks.example/in",
        "environment": "live",
        "event_types": ["company.created"],
        "covers_companies": "on",
    }
    answer = browser.post(at("webhooks_endpoint", "add"), form)
    secret, endpoint = secret_on(answer), Endpoint.objects.get()
    assert secret.startswith("whsec_") and endpoint.covers_companies
    assert secret not in texts(browser.get(at("webhooks_endpoint", "change", endpoint)))
    rotated = secret_on(
        browser.post(operation_at("webhooks_endpoint", "rotate", endpoint), {"hours": "24"})
    )
    assert rotated != secret


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "https://user:pw@a.example/", "ftp://a.example"]
)
def test_a_webhook_to_where_we_would_not_call_is_refused(browser, acme, url):
    form = {"organization": acme.pk, "url": url, "environment": "live", "event_types": ["*"]}
    answer = browser.post(at("webhooks_endpoint", "add"), form)
    assert answer.status_code == 200 and errors_on(answer)
    assert not Endpoint.objects.exists()


def test_a_webhook_is_tested_paused_and_replayed(browser, ours):
    endpoint, delivery = ours["webhooks_endpoint"], ours["webhooks_delivery"]

    def run(name: str, **answers: str) -> str:
        url = operation_at("webhooks_endpoint", name, endpoint)
        return texts(browser.post(url, answers, follow=True))

    assert "A test event is on its way." in run("test")
    assert "1 event is on its way again." in run("replay_failed", hours="24")
    delivery.refresh_from_db()
    assert delivery.state == "pending"
    assert "The webhook is disabled." in run("disable", reason="maintenance")
    assert "enable it first" in run("test")
    assert "The webhook is enabled." in run("enable")
    run("delete")
    assert not Endpoint.objects.live().exists()
    assert browser.get(at("webhooks_endpoint", "change", endpoint)).status_code == 404


def test_a_delivery_shows_every_attempt_and_is_sent_again(browser, ours):
    delivery = ours["webhooks_delivery"]
    page = texts(browser.get(at("webhooks_delivery", "change", delivery)))
    assert "500" in page and "oursword" in page
    browser.post(operation_at("webhooks_delivery", "send_again", delivery), {})
    assert Delivery.objects.get(pk=delivery.pk).state == "pending"


# --- Team -----------------------------------------------------------------------------------------


def test_a_person_is_invited_and_the_invitation_taken_back(browser, acme):
    invite = reverse("portal:tenants_membership_invite")
    form = {"email": "ines@acme.example", "role": "viewer", "first_name": "Ines"}
    assert "is on its way" in texts(browser.post(invite, form, follow=True))
    assert "open invitation already" in errors_on(browser.post(invite, form))
    invitation = Invitation.objects.get()
    assert invitation.invited_by.email == "olga@acme.example"
    browser.post(operation_at("tenants_invitation", "remind", invitation), {})
    browser.post(operation_at("tenants_invitation", "withdraw", invitation), {})
    assert mails.drain() == 2
    assert texts(browser.get(at("tenants_invitation"))).count("ines@acme.example") >= 1
    again = browser.post(operation_at("tenants_invitation", "remind", invitation), {})
    assert "was withdrawn" in errors_on(again)


def test_the_last_owner_cannot_leave(browser, olga):
    mine = Membership.objects.get(user=olga)
    for name, answers in (("remove", {}), ("change_role", {"role": "viewer"})):
        answer = browser.post(operation_at("tenants_membership", name, mine), answers)
        assert "at least one owner" in errors_on(answer)
    assert Membership.objects.get(user=olga).role == "owner"


def test_the_own_organization_is_changed_and_no_other(browser, acme, bakery):
    page = browser.get(at("tenants_organization"), follow=True)
    assert page.context["original"] == acme
    form = {"name": "Acme Accounting", "country": "BE", "city": "Brussels"}
    browser.post(at("tenants_organization", "change", acme), form)
    acme.refresh_from_db()
    assert acme.city == "Brussels"
    # A company has a page of its own.
    elsewhere = browser.post(at("tenants_organization", "change", bakery), form)
    assert elsewhere["Location"] == at("tenants_company", "change", bakery)


# --- Dialogs, pages, queries ----------------------------------------------------------------------


def test_a_dialog_asks_and_leads_on(browser, bakery):
    """What Unfold's button fetches is the form alone; done, it sends the browser on."""
    url = operation_at("tenants_company", "suspend", bakery)
    asked = texts(browser.get(url, headers={"HX-Request": "true"}))
    assert 'id="dialog"' in asked and "<html" not in asked
    refused = browser.post(url, {}, headers={"HX-Request": "true"})
    assert "This field is required" in texts(refused)
    done = browser.post(url, {"reason": "unpaid"}, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, at("tenants_company", "change", bakery))


@pytest.mark.parametrize("page", PAGES)
def test_every_list_filters_searches_and_turns_pages(browser, ours, page):
    filters = browser.get(at(page)).context["cl"].model_admin.list_filter
    parameters = [name for entry in filters for name in entry.parameters]
    asked = [{name: value} for name in parameters for value in ("x", "\x00")]
    asked += [dict.fromkeys(parameters, v) for v in ("", "2026-01-31", "active", "yes", "9" * 40)]
    asked += [{"q": "oursword"}, {"q": "'\"%\\"}, {"_facets": "1"}, {"p": "1"}, {"p": "99"}]
    for query in (*asked, {"all": ""}):
        assert browser.get(at(page), query).status_code in (200, 302), query


def test_thirty_rows_take_no_more_queries_than_three(browser, acme, costs):
    def add(numbers: range) -> None:
        for n in numbers:
            make_rows(acme, make_company(acme, f"Company {n}"), f"word{n}")

    def queries() -> dict[str, int]:
        return {page: costs(browser, at(page)) for page in PAGES}

    add(range(3))
    few = queries()
    add(range(3, 30))
    assert queries() == few
    assert max(few.values()) <= 20, few


def test_names_are_text_on_a_page_and_never_markup(browser, bakery):
    evil = "<script>alert(1)</script>"
    Organization.objects.filter(pk=bakery.pk).update(name=evil, status_reason=evil)
    keys.issue(bakery, name=evil, description=evil, by=SYSTEM)
    Event.objects.create(
        type="company.updated",
        organization=bakery,
        platform=bakery.parent,
        environment="live",
        actor_kind="user",
        actor_label=evil,
        reason=evil,
        changes={evil: [evil, evil]},
    )
    for page in ("tenants_company", "apikeys_apikey", "tenants_event"):
        assert evil not in texts(browser.get(at(page)))
    for url in (
        at("tenants_company", "change", bakery),
        at("tenants_company", "history", bakery),
        at("tenants_event", "change", Event.objects.latest("id")),
        reverse("portal:index"),
    ):
        assert evil not in texts(browser.get(url))


def test_one_acts_for_the_organization_one_chose(browser, olga, acme, rival, bakery):
    people.join(rival, olga, role="viewer", by=SYSTEM)
    assert "Bakery Peeters" in texts(browser.get(at("tenants_company")))
    browser.post(reverse("portal:switch"), {"organization": rival.pk})
    page = texts(browser.get(at("tenants_company")))
    assert "Rival ERP" in page and "Bakery Peeters" not in page
    assert browser.get(at("tenants_company", "add")).status_code == 403
    Membership.objects.filter(organization=rival).delete()
    assert "Bakery Peeters" in texts(browser.get(at("tenants_company")))


def test_a_viewer_sees_everything_and_no_form(acme, ours):
    client = signed_in(make_member(acme, "viewer", "looks@acme.example"))
    page = client.get(at("tenants_company", "change", ours["tenants_company"]))
    assert not page.context["has_change_permission"]
    assert 'name="_save"' not in texts(page)


def test_an_empty_list_says_what_would_be_there_and_a_narrow_one_that_nothing_matches(browser):
    page = texts(browser.get(at("tenants_company")))
    assert "Create the first, or import a file of them." in page and "Add the first" in page
    page = texts(browser.get(at("tenants_company"), {"q": "nobody"}))
    assert "Nothing matches" in page and "Reset filters" in page and "Add the first" not in page


def test_a_page_with_nothing_to_edit_has_nothing_to_save(browser, ours):
    member = browser.get(at("tenants_membership", "change", ours["tenants_membership"]))
    assert 'name="_save"' not in texts(member) and "Change role" in texts(member)


def test_a_user_without_a_name_is_shown_by_address(acme):
    user = User.objects.create_user("plain@acme.example")
    people.join(acme, user, role="owner", by=SYSTEM)
    assert "plain@acme.example" in texts(signed_in(user).get(at("tenants_membership")))
