"""The answer of an access point without a memory is lost: nobody knows, and nothing is repeated."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from peppol.models import Document, MonthlyUsage
from peppol.services.documents import documents, intake, worker
from tenants.errors import WrongState
from tenants.models import Event
from tests.conftest import SYSTEM
from tests.peppol.test_access_point_dialects import SENT, access_point

assert access_point
pytestmark = pytest.mark.django_db(transaction=True)
LOST = (200, {"half": "a report"})


@pytest.fixture
def unknown(bakery, access_point, settings, time_machine):
    """A document that was handed over, and whose answer was lost."""
    settings.ACCESS_POINT_DIALECT = "phase4_standalone"
    sent = documents.send(bakery, intake.from_json(bakery, {"free": "form"}), by=SYSTEM)
    access_point.answer = LOST
    assert worker.drain() == 1
    access_point.answer = SENT
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    worker.drain()
    sent.refresh_from_db()
    return sent


def test_what_may_have_arrived_is_neither_failed_nor_sent_again(
    unknown, access_point, time_machine
):
    assert (unknown.state, unknown.next_attempt_at) == ("unknown", None)
    time_machine.move_to(timezone.now() + timedelta(days=9))
    assert worker.drain() == 0
    assert len([path for path in access_point.asked if "send" in path]) == 1
    assert Event.objects.filter(type="document.unconfirmed").count() == 1
    assert not Event.objects.filter(type="document.failed").exists()
    assert MonthlyUsage.objects.of(unknown.organization).totals()["failed"] == 0


@pytest.mark.parametrize(
    "answer, state, event",
    [
        # It was handed over, and nothing sensible was said of it ever since.
        (LOST, "unknown", "document.unconfirmed"),
        ((500, {}), "unknown", "document.unconfirmed"),
        # Nobody was ever there to take it.
        (None, "failed", "document.failed"),
    ],
)
def test_after_five_days_of_silence_nobody_knows(
    bakery, access_point, settings, time_machine, answer, state, event
):
    """It used to fail, and whoever sent it again sent it twice."""
    settings.ACCESS_POINT_DIALECT = "phoss_ap"
    if answer is None:
        settings.ACCESS_POINT_URL = "http://127.0.0.1:1"
    access_point.answer = answer
    sent = documents.send(bakery, intake.from_json(bakery, {"free": "form"}), by=SYSTEM)
    worker.drain()
    time_machine.move_to(timezone.now() + timedelta(days=5, minutes=1))
    worker.drain()
    sent.refresh_from_db()
    assert (sent.state, Event.objects.latest("id").type) == (state, event)


def test_programs_meet_it_as_being_sent(unknown):
    assert unknown.shown_state == "sending"
    assert "unknown" not in dict(Document.shown_states())
    assert "unknown" in Document.shown_as("sending")


@pytest.mark.parametrize(
    "operation, state, event, failed",
    [
        ("arrived", "delivered", "document.delivered", 0),
        ("not_arrived", "failed", "document.failed", 1),
    ],
)
def test_staff_say_what_became_of_it(unknown, admin_client, operation, state, event, failed):
    found = admin_client.get(reverse("admin:peppol_document_changelist") + "?wrong=unknown")
    assert str(unknown.pk) in found.content.decode()
    page = reverse(f"admin:peppol_document_{operation}", args=[unknown.pk])
    admin_client.post(page, {"reason": "The receiver was asked."})
    unknown.refresh_from_db()
    assert unknown.state == state and unknown.finished_at
    assert Event.objects.latest("id").type == event
    assert MonthlyUsage.objects.of(unknown.organization).totals()["failed"] == failed
    with pytest.raises(WrongState):
        documents.confirm(unknown, has_arrived=True, reason="Again.", by=SYSTEM)
