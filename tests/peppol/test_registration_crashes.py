"""A real Celery worker is killed with -9 at every call to the SMP, and another one goes on.

After a kill the SMP is in the state that the call left it in, and the worker knows nothing of it:
the answer never arrived. Killing before a call is the same as killing after the one before it.
"""

import time
from collections.abc import Iterator

import pytest
from django.utils import timezone

from peppol.models import Participant
from peppol.sandbox.models import Card, Group, Service
from peppol.services.registration import participants
from tenants.models import Event
from tests.peppol.fault_proxy import AFTER, BEFORE, FaultProxy
from tests.peppol.test_participants import NUMBER
from tests.peppol.workers import PATIENCE, Workers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]
State = Participant.State
# The calls of a registration whose group exists, the Directory's included; and of the opposite.
REGISTRATION, UNREGISTRATION = 10, 3


@pytest.fixture
def crew(tmp_path, gate, settings) -> Iterator[Workers]:
    crew = Workers(tmp_path / "worker", settings.SMP_URL)
    yield crew
    crew.disband()


@pytest.fixture
def participant(gate, bakery, by) -> Participant:
    return participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")


def kill_at(gate: FaultProxy, crew: Workers, call: int, when: str) -> None:
    # As if the dead worker's lease had run out.
    Participant.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())
    crew.kill_at(gate, call, when)


def finish(crew: Workers, participant: Participant, state: str) -> Participant:
    Participant.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())
    crew.start()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        row = Participant.objects.get(pk=participant.pk)
        if row.state == state and row.next_attempt_at is None:
            return row
        crew.nudge()
        time.sleep(1)
    raise AssertionError(f"still {row.state}: {row.last_error}")


def test_a_registration_survives_a_kill_at_every_call_and_ends_active_once(participant, gate, crew):
    kill_at(gate, crew, 0, BEFORE)
    kill_at(gate, crew, 0, AFTER)
    kill_at(gate, crew, 1, AFTER)
    assert Group.objects.exists(), "from now on it is there, and a run has a call less"
    for call in range(1, REGISTRATION):
        kill_at(gate, crew, call, AFTER)
    row = finish(crew, participant, State.ACTIVE)
    assert (row.card_state, row.directory_state) == ("published", "published")
    assert Event.objects.filter(type="company.smp_registered").count() == 1
    assert Event.objects.filter(type="company.directory_published").count() == 1
    assert (Group.objects.count(), Service.objects.count(), Card.objects.count()) == (1, 2, 1)


def test_an_unregistration_survives_a_kill_at_every_call_and_ends_once(participant, gate, crew, by):
    finish(crew, participant, State.ACTIVE)
    crew.kill()
    participants.unregister(participant, by=by)
    for call in range(UNREGISTRATION):
        kill_at(gate, crew, call, AFTER)
    finish(crew, participant, State.UNREGISTERED)
    assert Event.objects.filter(type="company.smp_unregistered").count() == 1
    assert not Group.objects.exists()
