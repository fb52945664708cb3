"""The jobs of ordinary days, from the overview on: at most three clicks each, to read one two."""

import pytest
from django.utils import timezone

from peppol.models import Participant
from tests.conftest import SYSTEM
from tests.portal.browsing import MARKS
from tests.portal.factories import make_document
from tests.portal.test_clicks import saved
from tests.portal.test_readable import ubl
from webhooks.models import Delivery, Endpoint
from webhooks.services import endpoints

pytestmark = MARKS


@pytest.fixture
def hook(acme) -> Endpoint:
    url = "https://hooks.example/in"
    return endpoints.create(acme, url=url, event_types=["*"], by=SYSTEM)[0]


def test_read_an_invoice(tab, job, bakery):
    received = {"direction": "inbound", "state": "received", "number": "2026-18"}
    make_document(bakery, content=ubl(note="Mind the step"), **received)
    with job("Read an invoice that arrived", clicks=2) as page:
        tab.open("Documents")
        page.get_by_role("link", name="2026-18").click()
        page.get_by_text("Mind the step").first.wait_for()


def test_export_the_companies(tab, job, bakery):
    with job("Export the companies", clicks=2) as page:
        tab.open("Companies")
        export = page.get_by_role("link", name="Export").first
        assert "Bakery Peeters" in saved(page, export.click)


def test_test_a_webhook_and_see_the_answer(tab, job, hook):
    with job("Test a webhook and see the answer") as page:
        tab.open("Webhooks")
        page.get_by_role("link", name="https://hooks.example/in").first.click()
        page.get_by_role("link", name="Send a test event").click()
        page.wait_for_function("document.activeElement?.closest('#modal-content')")
        page.keyboard.press("Enter")
        page.get_by_text("A test event is on its way.").wait_for()
        sent = Delivery.objects.get()
        came = {"number": 1, "status_code": 418, "duration_ms": 1, "started_at": timezone.now()}
        sent.attempts.create(organization=sent.organization, **came)
        Delivery.objects.update(attempt_count=1)
        page.locator("summary", has_text="418").wait_for()
    assert sent.event.type == "endpoint.test"


def test_send_one_delivery_again(tab, job, hook):
    endpoints.send_test(hook, by=SYSTEM)
    Delivery.objects.update(state="delivered", next_attempt_at=None)
    with job("Send one delivery again") as page:
        tab.open("Deliveries")
        page.locator("#result_list").get_by_role("link", name="endpoint.test").click()
        page.get_by_role("link", name="Send now").click()
        page.wait_for_function("document.activeElement?.closest('#modal-content')")
        page.keyboard.press("Control+Enter")
        page.get_by_text("on its way").first.wait_for()
    assert Delivery.objects.get().state == "pending"


@pytest.fixture
def known(bakery):
    bakery.company_number = "0403170701"
    bakery.save()
    return bakery


def test_register_a_company_that_was_imported(tab, job, known):
    with job("Register a company that is there") as page:
        tab.open("Companies")
        page.get_by_role("link", name="Bakery Peeters").click()
        page.locator(".gh-next").get_by_role("link", name="Register").click()
        page.get_by_role("button", name="Register").wait_for()
        page.keyboard.press("Enter")
        page.get_by_text("is being registered").first.wait_for()
    assert Participant.objects.get().value == "0403170701"
