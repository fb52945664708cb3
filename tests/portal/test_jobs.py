"""What takes longer than a few clicks in a real browser, and is watched until it is over."""

from pathlib import Path

import pytest

from apikeys.authentication import authenticate
from peppol.models import Participant, RegisteredCompany
from peppol.services.imports import worker
from tenants.models import Company
from tests.portal.browsing import MARKS, Tab

pytestmark = MARKS


@pytest.fixture
def register():
    RegisteredCompany.objects.create(
        number="0403170701",
        status="AC",
        names={"nl": "Bakkerij Peeters"},
        street="Korenmarkt 5",
        postal_code="9000",
        city="Gent",
        extract=1,
    )


def come_further(**facts) -> None:
    """What the worker would do."""
    Participant.objects.update(**facts)


def test_key_and_webhook_of_a_new_company_are_copied_and_saved(tab, register):
    page = tab.page
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/portal/tenants/company/add/")
    page.wait_for_function("document.activeElement?.name === 'number'")
    page.keyboard.type("0403.170.701")
    page.keyboard.press("Enter")
    page.get_by_label("Webhook").fill("https://hooks.example/in")
    page.get_by_label("Issue an API key for it").check()
    page.get_by_role("button", name="Create the company").click()
    secret = page.locator("#secret-1").input_value()
    assert authenticate(secret).organization_id == Company.objects.get(kind="managed").pk
    assert page.locator("#secret-2").input_value().startswith("whsec_")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").first.click()
    assert Path(download.value.path()).read_text().strip() == secret
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_text("Copied").first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.get_by_role("link", name="I have stored it").click()
    page.get_by_role("heading", name="Bakkerij Peeters").first.wait_for()
    assert secret not in page.content()


def test_a_company_is_onboarded_without_scripts_on_a_phone(chromium, live_server, olga, register):
    tab = Tab(
        chromium, live_server.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    tab.sign_in(olga.email)
    page = tab.page
    page.goto("/portal/tenants/company/add/")
    page.get_by_label("Company number").fill("0123456789")
    page.get_by_role("button", name="Look it up").click()
    page.locator("[name=name]").fill("Café Central")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("The check digits").wait_for()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Create the company").click()
    page.get_by_text("Being registered").wait_for()
    come_further(state="active", card_state="published", directory_state="published")
    page.get_by_text("On the network.").wait_for()
    tab.context.close()


def test_a_failed_registration_is_tried_again_where_it_stands(tab, bakery):
    number = {"scheme": "0208", "value": "0403170701"}
    Participant.objects.create(organization=bakery, state="failed", last_error="400", **number)
    page = tab.page
    page.goto(f"/portal/tenants/company/{bakery.pk}/change/")
    page.get_by_role("link", name="Registrations").last.click()
    page.get_by_role("link", name="Try again").click()
    page.locator("#modal-content button[type=submit]").click()
    page.get_by_text("is tried again.").wait_for()
    assert page.url.endswith("/tab/registrations/")
    come_further(state="active", next_attempt_at=None)
    page.get_by_role("link", name="Take off the network").click()
    page.locator("#modal-content button[type=submit]").click()
    page.locator("main, body").get_by_text("is being taken off the network.").first.wait_for()
    come_further(state="unregistered", next_attempt_at=None)
    page.locator(".gh-entry").get_by_text("Unregistered").wait_for()


def test_a_company_is_offboarded_and_its_end_watched(tab, bakery):
    Participant.objects.create(organization=bakery, scheme="0208", value="1", state="active")
    page = tab.page
    page.goto(f"/portal/tenants/company/{bakery.pk}/offboard/")
    page.get_by_text("0208:1 is taken off the network").wait_for()
    page.get_by_label("Reason").fill("They moved to another provider.")
    page.get_by_label("Name of the company").fill("Bakery Peeters")
    page.get_by_role("button", name="End it").click()
    page.locator("li", has_text="The company is closed").get_by_label("Done").wait_for()
    come_further(state="unregistered")
    page.get_by_text("It has ended.").wait_for()
    page.get_by_role("link", name="To the company").click()
    page.get_by_text("“They moved to another provider.”").wait_for()


def test_the_keys_of_an_import_are_saved_once(tab):
    page = tab.page
    page.goto("/portal/tenants/company/import/")
    page.locator("[name=file]").set_input_files(
        {
            "name": "list.csv",
            "mimeType": "text/csv",
            "buffer": b"Name,Company number\nPeeters,0403170701\n",
        }
    )
    page.get_by_role("heading", name="Columns and options").first.wait_for()
    page.get_by_text("Issue an API key for each").click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import 1 company").click()
    page.get_by_text("0 of 1 line").wait_for()
    worker.advance()
    page.get_by_role("link", name="Download the keys").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    secret = Path(download.value.path()).read_text().strip().rsplit(",", 1)[1]
    assert authenticate(secret).organization_id == Company.objects.get(name="Peeters").pk
