"""What staff do on an organization's page, in a real browser, with every click counted."""

import re

import pytest

from apikeys.authentication import authenticate
from tenants.models import Organization, User
from tests.portal.browsing import MARKS, PASSWORD, Tab
from tests.portal.conftest import signed_in
from tests.portal.factories import make_statement

pytestmark = MARKS


@pytest.fixture
def desk_tab(chromium, live_server, db):
    """The tab of a member of staff, on the overview; nothing may go wrong in it."""
    staff = User.objects.create_superuser("staff@operator.example", PASSWORD)
    tab = Tab(chromium, live_server.url)
    tab.become(signed_in(staff))
    tab.page.goto("/admin/")
    yield tab
    tab.context.close()
    assert tab.troubles == []


def confirm(page) -> None:
    """Press the button of the dialog that is open."""
    page.locator("#modal-content button[type=submit]").click()


def test_an_organization_is_closed_only_when_its_name_is_typed(desk_tab, acme):
    page = desk_tab.page
    page.goto(f"/admin/tenants/organization/{acme.pk}/change/")
    desk_tab.clicks = 0
    page.locator("a", has_text="more_vert").first.click()
    page.get_by_role("link", name="Close for good").click()
    page.locator("#modal-content textarea").fill("Fraud.")
    page.get_by_label("Type the organization's name").fill("Acme Accounting")
    confirm(page)
    page.get_by_text("Acme Accounting is closed.").wait_for()
    assert desk_tab.clicks == 3
    assert Organization.objects.get(pk=acme.pk).status == "closed"


def test_an_organization_key_is_issued_in_two_clicks_and_shown_once(desk_tab, acme):
    page = desk_tab.page
    page.goto(f"/admin/tenants/organization/{acme.pk}/change/")
    desk_tab.clicks = 0
    page.get_by_role("link", name="Issue a key").click()
    page.get_by_role("button", name="Issue").click()
    secret = page.locator("#secret-1").input_value()
    assert desk_tab.clicks == 2 and authenticate(secret).organization_id == acme.pk
    page.get_by_role("link", name="I have stored it").click()
    page.wait_for_url(re.compile(f"/organization/{acme.pk}/change/"))
    assert secret not in page.content()


def test_entitlements_are_changed_in_two_clicks(desk_tab, acme):
    page = desk_tab.page
    page.goto(f"/admin/tenants/organization/{acme.pk}/change/")
    desk_tab.clicks = 0
    page.get_by_role("link", name="Change · Entitlements").click()
    page.locator("#modal-content input[name=company_limit]").fill("77")
    page.locator("#modal-content input[name=reason]").fill("a pilot")
    confirm(page)
    page.get_by_text("The entitlements of Acme Accounting are changed.").wait_for()
    assert desk_tab.clicks == 2


def test_a_statement_is_credited_only_when_its_number_is_typed(desk_tab, acme):
    statement = make_statement(acme, "2026-7")
    page = desk_tab.page
    page.goto(f"/admin/billing/statement/{statement.pk}/change/")
    desk_tab.clicks = 0
    page.get_by_role("link", name="Credit", exact=True).click()
    page.locator("#modal-content textarea").fill("Wrong plan.")
    page.locator("#modal-content input[name=number]").fill("2026-8")
    confirm(page)
    page.get_by_text("This is not the number. It is 2026-7.").wait_for()
    assert desk_tab.clicks == 2
