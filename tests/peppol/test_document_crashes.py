"""A real worker is killed with -9 at every call to the access point, and another one goes on.

Nothing may be sent twice, for submitting is not idempotent there, and nothing may be lost.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone

from peppol.models import Document, MonthlyUsage
from peppol.sandbox.models import Transmission
from peppol.services.documents import documents, intake
from tenants.models import Event
from tests.conftest import SYSTEM
from tests.peppol.fault_proxy import AFTER, BEFORE, FaultProxy, gate_before
from tests.peppol.workers import PATIENCE, Workers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]


@pytest.fixture
def gate(live_server) -> Iterator[FaultProxy]:
    with gate_before(f"{live_server.url}/sandbox/ap") as (gate, url):
        gate.url = url
        yield gate


@pytest.fixture
def crew(tmp_path, gate) -> Iterator[Workers]:
    crew = Workers(
        tmp_path / "worker",
        project.SMP_URL,
        task="peppol.transmit",
        ACCESS_POINT_URL=gate.url,
        ACCESS_POINT_TOKEN=project.ACCESS_POINT_TOKEN,
        PAYLOAD_DIR=_payloads(),
    )
    yield crew
    crew.disband()


def _payloads() -> str:
    return str(Path(project.STORAGES["payload_files"]["OPTIONS"]["location"]))


@pytest.fixture
def document(bakery) -> Document:
    return documents.send(bakery, intake.from_json(bakery, {"free": "form"}), by=SYSTEM)


def hasten() -> None:
    """As if every pause and every dead worker's lease had run out."""
    Document.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())


def kill_at(gate: FaultProxy, crew: Workers, call: int, when: str) -> None:
    hasten()
    crew.kill_at(gate, call, when)


def finish(crew: Workers, document: Document) -> Document:
    crew.start()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        hasten()
        crew.nudge()
        document.refresh_from_db()
        if document.is_final and document.next_attempt_at is None:
            return document
        time.sleep(0.2)
    raise AssertionError(f"still {document.state}: {document.last_error}")


def test_a_document_survives_a_kill_at_every_call_and_is_sent_once(document, gate, crew):
    # Before the submission arrives; then with its answer lost; then while it is being asked.
    kill_at(gate, crew, 0, BEFORE)
    kill_at(gate, crew, 0, AFTER)
    kill_at(gate, crew, 1, AFTER)
    assert Transmission.objects.count() == 1
    kill_at(gate, crew, 0, BEFORE)
    kill_at(gate, crew, 0, AFTER)
    finished = finish(crew, document)
    assert (finished.state, finished.response) == ("delivered", "accepted")
    assert Transmission.objects.count() == 1
    types = list(
        Event.objects.filter(type__regex="^(document|lifecycle)").values_list("type", flat=True)
    )
    assert sorted(types) == ["document.accepted", "document.delivered", "lifecycle.updated"]
    assert MonthlyUsage.objects.get().sent == 1
