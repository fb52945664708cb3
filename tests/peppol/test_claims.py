"""Claims: one worker at a time, none for ever, and a change of mind is never overwritten."""

import threading
from datetime import timedelta
from time import monotonic, sleep

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peppol.models import Participant
from peppol.services.registration import cards, claims, participants
from peppol.services.registration.claims import Overtaken
from peppol.services.registration.outcomes import (
    due_again,
    failed,
    held_back,
    registered,
    unregistered,
)
from peppol.services.registration.reasons import Reason
from tenants.row_security import everything
from tests.peppol.test_participants import NUMBER, having

State = Participant.State


def call() -> str:
    return "called"


@pytest.fixture
def pending(bakery, by) -> Participant:
    return participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")


def reread(participant: Participant) -> Participant:
    return Participant.objects.get(pk=participant.pk)


@pytest.mark.django_db
def test_a_claimed_row_is_nobody_elses(pending):
    claim = claims.take()
    assert claim.participant == pending
    assert claims.take() is None
    row = reread(pending)
    assert (row.state, row.attempt_count) == (State.PUBLISHING, 1)
    assert list(Participant.objects.claimed()) == [row]


@pytest.mark.django_db
def test_a_dead_workers_row_is_found_when_its_lease_ends(pending):
    first = claims.take()
    with time_machine.travel(timezone.now() + timedelta(seconds=claims.lease() + 1)):
        second = claims.take()
        assert second.participant == pending
        with pytest.raises(Overtaken):
            first.step(call)
        assert second.step(call) == "called"
        assert not claims.settle(first, failed(Reason("too late", "late"))), (
            "it is not the first one's any more"
        )
        assert reread(pending).state == State.PUBLISHING


@pytest.mark.django_db
def test_a_lease_is_renewed_while_the_network_is_slow(pending, monkeypatch):
    claim = claims.take()
    before = reread(pending).next_attempt_at
    claim.step(call)
    assert reread(pending).next_attempt_at == before, "one write per call would be too many"
    claim.renewed_at -= 6
    claim.checked_at -= 6
    with time_machine.travel(timezone.now() + timedelta(seconds=4), tick=False):
        claim.step(call)
    assert reread(pending).next_attempt_at > before


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lives_keeps_its_row_in_the_middle_of_a_call_and_a_dead_one_does_not(
    pending, by
):
    """A killed worker's row rested for 17 seconds, for so long might a call have taken."""
    assert claims.lease() <= 6
    with everything(), claims.Keeper() as keeper:
        claim = keeper.claim = claims.take()
        before = reread(pending).next_attempt_at
        participants.unregister(pending, by=by)
        claim.renewed_at -= 6
        deadline = monotonic() + 10
        while reread(pending).next_attempt_at <= before and monotonic() < deadline:
            sleep(0.05)
        # Nobody else begins with what is wanted now before the call has come to its end.
        assert claims.take() is None and reread(pending).next_attempt_at > before
    assert not claims.settle(claim, due_again)
    assert claims.take().state == State.UNREGISTERING


@pytest.mark.django_db
def test_what_was_done_is_recorded_with_its_event(pending):
    claim = claims.take()
    assert claims.settle(claim, registered(claim.participant, None))
    row = reread(pending)
    assert (row.state, row.card_state, row.directory_state) == ("active", "published", "pending")
    assert row.claim is None
    assert row.registered_at is not None


@pytest.mark.django_db
def test_a_worker_notices_that_nobody_wants_its_registration_any_more(pending, by):
    claim = claims.take()
    participants.unregister(pending, by=by)
    with pytest.raises(Overtaken):
        claim.step(call)
    assert claims.take() is None, "the first worker is still in its last call"
    assert not claims.settle(claim, due_again)
    assert claims.take().state == State.UNREGISTERING


@pytest.mark.django_db
def test_a_registration_that_ended_too_late_to_notice_is_taken_down_all_the_same(pending, by):
    claim = claims.take()
    participants.unregister(pending, by=by)
    assert not claims.settle(claim, registered(claim.participant, None))
    assert reread(pending).state == State.UNREGISTERING
    assert claims.settle(claims.take(), unregistered)
    assert reread(pending).state == State.UNREGISTERED


@pytest.mark.django_db
def test_a_company_that_comes_back_while_it_is_taken_down_is_registered_afterwards(bakery, by):
    having(bakery, State.UNREGISTERING, next_attempt_at=timezone.now())
    claim = claims.take()
    participants.register(bakery, NUMBER, by=by)
    assert not claims.settle(claim, unregistered)
    assert claims.take().state == State.PUBLISHING


@pytest.mark.django_db
def test_a_renamed_card_goes_out_although_the_old_name_was_on_its_way(pending, by):
    claim = claims.take()
    cards.rename(pending, card_name="Renamed", by=by)
    claims.settle(claim, registered(claim.participant, None))
    row = reread(pending)
    assert (row.state, row.card_name, row.card_state) == ("active", "Renamed", "pending")
    assert claims.take().state == State.ACTIVE


@pytest.mark.django_db
def test_giving_back_writes_what_changed_and_no_words_anew(pending):
    claim = claims.take()
    claims.settle(claim, due_again)  # It puts the statements together once.
    claim = claims.take()
    with CaptureQueriesContext(connection) as asked:
        claims.settle(claim, failed(Reason("refused", "refused")))
    assert not [one["sql"] for one in asked if "searchword" in one["sql"]]
    written = [one["sql"] for one in asked if "UPDATE" in one["sql"] and '"claim" = ' in one["sql"]]
    assert not [sql for sql in written if '"card_name"' in sql]
    assert len(asked) <= 8
    row = reread(pending)
    assert (row.state, row.last_error, row.claim) == (State.FAILED, "refused", None)


@pytest.mark.django_db
def test_registrations_come_before_cards(bakery, rivals_company, by):
    long_ago = timezone.now() - timedelta(hours=1)
    having(rivals_company, State.ACTIVE, card_state="pending", next_attempt_at=long_ago)
    participants.register(bakery, "0208:0123456789", by=by)
    assert claims.take().state == State.PUBLISHING
    assert claims.take().state == State.ACTIVE


@pytest.mark.django_db
def test_the_next_holder_of_an_identifier_waits_until_the_last_one_is_off(
    bakery, rivals_company, by
):
    now = timezone.now()
    old = having(rivals_company, State.UNREGISTERING, next_attempt_at=now + timedelta(hours=1))
    participants.register(bakery, NUMBER, by=by)
    claim = claims.take()
    assert "another company" in claim.obstacle
    claims.settle(claim, held_back(Reason(claim.obstacle, "busy"), 0))
    Participant.objects.filter(pk=old.pk).update(state=State.UNREGISTERED, next_attempt_at=None)
    assert claims.take().obstacle == ""


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.PUBLISHING, State.ACTIVE])
def test_a_late_unregistration_leaves_the_successor_alone(bakery, rivals_company, by, state):
    failed_here = having(bakery, State.FAILED)
    having(rivals_company, state, next_attempt_at=timezone.now() + timedelta(hours=1))
    participants.unregister(failed_here, by=by)
    assert claims.take().successor


@pytest.mark.django_db
def test_the_successor_hears_when_the_identifier_is_free(bakery, rivals_company, by):
    old = having(rivals_company, State.UNREGISTERING, next_attempt_at=timezone.now())
    later = timezone.now() + timedelta(hours=1)
    new = having(bakery, State.WAITING, next_attempt_at=later)
    claim = claims.take()
    assert claim.participant == old
    claims.settle(claim, unregistered)
    assert claims.take().participant == new


@pytest.mark.django_db(transaction=True)
def test_workers_that_look_at_the_same_time_never_take_the_same_row(bakery, by):
    rows = 12
    for number in range(rows):
        participants.register(bakery, f"0208:00000000{number:02}", by=by)
    taken, start = [], threading.Barrier(4)

    @everything()
    def work() -> None:
        try:
            start.wait(10)
            while claim := claims.take():
                taken.append(claim.participant.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(taken) == len(set(taken))
    # On PostgreSQL a worker may find all that is left locked by others, and go home early.
    while claim := claims.take():
        taken.append(claim.participant.pk)
    assert len(set(taken)) == rows
