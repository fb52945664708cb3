"""Identifiers that are noted down before anything is registered under them."""

import pytest

from peppol.models import Participant
from peppol.services.registration import participants, reserved
from tenants.errors import WrongState
from tests.peppol.test_participants import NUMBER, having

pytestmark = pytest.mark.django_db
State = Participant.State


def test_a_draft_is_noted_and_claims_nothing(bakery, rivals_company, by):
    draft = reserved.propose(bakery, NUMBER, by=by)
    assert reserved.propose(bakery, NUMBER, by=by) == draft
    assert reserved.propose(rivals_company, NUMBER, by=by).state == State.DRAFT
    assert not Participant.objects.due().exists()


def test_a_draft_can_be_replaced_until_it_is_registered(bakery, by):
    """EIN-15: `peppol_ids` can be changed after creation."""
    reserved.propose(bakery, NUMBER, by=by)
    reserved.replace(bakery, "0208:0123456789", by=by)
    assert [str(p) for p in Participant.objects.of(bakery)] == ["0208:0123456789"]
    participants.register(bakery, "0208:0123456789", by=by)
    with pytest.raises(WrongState) as refusal:
        reserved.replace(bakery, NUMBER, by=by)
    assert refusal.value.code == "registered"
    assert reserved.replace(bakery, "0208:0123456789", by=by).state == State.PENDING


def test_a_draft_can_be_forgotten(bakery, by):
    reserved.propose(bakery, NUMBER, by=by)
    assert reserved.replace(bakery, None, by=by) is None
    assert not Participant.objects.exists()


def test_a_past_identifier_can_be_planned_again(bakery, by):
    past = having(bakery, State.UNREGISTERED)
    assert reserved.replace(bakery, NUMBER, by=by) == past
    past.refresh_from_db()
    assert past.state == State.DRAFT


def test_replacing_a_failed_identifier_takes_its_remains_down(bakery, by):
    failed = having(bakery, State.FAILED)
    planned = reserved.replace(bakery, "0208:0123456789", by=by)
    failed.refresh_from_db()
    assert failed.state == State.UNREGISTERING
    assert participants.leading(list(Participant.objects.of(bakery))) == planned


def test_where_there_is_room_for_one_the_registered_one_is_shown(bakery):
    rows = [
        having(bakery, state, f"0208:000000000{number}")
        for number, state in enumerate([State.UNREGISTERED, State.ACTIVE, State.DRAFT])
    ]
    assert participants.leading(rows) == rows[1]
    assert participants.leading([rows[0], rows[2]]) == rows[2]
    assert participants.leading([]) is None


@pytest.mark.parametrize("state", [State.FAILED, State.ELSEWHERE])
def test_what_is_held_up_can_be_dismissed(bakery, by, state):
    stuck = having(bakery, state)
    assert stuck in Participant.objects.needing_attention()
    assert reserved.dismiss(stuck, by=by).state == State.UNREGISTERING
    assert not Participant.objects.needing_attention().exists()


def test_a_dismissed_draft_can_be_registered_later(bakery, by):
    draft = reserved.propose(bakery, NUMBER, by=by)
    assert reserved.dismiss(draft, by=by).state == State.UNREGISTERED
    assert participants.register(bakery, NUMBER, by=by).state == State.PENDING


def test_what_is_on_the_network_is_not_dismissed(bakery, by):
    with pytest.raises(WrongState) as refusal:
        reserved.dismiss(having(bakery, State.ACTIVE), by=by)
    assert refusal.value.code == "nothing_to_dismiss"
