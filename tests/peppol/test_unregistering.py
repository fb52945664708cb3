"""Taking companies off the network: asked for, or because their organization has ended."""

import pytest

from peppol.models import Participant
from peppol.services.registration import follow_up, participants
from tenants.errors import WrongState
from tests.peppol.test_participants import HELD, close, delete, events_of, having

pytestmark = pytest.mark.django_db
State = Participant.State


@pytest.mark.parametrize("state", [*HELD[1:], State.FAILED, State.ELSEWHERE])
def test_unregistering_is_accepted_wherever_a_registration_stands(bakery, by, state):
    participant = participants.unregister(having(bakery, state), by=by)
    assert participant.state == State.UNREGISTERING
    assert not participant.is_registered
    assert list(Participant.objects.due()) == [participant]
    assert events_of(bakery)[-1] == "company.smp_unregistering"


def test_unregistering_twice_is_asked_for_once(bakery, by):
    participant = having(bakery, State.ACTIVE)
    for _ in range(2):
        participants.unregister(participant, by=by)
    assert events_of(bakery).count("company.smp_unregistering") == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.UNREGISTERED])
def test_what_is_not_on_the_network_cannot_be_taken_off(bakery, by, state):
    with pytest.raises(WrongState) as refusal:
        participants.unregister(having(bakery, state), by=by)
    assert refusal.value.code == "not_registered"


def test_all_of_a_company_is_taken_off_at_once(bakery, by):
    states = [State.ACTIVE, State.WAITING, State.DRAFT, State.UNREGISTERED]
    for number, state in enumerate(states):
        having(bakery, state, f"0208:000000000{number}")
    assert len(follow_up.unregister_all(bakery, by=by)) == 2
    assert not Participant.objects.holding().exists()


@pytest.mark.parametrize("whose", ["own", "platform"])
@pytest.mark.parametrize("ending", [close, delete])
def test_what_a_closed_or_deleted_organization_left_behind_is_taken_down(
    acme, bakery, rivals_company, by, ending, whose
):
    left = having(bakery, State.ACTIVE)
    kept = having(rivals_company, State.ACTIVE, "0208:0123456789")
    assert follow_up.unregister_abandoned() == 0
    ending(bakery if whose == "own" else acme, by)
    assert follow_up.unregister_abandoned() == 1
    assert follow_up.unregister_abandoned() == 0
    left.refresh_from_db()
    kept.refresh_from_db()
    assert (left.state, kept.state) == (State.UNREGISTERING, State.ACTIVE)
