"""Forms in a real browser: sent twice, interrupted, met by another's change, begun and left."""

import re

import pytest
from django.contrib.sessions.models import Session

from apikeys.models import ApiKey
from tenants.models import Company, Organization
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.browsing import MARKS, PASSWORD
from tests.portal.conftest import at

pytestmark = MARKS


@pytest.fixture
def bakery(acme) -> Company:
    return Company.objects.get(pk=make_company(acme, "Bakery Peeters", city="Gent").pk)


def issue_a_key(page) -> None:
    page.goto("/portal/apikeys/apikey/add/")
    page.get_by_label("Name", exact=False).first.fill("Till")


def sign_in_again(page) -> None:
    page.get_by_label("Email").fill("olga@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In").click()


def test_a_double_click_issues_one_key_and_shows_it(tab):
    page = tab.page
    issue_a_key(page)
    page.get_by_role("button", name="Issue").dblclick()
    page.locator("#secret-1").wait_for()
    assert page.locator("#secret-1").input_value().startswith("gh_")
    assert ApiKey.objects.count() == 1


def test_f5_on_a_shown_secret_issues_nothing_and_stays_in_the_portal(tab):
    page = tab.page
    issue_a_key(page)
    page.get_by_role("button", name="Issue").click()
    page.locator("#secret-1").wait_for()
    page.reload()
    page.get_by_role("heading", name="Shown already").last.wait_for()
    assert ApiKey.objects.count() == 1
    assert "/portal/shown/" in page.url


def test_what_was_entered_is_there_after_signing_in_again(tab, bakery):
    page = tab.page
    page.goto(at("tenants_company", "change", bakery))
    page.get_by_label("City").fill("Brugge")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    sign_in_again(page)
    page.get_by_text("You were signed out meanwhile").wait_for()
    assert page.get_by_label("City").input_value() == "Brugge"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    bakery.refresh_from_db()
    assert bakery.city == "Brugge"


def test_a_dialog_leads_to_the_sign_in_and_back_to_its_form(tab, bakery):
    page = tab.page
    page.goto(at("tenants_company", "change", bakery))
    page.get_by_role("link", name="Suspend").click()
    page.get_by_label("Reason").fill("Invoice unpaid")
    Session.objects.all().delete()
    page.locator("#modal-content button[type=submit]").click()
    sign_in_again(page)
    page.get_by_text("You were signed out meanwhile").wait_for()
    assert page.get_by_label("Reason").input_value() == "Invoice unpaid"
    assert Organization.objects.get(pk=bakery.pk).status == "active"


def test_two_peoples_change_of_one_field_is_shown_and_decided(tab, bakery):
    page = tab.page
    page.goto(at("tenants_company", "change", bakery))
    page.get_by_label("City").fill("Brugge")
    organizations.update(bakery, {"city": "Aalst", "phone": "+32 9 1"}, by=SYSTEM)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Somebody has changed this to “Aalst” meanwhile").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    bakery.refresh_from_db()
    assert (bakery.city, bakery.phone) == ("Brugge", "+32 9 1")


def test_a_company_that_is_there_is_led_to_and_a_draft_is_gone_on_with(tab, acme):
    page = tab.page
    make_company(acme, "The Twin", company_number="0403170701")
    page.goto("/portal/tenants/company/add/")
    page.get_by_label("Company number or VAT number").fill("0403.170.701")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_role("link", name="The Twin").click()
    page.wait_for_url(re.compile("/company/[^/]+/change/"))
    page.goto("/portal/tenants/company/add/")
    page.get_by_role("button", name="Look it up").click()
    page.locator("[name=name]").fill("By Hand")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Go on later").click()
    page.get_by_text("A draft waits for you: By Hand.").wait_for()
    page.get_by_role("link", name="Go on with it").click()
    page.get_by_role("link", name="Company", exact=True).last.click()
    assert page.locator("[name=name]").input_value() == "By Hand"
