"""Participants that move between SMPs by a migration key."""

import pytest
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import Circuit, Participant, Transfer
from peppol.sandbox import faults
from peppol.sandbox.models import Group, SmlEntry
from peppol.services.registration import participants, transfers, worker
from peppol.smp.dialects import configured_smp
from tenants.errors import Conflict, Invalid, WrongState
from tenants.models import Event
from tests.peppol.test_participants import NUMBER, events_of, having

pytestmark = pytest.mark.django_db(transaction=True)
State = Participant.State
KEY = "aaBB22@@xxYY"


def drain() -> None:
    worker.drain(seconds=20)


def reread(participant: Participant) -> Participant:
    return Participant.objects.get(pk=participant.pk)


@pytest.fixture
def elsewhere(gate, bakery, by) -> Participant:
    """Another provider holds the bakery's identifier, and its SML entry has a key."""
    uri = parse(NUMBER).uri
    SmlEntry.objects.create(uri=uri, smp="https://smp.example.org", migration_key=KEY)
    participant = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")
    drain()
    return reread(participant)


@pytest.fixture
def active(gate, bakery, by) -> Participant:
    participant = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")
    drain()
    return reread(participant)


def test_a_participant_of_another_provider_is_taken_over_with_its_key(elsewhere, gate, by):
    assert elsewhere.state == State.ELSEWHERE
    transfer = transfers.take_over(elsewhere, KEY, by=by)
    gate.seen.clear()
    drain()
    assert reread(elsewhere).is_registered
    assert SmlEntry.objects.get().smp == "", "it is ours now"
    transfer.refresh_from_db()
    assert (transfer.state, transfer.key) == ("completed", "")
    assert [line for line in gate.seen if "migration" in line] == [
        "PUT /sandbox/smp/migration/inbound"
    ]


def test_a_worker_that_died_after_the_take_over_goes_on_with_the_metadata(elsewhere, by):
    transfers.take_over(elsewhere, KEY, by=by)
    configured_smp().migrate_in(parse(NUMBER), KEY)
    drain()
    assert reread(elsewhere).is_registered


def test_a_wrong_key_is_given_up_after_a_few_attempts(elsewhere, by):
    transfer = transfers.take_over(elsewhere, KEY.replace("x", "z"), by=by)
    for _ in range(3):
        Participant.objects.update(next_attempt_at=timezone.now())
        drain()
    row = reread(elsewhere)
    assert row.state == State.FAILED
    assert "migration key" in row.last_error
    transfer.refresh_from_db()
    assert (transfer.state, transfer.key) == ("failed", "")
    transfers.take_over(row, KEY, by=by)
    drain()
    assert reread(elsewhere).is_registered


@pytest.mark.parametrize(
    "key", ["", "short1A@", "aaBB22@@ xYY", "aabb22@@xxyy", "aaBB2222xxYY", "aaBB22@@" * 4]
)
def test_what_cannot_be_a_migration_key_is_refused(elsewhere, by, key):
    with pytest.raises(Invalid):
        transfers.take_over(elsewhere, key, by=by)
    assert not Transfer.objects.exists()


def test_what_is_ours_cannot_be_taken_over(active, by):
    with pytest.raises(WrongState):
        transfers.take_over(active, KEY, by=by)


def test_keys_are_stored_encrypted_and_are_in_no_event(elsewhere, by):
    transfers.take_over(elsewhere, KEY, by=by)
    assert KEY not in Transfer.objects.get().key
    assert not [e for e in Event.objects.all() if KEY in f"{e.data}{e.changes}{e.reason}"]


def test_a_participant_is_handed_over_with_a_key(active, bakery, by):
    transfer = transfers.hand_over(active, by=by)
    drain()
    transfer.refresh_from_db()
    assert transfer.state == "ready"
    assert reread(active).is_registered, "until the other provider has it"
    assert transfers.reveal_key(transfer, by=by) == SmlEntry.objects.get().migration_key
    assert events_of(bakery)[-3:] == [
        "company.transfer_requested",
        "company.transfer_ready",
        "company.transfer_key_shown",
    ]
    SmlEntry.objects.update(smp="https://smp.example.org")

    transfers.finish(transfer, by=by)
    drain()
    transfer.refresh_from_db()
    assert (transfer.state, transfer.key) == ("completed", "")
    assert reread(active).state == State.UNREGISTERED
    assert not Group.objects.exists()
    assert SmlEntry.objects.exists(), "the SML knows it at the other provider"


def test_a_hand_over_can_be_called_off(active, by):
    transfer = transfers.hand_over(active, by=by)
    drain()
    transfers.cancel(Transfer.objects.get(), by=by)
    drain()
    transfer.refresh_from_db()
    assert (transfer.state, transfer.key) == ("cancelled", "")
    assert reread(active).is_registered
    assert transfers.hand_over(active, by=by).state == "pending", "and tried again"


@pytest.mark.parametrize("step", ["start", "finalize"])
def test_a_worker_that_died_in_the_middle_of_a_hand_over_is_succeeded(active, by, step):
    transfer = transfers.hand_over(active, by=by)
    smp = configured_smp()
    if step == "start":
        smp.start_migration(parse(NUMBER))
        Participant.objects.update(attempt_count=1)
    else:
        drain()
        transfers.finish(Transfer.objects.get(), by=by)
        smp.finish_migration(parse(NUMBER))
    drain()
    transfer.refresh_from_db()
    assert transfer.state == ("ready" if step == "start" else "completed")


def test_an_smp_that_refuses_a_hand_over_leaves_the_registration_alone(active, gate, by):
    transfer = transfers.hand_over(active, by=by)
    said = b"SMK/SML integration is not enabled at http://10.0.0.7:8080/smp/"
    gate.on_request = lambda line: (412, said) if "/outbound/start" in line else None
    drain()
    transfer.refresh_from_db()
    assert (transfer.state, "10.0.0.7" in transfer.last_error) == ("failed", False)
    row = reread(active)
    assert row.is_registered and row.raw_answer == f"412 {said.decode()}"


def test_a_hand_over_waits_while_the_smp_takes_no_changes(active, by):
    transfer = transfers.hand_over(active, by=by)
    faults.switch_on("read_only")
    drain()
    transfer.refresh_from_db()
    assert (transfer.state, reread(active).error_code) == ("pending", "smp_out_of_order")
    faults.switch_off()
    Circuit.objects.update(next_probe_at=timezone.now())
    Participant.objects.update(next_attempt_at=timezone.now())
    drain()
    transfer.refresh_from_db()
    assert transfer.state == "ready"


def test_one_transfer_at_a_time(active, by):
    transfers.hand_over(active, by=by)
    with pytest.raises(Conflict):
        transfers.hand_over(active, by=by)


def test_there_is_no_key_before_it_is_ready(active, by):
    transfer = transfers.hand_over(active, by=by)
    for operation in (transfers.reveal_key, transfers.finish):
        with pytest.raises(WrongState):
            operation(transfer, by=by)


def test_a_transfer_that_is_still_being_prepared_is_cancelled(active, by):
    transfer = transfers.hand_over(active, by=by)
    transfers.cancel(transfer, by=by)
    drain()
    transfer.refresh_from_db()
    assert (transfer.state, transfer.key) == ("cancelled", "")
    assert reread(active).is_registered
    assert transfers.hand_over(reread(active), by=by).state == "pending", "another can be begun"


def test_a_take_over_with_the_wrong_key_is_cancelled_and_begun_anew(elsewhere, by):
    """It was tried for ever, and no other key could be given."""
    wrong = transfers.take_over(elsewhere, "ccDD33##zzYY", by=by)
    drain()
    with pytest.raises((Conflict, WrongState)):
        transfers.take_over(reread(elsewhere), KEY, by=by)
    transfers.cancel(wrong, by=by)
    assert not Transfer.objects.exclude(key="").exists()
    drain()
    assert reread(elsewhere).state == State.ELSEWHERE
    transfers.take_over(reread(elsewhere), KEY, by=by)
    drain()
    assert reread(elsewhere).is_registered


def test_a_transfer_that_has_ended_cannot_be_cancelled(elsewhere, by):
    transfer = transfers.take_over(elsewhere, KEY, by=by)
    drain()
    with pytest.raises(WrongState):
        transfers.cancel(transfer, by=by)


@pytest.mark.parametrize("state", [State.DRAFT, State.WAITING, State.UNREGISTERED])
def test_what_is_not_registered_cannot_be_handed_over(bakery, by, state):
    with pytest.raises(WrongState):
        transfers.hand_over(having(bakery, state), by=by)


def test_unregistering_ends_the_transfer(active, by):
    transfer = transfers.hand_over(active, by=by)
    drain()
    participants.unregister(active, by=by)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.key) == ("cancelled", "")
