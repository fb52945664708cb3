"""Forty-one ways into another organization's rows, tried by a member who is signed in.

Each is tried on a row of one's own too: a door that is closed to everybody proves nothing.
"""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse

from apikeys.models import ApiKey
from peppol.models import Participant
from tenants.access import memberships
from tenants.models import Company, Event, Membership, Organization, Role, User
from tenants.services import people
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.sites import portal
from tests.conftest import SYSTEM
from tests.portal.conftest import (
    ANSWERS,
    PAGES,
    at,
    make_member,
    operation_at,
    operations,
    signed_in,
    texts,
    walk,
)
from webhooks.models import Endpoint

FORM_PAGES = ("tenants_company", "apikeys_apikey", "webhooks_endpoint", "billing_billingaddress")
MAKERS = ("apikeys_apikey", "peppol_participant", "webhooks_endpoint", "billing_billingaddress")
# What stands in addresses besides the id of a row.
ADDRESSES = {"what": "result", "format": "csv", "tab": "keys"}
OPERATIONS = [(page, name) for page in PAGES for name in operations(page)]


def words(client, url: str) -> tuple[bool, bool]:
    """Whether a page shows our row, and whether it shows theirs."""
    page = texts(client.get(url)).lower()
    return "oursword" in page, "theirsword" in page


# --- 01–08: lists, pages, changes, deletions, histories -------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_01_a_list_shows_ones_own_rows_only(browser, ours, theirs, page):
    assert words(browser, at(page)) == (True, False)


@pytest.mark.parametrize("page", PAGES)
def test_02_a_page_opens_for_ones_own_row_only(browser, ours, theirs, page):
    assert browser.get(at(page, "change", ours[page])).status_code == 200
    assert browser.get(at(page, "change", theirs[page])).status_code == 404


@pytest.mark.parametrize("page", FORM_PAGES)
def test_03_a_change_reaches_ones_own_row_only(browser, ours, theirs, page):
    form = {
        "tenants_company": {"name": "Changed", "country": "BE"},
        "apikeys_apikey": {"name": "Changed"},
        "webhooks_endpoint": {
            "url": "https://changed.example",
            "event_types": ["*"],
            "timeout_seconds": 5,
        },
        "billing_billingaddress": {
            "recipient": "Changed",
            "address_line1": "Street 1",
            "postal_code": "1",
            "city": "Gent",
            "country": "BE",
        },
    }[page]
    before = repr(type(theirs[page]).objects.filter(pk=theirs[page].pk).values().get())
    assert browser.post(at(page, "change", theirs[page]), form).status_code == 404
    assert repr(type(theirs[page]).objects.filter(pk=theirs[page].pk).values().get()) == before
    assert browser.post(at(page, "change", ours[page]), form).status_code == 302
    changed = type(ours[page]).objects.filter(pk=ours[page].pk).values().get()
    assert "changed" in repr(changed).lower()


@pytest.mark.parametrize("page", PAGES)
def test_04_a_deletion_reaches_ones_own_row_only(browser, ours, theirs, page):
    for method in (browser.get, browser.post):
        assert method(at(page, "delete", theirs[page]), {"post": "yes"}).status_code in (403, 404)
    theirs[page].refresh_from_db()
    if page == "tenants_company":
        assert browser.post(at(page, "delete", ours[page]), {}).status_code == 302
        ours[page].refresh_from_db()
        assert ours[page].deleted_at and not theirs[page].deleted_at


@pytest.mark.parametrize("page", PAGES)
def test_05_to_08_a_history_opens_for_ones_own_row_only(browser, ours, theirs, page):
    assert browser.get(at(page, "history", theirs[page])).status_code == 404
    own = browser.get(at(page, "history", ours[page])).status_code
    recorded = ("peppol_participant", "peppol_document", "peppol_companyimport")
    has_history = page in (*FORM_PAGES, *recorded)
    assert own == (200 if has_history else 404)


# --- 09–16: choices of foreign keys ---------------------------------------------------------------


@pytest.mark.parametrize("page", MAKERS)
def test_09_a_form_offers_no_foreign_row(browser, ours, theirs, page):
    assert browser.get(at(page, "add")).status_code == 200
    assert "theirsword" not in texts(browser.get(at(page, "add"))).lower()


@pytest.mark.parametrize(
    "page, answers",
    [
        ("apikeys_apikey", {"name": "k", "environment": "live", "kind": "company"}),
        ("peppol_participant", {"identifier": "0208:0403170701"}),
        (
            "webhooks_endpoint",
            {"url": "https://a.example", "environment": "live", "event_types": ["*"]},
        ),
    ],
)
def test_10_and_13_a_foreign_id_is_no_choice(browser, bakery, rivals_company, page, answers):
    model = {"apikeys_apikey": ApiKey, "peppol_participant": Participant}.get(page, Endpoint)
    posted = browser.post(at(page, "add"), {**answers, "organization": rivals_company.pk})
    assert "Select a valid choice" in texts(posted)
    assert not model.objects.exists()
    browser.post(at(page, "add"), {**answers, "organization": bakery.pk})
    assert model.objects.get().organization == bakery


def test_11_every_relation_of_every_page_is_narrowed(olga, ours, theirs, rf):
    request = rf.get("/portal/")
    request.user, request.session = olga, {}
    seen = 0
    for model, admin in portal._registry.items():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if field.is_relation:
                offered = admin.get_field_queryset(None, field, request)
                known = scope(field.remote_field.model, request)
                if field.name == "billing_contact":
                    known = memberships.colleagues(request)
                assert list(offered) == list(known)
                assert "theirsword" not in repr(list(offered)).lower()
                seen += 1
    assert seen > 10
    # Users are nobody's rows: no form offers any but one's colleagues.
    assert not scope(User, request).exists()


@pytest.mark.parametrize(
    "page, field, model",
    [
        ("apikeys_apikey", "organization", "apikeys"),
        ("peppol_participant", "organization", "peppol"),
        ("webhooks_endpoint", "organization", "webhooks"),
        ("webhooks_delivery", "endpoint", "webhooks"),
    ],
)
def test_12_typing_finds_ones_own_rows_only(browser, ours, theirs, page, field, model):
    app, name = page.split("_")
    query = {"app_label": app, "model_name": name, "field_name": field}

    def found(term: str) -> int:
        answer = browser.get(reverse("portal:autocomplete"), {**query, "term": term})
        return len(answer.json()["results"])

    assert (found("oursword"), found("theirsword")) == (1, 0)


@pytest.mark.parametrize("page", MAKERS)
def test_14_a_prefilled_form_does_not_name_a_foreign_row(browser, ours, theirs, page):
    for rows, shown in ((ours, True), (theirs, False)):
        company = rows["tenants_company"]
        form = texts(browser.get(at(page, "add"), {"organization": company.pk}))
        assert (company.name in form) == shown


def test_15_and_16_raw_ids_are_refused_when_the_page_is_made():
    raw = type("RawPage", (ScopedAdmin,), {"raw_id_fields": ("organization",)})
    with pytest.raises((AssertionError, ImproperlyConfigured)):
        raw(ApiKey, portal)


# --- 17–21: filters and lookups -------------------------------------------------------------------


@pytest.mark.parametrize("page", [*MAKERS, "tenants_event"])
def test_17_a_related_filter_shows_no_foreign_row(browser, ours, theirs, page):
    url = at(page)
    mine, foreign = ours["tenants_company"], theirs["tenants_company"]
    assert "oursword" in texts(browser.get(url, {"organization": mine.pk})).lower()
    filtered = texts(browser.get(url, {"organization": foreign.pk})).lower()
    assert "theirsword" not in filtered and "oursword" not in filtered


@pytest.mark.parametrize(
    "page, lookup",
    [
        ("apikeys_apikey", "digest__startswith"),
        ("apikeys_apikey", "digest"),
        ("apikeys_apikey", "metadata__icontains"),
        ("apikeys_apikey", "created_by__password__startswith"),
        ("apikeys_apikey", "organization__parent__name__startswith"),
        ("webhooks_endpoint", "secret__startswith"),
        ("webhooks_endpoint", "organization__status_reason__contains"),
        ("webhooks_delivery", "endpoint__secret__startswith"),
        ("tenants_invitation", "token_digest__startswith"),
        ("tenants_membership", "user__password__startswith"),
        ("tenants_company", "name_key__startswith"),
        ("tenants_company", "parent__requests_per_hour__gt"),
        ("tenants_event", "data__company__name"),
    ],
)
def test_18_to_21_a_hidden_column_cannot_be_guessed_by_lookups(browser, ours, page, lookup):
    assert browser.get(at(page), {lookup: "a"}).status_code == 400
    assert browser.get(at(page)).status_code == 200


# --- 22–27: actions, edits in lists, inlines, operations ------------------------------------------


def test_22_a_bulk_action_reaches_ones_own_rows_only(browser, ours, theirs):
    page = "peppol_participant"
    both = [ours[page].pk, theirs[page].pk]
    browser.post(at(page), {"action": "try_again", ACTION_CHECKBOX_NAME: both})
    ours[page].refresh_from_db()
    theirs[page].refresh_from_db()
    assert (ours[page].state, theirs[page].state) == ("pending", "failed")


@pytest.mark.parametrize("page", PAGES)
def test_23_nothing_is_deleted_in_bulk(browser, ours, theirs, page):
    rows = [ours[page].pk, theirs[page].pk]
    browser.post(at(page), {"action": "delete_selected", ACTION_CHECKBOX_NAME: rows, "post": "yes"})
    ours[page].refresh_from_db()
    theirs[page].refresh_from_db()


def test_24_and_25_no_page_edits_in_its_list_or_has_inlines(olga, rf):
    request = rf.get("/portal/")
    request.user, request.session = olga, {}
    for admin in portal._registry.values():
        assert not admin.list_editable
        assert not admin.get_inline_instances(request)


@pytest.mark.parametrize("page, name", OPERATIONS)
def test_26_an_operation_reaches_ones_own_row_only(browser, ours, theirs, page, name):
    before = Event.objects.count()
    for method in (browser.get, browser.post):
        assert method(operation_at(page, name, theirs[page]), ANSWERS).status_code == 404
    assert Event.objects.count() == before
    assert browser.get(operation_at(page, name, ours[page])).status_code == 200


@pytest.mark.parametrize("page, name", OPERATIONS)
def test_27_an_operation_does_nothing_on_get_or_without_a_token(olga, ours, page, name):
    client = signed_in(olga)
    client.handler.enforce_csrf_checks = True
    before = Event.objects.count()
    url = operation_at(page, name, ours[page])
    assert client.get(url, ANSWERS).status_code == 200
    assert client.post(url, ANSWERS).status_code == 403
    assert client.put(url).status_code in (403, 405)
    assert Event.objects.count() == before


# --- 28–32: shortcuts and search ------------------------------------------------------------------


@pytest.mark.parametrize("site", ["portal", "admin"])
def test_28_and_29_no_shortcut_leads_to_any_object_by_its_id(browser, theirs, site):
    kind = ContentType.objects.get_for_model(User)
    member = theirs["tenants_membership"].user
    shortcut = browser.get(f"/{site}/r/{kind.pk}/{member.pk}/", follow=True)
    assert shortcut.status_code in (403, 404)
    with pytest.raises(NoReverseMatch):
        reverse(f"{site}:view_on_site", args=[kind.pk, member.pk])


def test_30_the_search_box_finds_ones_own_rows_only(browser, ours, theirs):
    def found(term: str) -> int:
        page = texts(browser.get(reverse("portal:search"), {"s": term, "extended": 1}))
        return page.count('href="/portal/')

    # A company, a key, an identifier, a webhook, a document and a statement of ours.
    assert (found("oursword"), found("theirsword")) == (6, 0)


def test_31_and_32_a_search_is_not_remembered(olga, browser, ours, rival, theirs):
    people.join(rival, olga, role=Role.VIEWER, by=SYSTEM)
    search = reverse("portal:search")
    assert "Theirsword" not in texts(browser.get(search, {"s": "sword"}))
    browser.post(reverse("portal:switch"), {"organization": rival.pk})
    after = texts(browser.get(search, {"s": "sword"}))
    assert "Theirsword" in after and "Oursword" not in after


# --- 33–38: import, export, own views, oracles ----------------------------------------------------


def test_33_there_is_no_import_that_could_overwrite_a_foreign_row():
    for model in portal._registry:
        with pytest.raises(NoReverseMatch):
            reverse(f"portal:{model._meta.app_label}_{model._meta.model_name}_import")


def test_34_and_36_a_download_has_the_named_columns_of_ones_own_rows(browser, ours, theirs):
    Company.objects.filter(pk=ours["tenants_company"].pk).update(name_key="hidden-claim")
    answer = browser.post(at("tenants_company", "export"), {"format": "0"})
    download = texts(answer)
    assert "Bakery Oursword" in download and "Theirsword" not in download
    assert "hidden-claim" not in download and "name_key" not in download


def test_34_a_name_that_is_a_formula_is_text_in_a_download(browser, bakery):
    Company.objects.filter(pk=bakery.pk).update(name='=HYPERLINK("https://evil.example")')
    download = texts(browser.post(at("tenants_company", "export"), {"format": "0"}))
    assert "HYPERLINK" in download and "=HYPERLINK" not in download


def test_34_the_audit_trail_is_downloaded_as_it_is_narrowed_and_of_ones_own(browser, ours, theirs):
    address = at("tenants_event", "export")
    download = texts(browser.get(address, {"as": "csv", "type": "company.updated"}))
    assert "oursword@people.example" in download and "theirsword" not in download
    assert {line.split(",")[2] for line in download.splitlines()[1:]} == {"company.updated"}
    assert download.startswith("id,occurred_at,type,company,company_id,actor_kind,")


def test_35_the_overview_counts_ones_own_rows_only(browser, ours, theirs):
    assert words(browser, reverse("portal:index")) == (True, False)
    figures = browser.get(reverse("portal:index")).context["figures"]
    assert [figure.number for figure in figures] == [1, 0, 3, 1]


@pytest.mark.parametrize("page", PAGES)
def test_37_a_list_is_ordered_by_its_columns_only(browser, ours, page):
    for order in ("99", "-99", "digest", "1.digest"):
        assert browser.get(at(page), {"o": order}).status_code == 200


def test_38_that_an_identifier_is_taken_is_said_without_saying_by_whom(
    browser, bakery, rivals_company
):
    held = {"scheme": "0208", "value": "0403170701", "state": "active"}
    Participant.objects.create(organization=rivals_company, **held)
    form = {"organization": bakery.pk, "identifier": "0208:0403170701"}
    answer = texts(browser.post(at("peppol_participant", "add"), form))
    assert "already registered on the network" in answer
    assert "Rival" not in answer and str(rivals_company.pk) not in answer


# --- 39–41: the wrong site, no membership, stamped ownership --------------------------------------


def test_39_a_member_is_no_operator(browser, ours):
    member = ours["tenants_membership"]
    for url in (
        reverse("admin:index"),
        reverse("admin:tenants_organization_changelist"),
        reverse("admin:tenants_organization_change", args=[ours["tenants_company"].pk]),
        reverse("admin:tenants_user_change", args=[member.user.pk]),
        reverse("admin:autocomplete"),
        reverse("admin:search") + "?s=sword",
    ):
        answer = browser.get(url, follow=True)
        assert answer.status_code == 403 and "oursword" not in texts(answer).lower()


def test_40_without_a_membership_nothing_opens(db, ours, theirs, olga):
    stranger = signed_in(User.objects.create_user("stranger@nowhere.example", "x"))
    former = signed_in(olga)
    Membership.objects.filter(user=olga).delete()
    for page in PAGES:
        for client in (stranger, former):
            # Whoever belongs nowhere is led to where a business of one's own begins.
            answer = client.get(at(page, "change", ours[page]), follow=True)
            assert answer.redirect_chain[-1][0].startswith("/portal/start/")
            assert ours.word not in texts(answer)


def test_40_a_stranger_is_asked_to_sign_in_and_comes_back(client, ours):
    url = at("tenants_company", "change", ours["tenants_company"])
    answer = client.get(url, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=%2Fportal%2Ftenants")


def test_40_a_deactivated_user_is_out(browser, olga, ours):
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert browser.get(at("tenants_company")).status_code == 302


def test_41_what_is_posted_beside_the_form_changes_no_owner(browser, ours, rival, acme):
    company = ours["tenants_company"]
    beside = {"organization": rival.pk, "parent": rival.pk, "kind": "platform", "company_limit": 9}
    form = {"name": "Renamed", "country": "BE", **beside}
    browser.post(at("tenants_company", "change", company), form)
    company.refresh_from_db()
    assert (company.name, company.parent, company.kind) == ("Renamed", acme, "managed")
    walk(browser, **{**form, "name": "Brand new", "identifier": "none"})
    made = Organization.objects.get(name="Brand new")
    assert (made.parent, made.kind, made.company_limit) == (acme, "managed", None)


def test_a_company_of_ones_own_is_all_that_a_companys_member_sees(acme, bakery, ours):
    other = Company.objects.get(pk=ours["tenants_company"].pk)
    member = signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))
    assert member.get(at("tenants_company", "change", other)).status_code == 404
    assert "oursword" in texts(member.get(at("apikeys_apikey"))).lower()
    assert acme.name not in texts(member.get(reverse("portal:index")))


def test_an_organization_is_chosen_among_ones_own_only(browser, rival):
    answer = browser.post(reverse("portal:switch"), {"organization": rival.pk})
    assert answer.status_code == 403
    assert browser.get(reverse("portal:switch")).status_code == 405
    session = browser.session
    session[memberships.SESSION_KEY] = str(rival.pk)
    session.save()
    assert rival.name not in texts(browser.get(reverse("portal:index")))


def test_every_address_of_the_portal_is_closed_to_a_strangers_row(browser, theirs):
    """Every route there is, whoever adds it, with every row of rival."""
    tried = 0
    for model, admin in portal._registry.items():
        page = f"{model._meta.app_label}_{model._meta.model_name}"
        rows = [theirs[page]] if page in PAGES else [theirs["tenants_company"].parent]
        for pattern in admin.get_urls():
            if pattern.name and "object_id" in pattern.pattern.converters:
                others = set(pattern.pattern.converters) - {"object_id"}
                for row in rows:
                    names = {name: ADDRESSES[name] for name in others}
                    names["object_id"] = row.pk
                    url = reverse(f"portal:{pattern.name}", kwargs=names)
                    assert browser.get(url).status_code in (403, 404), url
                    assert browser.post(url, ANSWERS).status_code in (403, 404), url
                    tried += 1
    assert tried > 40


def test_the_wrong_kind_of_id_is_a_page_that_is_not_there(browser, ours):
    for id in ("x", "0", "00000000-0000-0000-0000-000000000000", "%00", "a" * 500):
        for page in PAGES:
            assert browser.get(f"{at(page)}{id}/change/").status_code == 404
