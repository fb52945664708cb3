"""The most frequent jobs on both sites, from the overview on: at most three clicks each."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apikeys.authentication import authenticate
from apikeys.services import keys
from billing import months
from billing.models import StatementRun
from peppol.models import Document, Participant, RegisteredCompany
from peppol.services.imports import worker
from tenants.models import Invitation, Organization, PlatformApplication, User
from tenants.services import applications, organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.browsing import MARKS, PASSWORD, Tab
from tests.portal.conftest import signed_in
from tests.portal.factories import make_document, make_statement, make_usage
from webhooks.models import Delivery, Endpoint
from webhooks.services import endpoints

pytestmark = MARKS


def saved(page, click) -> str:
    """What the browser saves as a file after `click`."""
    with page.expect_download() as download:
        click()
    return Path(download.value.path()).read_bytes().decode("latin-1")


# --- The reseller's -------------------------------------------------------------------------------


def test_onboard_a_company(tab, job, acme):
    RegisteredCompany.objects.create(
        number="0403170701",
        status="AC",
        names={"nl": "Bakkerij Peeters"},
        street="Korenmarkt 5",
        postal_code="9000",
        city="Gent",
        extract=1,
    )
    make_company(acme, "Another")
    with job("Onboard a company") as page:
        page.get_by_role("link", name="New company").first.click()
        tab.fill("Company number", "0403.170.701")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Create the company").click()
        page.get_by_text("Being registered").wait_for()
    Participant.objects.update(state="active", card_state="pending", directory_state="none")
    page.locator("li", has_text="Registered at the SMP").get_by_label("Done").wait_for()
    Participant.objects.update(card_state="published", directory_state="published")
    page.get_by_text("On the network.").wait_for()
    assert page.locator("[data-over]").count() == 1


def test_import_a_list_of_companies(job, acme):
    make_company(acme, "Another")
    with job("Import a list of companies") as page:
        page.get_by_role("link", name=re.compile("Import$")).first.click()
        # It is read as soon as it is chosen; then come its columns.
        lines = "Name;Company number\n" + "".join(f"Company {n};\n" for n in range(30))
        page.locator("[name=file]").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": lines.encode()}
        )
        page.get_by_role("button", name="Check the file").click()
        page.get_by_role("button", name="Import 30 companies").click()
        page.get_by_text("0 of 30 lines").wait_for()
    worker.advance(seconds=0)
    page.get_by_text("1 of 30 lines").wait_for()
    worker.advance(seconds=30)
    result = saved(page, page.get_by_role("link", name="Result as CSV").click)
    assert result.count("Imported") == 30


def test_try_a_failed_registration_again(job, bakery):
    row = Participant.objects.create(
        organization=bakery, scheme="0208", value="0403170701", state="failed", last_error="400"
    )
    with job("Try a failed registration again") as page:
        page.get_by_role("link", name="1 registration needs a decision").click()
        page.get_by_role("link", name="0208:0403170701").click()
        page.get_by_role("link", name="Try again").click()
        page.wait_for_function("document.activeElement?.closest('#modal-content')")
        page.keyboard.press("Enter")
        page.get_by_text("is tried again.").wait_for()
    row.refresh_from_db()
    assert row.state == "pending"


def test_issue_a_key_and_copy_it(tab, job, bakery):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with job("Issue a key that works, and copy it") as page:
        tab.open("API keys")
        page.get_by_role("link", name="Issue a key").first.click()
        tab.fill("Name", "Till")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Copy").click()
        page.get_by_text("Copied").first.wait_for()
    key = authenticate(page.evaluate("navigator.clipboard.readText()"))
    # What a platform's program needs: it reaches the companies, too.
    assert (key.name, key.kind) == ("Till", "platform")


def test_rotate_a_key(tab, job, acme):
    old, _secret = keys.issue(acme, name="Till", by=SYSTEM)
    with job("Rotate a key") as page:
        tab.open("API keys")
        page.get_by_role("link", name="Till").click()
        page.get_by_role("link", name="Rotate").click()
        page.wait_for_function("document.activeElement?.type === 'submit'")
        page.keyboard.press("Enter")
        secret = page.locator("#secret-1").input_value()
    assert authenticate(secret).rotated_from == old


def test_add_a_webhook(tab, job, acme):
    with job("Add a webhook") as page:
        tab.open("Webhooks")
        page.get_by_role("link", name="Add a webhook").first.click()
        tab.fill("URL", "https://hooks.example/in")
        page.keyboard.press("Enter")
        secret = page.locator("#secret-1").input_value()
    assert secret.startswith("whsec_") and Endpoint.objects.get().url == "https://hooks.example/in"


def test_send_failed_events_again(tab, job, hook):
    endpoints.send_test(hook, by=SYSTEM)
    Delivery.objects.update(state="exhausted", given_up_at=timezone.now())
    with job("Send failed events again") as page:
        tab.open("Webhooks")
        page.get_by_role("link", name="https://hooks.example/in").first.click()
        page.get_by_role("link", name="Send failed events again").click()
        page.locator("#modal-content button[type=submit]").press("Enter")
        page.get_by_text("1 event is on its way again").wait_for()
    assert Delivery.objects.filter(state="pending").count() == 1


def test_find_out_why_a_document_failed(job, bakery):
    why = "The receiver is not registered on the network."
    make_document(bakery, number="2026-17", state=Document.State.FAILED, last_error=why)
    with job("Find out why a document failed") as page:
        page.get_by_role("link", name="1 document could not be delivered").click()
        page.get_by_role("link", name="2026-17").click()
        page.get_by_text(why).first.wait_for()


def test_export_last_months_usage(tab, job, bakery):
    make_usage(bakery, on=timezone.now().date().replace(day=1) - timedelta(days=1))
    with job("Export last month's usage") as page:
        tab.open("Usage")
        page.get_by_role("link", name="The month before").click()
        export = page.get_by_role("link", name="CSV").first
        assert "Bakery Peeters" in saved(page, export.click)


def test_download_a_statement(tab, job, acme):
    make_statement(acme, "2026-0001")
    with job("Download a statement as PDF") as page:
        tab.open("Statements")
        page.get_by_role("link", name="2026-0001").click()
        assert saved(page, page.get_by_role("link", name="PDF").click).startswith("%PDF")


def test_suspend_a_company(tab, job, bakery):
    with job("Suspend a company, with a reason") as page:
        tab.open("Companies")
        page.get_by_role("link", name="Bakery Peeters").click()
        page.get_by_role("link", name="Suspend").click()
        tab.fill("Reason", "Invoice unpaid")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Bakery Peeters is suspended.").wait_for()
    bakery.refresh_from_db()
    assert (bakery.status, bakery.status_reason) == ("suspended", "Invoice unpaid")


def test_invite_a_colleague(tab, job):
    with job("Invite a colleague") as page:
        tab.open("Team")
        page.get_by_role("link", name="Invite").first.click()
        tab.fill("E-mail address", "ines@acme.example")
        page.keyboard.press("Enter")
        page.get_by_text("ines@acme.example").first.wait_for()
    assert Invitation.objects.get().email == "ines@acme.example"


@pytest.fixture
def hook(acme) -> Endpoint:
    url = "https://hooks.example/in"
    return endpoints.create(acme, url=url, event_types=["*"], by=SYSTEM)[0]


# --- The operator's -------------------------------------------------------------------------------


@pytest.fixture
def desk(chromium, live_server, db):
    """The tab of a member of staff."""
    sam = User.objects.create_superuser("sam@operator.example", PASSWORD)
    tab = Tab(chromium, live_server.url)
    tab.become(signed_in(sam))
    tab.page.goto("/admin/")
    yield tab
    tab.context.close()
    assert tab.troubles == []


@pytest.fixture
def shops(db) -> Organization:
    """A business that wants to be a platform."""
    shops = organizations.create("business", {"name": "Shops", "country": "FR"}, by=SYSTEM)
    form = {
        "motivation": "140 shops.",
        "expected_companies": 140,
        "expected_documents": 9000,
        "technical_contact": "tech@shops.example",
    }
    applications.submit(shops, form, terms_accepted=True, by=SYSTEM)
    return shops


def test_approve_an_application(desk, job, shops):
    with job("Operator: approve an application", of=desk) as page:
        page.get_by_text("Applies to become a platform").click()
        page.get_by_text("neither a company number nor a VAT number").wait_for()
        page.get_by_role("link", name="Approve").click()
        page.locator("#modal-content button[type=submit]").click()
        page.get_by_text("Shops is a platform now.").wait_for()
    shops.refresh_from_db()
    assert shops.is_platform


def test_ask_an_applicant_for_information(desk, job, shops):
    with job("Operator: ask an applicant for information", of=desk) as page:
        page.get_by_text("Applies to become a platform").click()
        page.get_by_role("link", name="Ask for information").click()
        desk.fill("Message", "Who signs for the shops?")
        page.locator("#modal-content button[type=submit]").click()
        page.get_by_text("The applicant is asked.").wait_for()
    assert PlatformApplication.objects.get().state == "info_requested"


def test_suspend_an_organization(desk, job, acme):
    with job("Operator: suspend an organization", of=desk) as page:
        desk.open("Organizations")
        page.get_by_role("link", name="Acme Accounting").click()
        page.get_by_role("link", name="Suspend").click()
        desk.fill("Reason", "Unpaid")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Acme Accounting is suspended.").wait_for()
    acme.refresh_from_db()
    assert acme.status == "suspended"


def test_view_the_portal_as_a_reseller(desk, job, acme, olga):
    with job("Operator: view the portal as a reseller", of=desk) as page:
        desk.open("Users")
        page.get_by_role("link", name="Olga").click()
        page.get_by_role("link", name="View as").click()
        desk.fill("Reason", "Ticket 4711")
        page.keyboard.press("Control+Enter")
        page.get_by_text("You view the portal of").wait_for()
    assert page.url.endswith("/portal/")


def test_staff_try_a_failed_registration_again(desk, job, bakery):
    number = {"scheme": "9915", "value": "b1"}
    Participant.objects.create(organization=bakery, state="failed", last_error="400", **number)
    with job("Operator: try a failed registration again", of=desk) as page:
        page.get_by_text("9915:b1 could not be registered").click()
        page.get_by_role("link", name="Try again").click()
        page.locator("#modal-content button[type=submit]").click()
        page.get_by_text("9915:b1 is tried again.").wait_for()


def test_bill_a_month(desk, job):
    with job("Operator: issue a month's statements", of=desk) as page:
        desk.open("Statement runs")
        page.get_by_role("link", name="Issue a month's statements").first.click()
        page.locator("#modal-content button[type=submit]").click()
        page.get_by_text("The statements of the month are being made.").wait_for()
    assert StatementRun.objects.get().month == months.offered()[1]
