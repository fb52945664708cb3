"""Changes to many participants in stages: a few first, then the rest, unless too many fail."""

import pytest

from peppol.identifiers import parse
from peppol.models import Participant
from peppol.sandbox.models import Card
from peppol.services.registration import access_points, bulk, participants, worker
from peppol.smp.dialects import configured_smp
from tenants.errors import WrongState
from tests.conftest import make_company
from tests.peppol.test_bulk import INVOICE, Kind, State, certificate, run, shown

pytestmark = pytest.mark.django_db(transaction=True)


def on_the_network(platform, numbers, by) -> list[Participant]:
    """Companies of a platform that are registered."""
    rows = [
        participants.register(make_company(platform, f"c{n}"), f"0208:000000000{n}", by=by)
        for n in numbers
    ]
    worker.drain(seconds=20)
    return rows


@pytest.fixture
def registered(gate, acme, by) -> list[Participant]:
    return on_the_network(acme, range(3), by)


def test_the_first_are_looked_at_before_the_others_follow(registered, by):
    point = access_points.know("https://new.example.org/as4", certificate(), "mailto:new@a.example")
    operation = bulk.start(Kind.ACCESS_POINT, access_point=point, canary=1, by=by)
    for _ in range(3):
        bulk.advance()
        worker.drain(seconds=20)
    operation.refresh_from_db()
    assert (operation.state, operation.paused_because) == ("paused", "canary")
    assert operation.progress() == {"total": 3, "succeeded": 1, "failed": 0, "left": 2}
    looked_at = operation.results.get()
    assert looked_at.state == "done" and "https://new.example.org/as4" in looked_at.detail
    assert "new.example.org" not in str(shown(registered[1]))
    metadata = configured_smp().service_metadata(parse(registered[0].identifier), INVOICE)
    assert {one.contact for one in metadata.endpoints} == {"mailto:new@a.example"}
    with pytest.raises(WrongState):
        bulk.pause(operation)
    assert run(bulk.resume(operation)).succeeded == 3
    with pytest.raises(WrongState):
        bulk.resume(operation)


def test_failures_stop_an_operation_by_themselves(registered, gate, acme, by, monkeypatch):
    monkeypatch.setattr(bulk, "WINDOW", 3)
    on_the_network(acme, range(3, 6), by)
    operation = bulk.start(Kind.REPUBLISH, by=by)
    gate.on_request = lambda line: (415, b"no") if line.startswith("PUT") else None
    for _ in range(4):
        bulk.advance()
        worker.drain(seconds=20)
    operation.refresh_from_db()
    assert (operation.state, operation.paused_because) == ("paused", "failures")
    assert operation.progress() == {"total": 6, "succeeded": 0, "failed": 3, "left": 3}
    assert "3 of the latest 3 failed" in operation.last_error
    assert {one.detail for one in operation.results.all()} == {
        "The SMP does not accept what it was given."
    }
    gate.on_request = lambda line: None
    assert run(bulk.resume(operation)).succeeded == 3, "what failed before is no reason any more"


def test_a_paused_operation_counts_what_is_still_published(registered, by, monkeypatch):
    monkeypatch.setattr(bulk, "WINDOW", 2)
    operation = bulk.start(Kind.REPUBLISH, by=by)
    bulk.advance()
    bulk.pause(operation)
    worker.drain(seconds=20)
    bulk.advance()
    operation.refresh_from_db()
    assert operation.state == "paused"
    assert operation.progress() == {"total": 3, "succeeded": 2, "failed": 0, "left": 1}
    bulk.cancel(operation)
    with pytest.raises(WrongState):
        bulk.resume(operation)


def test_what_is_not_on_the_network_is_noted_and_no_canary(registered, acme, by):
    Participant.objects.filter(pk=registered[0].pk).update(state=State.UNREGISTERED)
    point = access_points.know("https://new.example.org/as4", certificate())
    operation = bulk.start(Kind.ACCESS_POINT, access_point=point, canary=1, by=by)
    for _ in range(3):
        bulk.advance()
        worker.drain(seconds=20)
    states = operation.results.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["noted", "done"]


def test_many_are_taken_out_of_the_directory_and_listed_again(registered, by):
    assert Card.objects.count() == 3
    assert run(bulk.start(Kind.UNLIST, by=by)).succeeded == 3
    assert not Card.objects.exists()
    assert run(bulk.start(Kind.LIST, by=by)).succeeded == 3
    assert Card.objects.count() == 3
