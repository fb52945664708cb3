"""What the sender of a document that came in is told of it, on its page."""

import pytest

from peppol.models import StatusMessage
from tests.portal.conftest import at, texts
from tests.portal.factories import make_document
from tests.portal.test_stuck_rows import do

pytestmark = pytest.mark.django_db


def owed(company, **facts):
    document = make_document(company, direction="inbound", state="received", number="IN-1")
    facts = {"receiver": "0242:000002", "wants_success": True, **facts}
    return StatusMessage.objects.create(organization=company, document=document, **facts)


def test_a_status_that_failed_is_found_and_sent_again(desk, bakery):
    row = owed(bakery, state="failed", code="RE", issues=[{"text": "[BR-02] A number is missing"}])
    listed = at("peppol_document").replace("/portal/", "/admin/")
    assert "IN-1" in texts(desk.get(f"{listed}?wrong=untold"))
    assert "IN-1" not in texts(desk.get(f"{listed}?wrong=failed"))
    page = texts(desk.get(at("peppol_document", "change", row.document).replace("portal", "admin")))
    assert "[BR-02] A number is missing" in page and "Tell its sender again" in page
    do(desk, "tell_again", row.document, "admin")
    row.refresh_from_db()
    assert row.state == "pending" and row.next_attempt_at is not None


def test_a_company_sees_what_its_sender_is_told(browser, bakery):
    row = owed(bakery, state="sent", code="AB")
    page = texts(browser.get(at("peppol_document", "change", row.document)))
    assert "What its sender is told" in page and "without a confirmation" in page
    assert "Tell its sender again" not in page
