"""Ways to another organization's rows by pages and changes (1-8) and by operations (22-27)."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from tenants.models import Event
from tenants.ui.sites import portal
from tests.portal.attacks.targets import FORM_PAGES, words
from tests.portal.conftest import (
    ANSWERS,
    PAGES,
    at,
    operation_at,
    operations,
    signed_in,
)

OPERATIONS = [(page, name) for page in PAGES for name in operations(page)]


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
    recorded = "peppol_participant peppol_document peppol_companyimport peppol_companyrun"
    others = "tenants_clientlink peppol_mandate peppol_identification"
    has_history = page in {*FORM_PAGES, *recorded.split(), *others.split()}
    assert own == (200 if has_history else 404)


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
