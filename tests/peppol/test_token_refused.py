"""An access point that does not accept our token keeps every document waiting, and fails none."""

import pytest
from django.utils import timezone

from peppol.models import Circuit, Document
from peppol.services.documents import documents, intake, worker
from tests.conftest import SYSTEM
from tests.peppol.test_access_point_dialects import SENT, access_point

assert access_point
pytestmark = pytest.mark.django_db(transaction=True)


def come_due():
    """Let the pauses be over."""
    Circuit.objects.update(next_probe_at=timezone.now())
    Document.objects.update(next_attempt_at=timezone.now())


def test_a_token_that_is_not_accepted_is_no_documents_fault(access_point, bakery, settings):
    """Each waited by itself, for five days, and then failed."""
    settings.ACCESS_POINT_DIALECT = "phoss_ap"
    access_point.answer = (401, {"error": "Invalid or missing API token"})
    sent = [documents.send(bakery, intake.from_json(bakery, {"n": n}), by=SYSTEM) for n in range(3)]
    worker.drain()
    asked = len(access_point.asked)
    worker.drain()
    circuit = Circuit.objects.get()
    assert (circuit.state, circuit.trouble, len(access_point.asked)) == (
        "open",
        "credentials",
        asked,
    )
    come_due()
    worker.drain()
    assert Circuit.objects.get().state == "open", "the token is not accepted yet"
    access_point.answer = SENT
    come_due()
    worker.drain()
    assert {Document.objects.get(pk=one.pk).state for one in sent} == {"delivered"}
