"""The portal's pages at work: what they do, how they refuse, and how many queries they take."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apikeys.authentication import authenticate
from apikeys.services import keys
from peppol.services.imports import uploads
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.answers import errors_on
from tests.portal.conftest import PAGES, at, make_rows, operation_at, texts

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


def test_thirty_rows_take_no_more_queries_than_three(browser, acme, costs, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_WAITING", 100)

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


def test_an_empty_list_says_what_would_be_there_and_a_narrow_one_that_nothing_matches(browser):
    page = texts(browser.get(at("tenants_company")))
    assert "Create the first, or import a file of them." in page and "New company" in page
    page = texts(browser.get(at("tenants_company"), {"q": "nobody"}))
    assert "Nothing matches" in page and "Reset filters" in page and "Create the first" not in page
