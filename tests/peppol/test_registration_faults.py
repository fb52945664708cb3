"""The worker against an SMP that misbehaves: every fault ends in the state it deserves."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.health import examine
from peppol.models import Circuit, Participant
from peppol.sandbox import faults
from peppol.services import circuits
from peppol.services.registration import participants, worker
from tenants.models import Event
from tests.conftest import make_company
from tests.peppol.test_participants import NUMBER, events_of

pytestmark = pytest.mark.django_db(transaction=True)
State = Participant.State


@pytest.fixture
def pending(gate, bakery, by) -> Participant:
    return participants.register(bakery, NUMBER, by=by, card_name="Bakkerij Peeters")


def drain(rows: int = 20) -> int:
    return worker.drain(limit=rows, seconds=20)


def reread(participant: Participant) -> Participant:
    return Participant.objects.select_related("organization").get(pk=participant.pk)


def come_due(participant: Participant) -> None:
    """Let the time pass until the next attempt."""
    Participant.objects.filter(pk=participant.pk).update(next_attempt_at=timezone.now())


@pytest.mark.parametrize(
    "fault, state, word",
    [
        ("down", State.WAITING, "does not answer"),
        ("sml", State.WAITING, "SML"),
        ("elsewhere", State.ELSEWHERE, "another SMP"),
        ("signature", State.WAITING, "signature"),
    ],
)
def test_every_fault_ends_in_the_state_it_deserves_and_says_why(pending, fault, state, word):
    faults.switch_on(fault)
    drain()
    row = reread(pending)
    assert row.state == state
    assert word in row.last_error
    assert (row.next_attempt_at is not None) == (state == State.WAITING)
    assert not row.is_registered
    faults.switch_off()
    if state == State.WAITING:
        come_due(row)
    else:
        participants.retry(row, by=worker.outcomes.WORKER)
    drain()
    assert reread(pending).is_registered
    assert Event.objects.filter(type="company.smp_registered").count() == 1


def test_a_participant_that_was_never_taken_is_put_up_again(pending, gate):
    """A proxy said yes for the SMP, which knew nothing of it: the registration failed, for good."""
    said = iter([(200, b"<!DOCTYPE html><title>Sign in</title>")])
    gate.on_request = lambda line: next(said, None) if line.startswith("PUT") else None
    drain()
    row = reread(pending)
    assert (row.state, row.error_code) == (State.WAITING, "smp_unavailable")
    come_due(row)
    drain()
    assert reread(pending).is_registered
    assert not Event.objects.filter(type="company.smp_failed").exists()


def test_what_needs_a_person_is_announced_with_its_reason(pending):
    faults.switch_on("elsewhere")
    drain()
    told = Event.objects.get(type="company.smp_elsewhere")
    assert told.reason == told.data["participant"]["reason"] == reread(pending).last_error
    assert told.data["participant"]["code"] == "registered_elsewhere"


@pytest.mark.parametrize(
    "fault, trouble, said",
    [
        ("credentials", "credentials", "it does not accept our credentials"),
        ("disabled", "credentials", "it does not accept our credentials"),
        ("read_only", "writing", "it takes no changes at the moment"),
    ],
)
def test_what_is_wrong_with_the_installation_is_no_registrations_fault(
    gate, acme, by, admin_client, fault, trouble, said
):
    """They failed, for good, with an event each; now all wait, and go on by themselves."""
    rows = [
        participants.register(make_company(acme, f"c{n}"), f"0208:000000000{n}", by=by)
        for n in range(3)
    ]
    faults.switch_on(fault)
    drain()
    drain()
    rows = [reread(row) for row in rows]
    assert {(row.state, row.error_code) for row in rows} == {("waiting", "smp_out_of_order")}
    assert len([line for line in gate.seen if line.startswith("PUT")]) <= 3
    assert not Event.objects.filter(type="company.smp_failed").exists()
    circuit = Circuit.objects.get()
    assert (circuit.state, circuit.trouble) == ("open", trouble)
    readiness = examine()["checks"]["circuit_breakers"]
    assert readiness["detail"] == f"smp: open ({said})"
    page = admin_client.get(reverse("admin_system_status")).content.decode()
    assert said in page.lower()

    Circuit.objects.update(next_probe_at=timezone.now())
    drain()
    assert Circuit.objects.get().state == "open", "nobody is let in yet"
    faults.switch_off()
    Circuit.objects.update(next_probe_at=timezone.now())
    drain()
    assert {reread(row).state for row in rows} == {"active"}
    assert Circuit.objects.get().failures == 0


def test_the_same_trouble_is_announced_once_and_the_pauses_grow(pending, bakery):
    faults.switch_on("sml")
    pauses = []
    for _ in range(7):
        come_due(pending)
        drain()
        pauses.append((reread(pending).next_attempt_at - timezone.now()).total_seconds())
    assert events_of(bakery).count("company.smp_waiting") == 1
    for pause, planned in zip(pauses, (10, 30, 120, 600, 3600, 3600, 3600), strict=True):
        assert 0.8 * planned < pause <= 1.2 * planned


def test_an_answer_that_never_holds_is_a_failure_in_the_end(pending):
    faults.switch_on("signature")
    for _ in range(worker.outcomes.PATIENCE):
        come_due(pending)
        drain()
    row = reread(pending)
    assert row.state == State.FAILED
    assert "signature" in row.last_error


def test_a_directory_that_does_not_take_the_card_does_not_undo_the_registration(pending):
    faults.switch_on("directory")
    drain()
    row = reread(pending)
    assert (row.state, row.card_state, row.directory_state) == ("active", "published", "pending")
    assert row.publication_error
    assert row.next_attempt_at is not None
    faults.switch_off()
    come_due(row)
    drain()
    row = reread(pending)
    assert (row.directory_state, row.publication_error) == ("published", "")


def test_something_unforeseen_is_logged_and_held_up_and_stops_nobody_else(
    pending, rivals_company, by, caplog
):
    other = participants.register(rivals_company, "0208:0123456789", by=by)
    Participant.objects.filter(pk=pending.pk).update(scheme="x")
    drain()
    row = reread(pending)
    assert (row.state, row.claim) == (State.WAITING, None)
    assert "unforeseen" in row.last_error
    assert "unforeseen" in caplog.text
    assert reread(other).is_registered


def test_a_dead_smp_is_left_alone_and_found_again(gate, acme, by, settings):
    settings.REGISTRATION_CONCURRENCY = 1
    companies = [make_company(acme, f"c{number}") for number in range(6)]
    rows = [
        participants.register(company, f"0208:000000000{number}", by=by)
        for number, company in enumerate(companies)
    ]
    faults.switch_on("down")
    drain()
    assert len(gate.seen) == circuits.THRESHOLD, "the other rows were not tried"
    assert not circuits.is_closed(Circuit.objects.get().name)

    drain()
    for row in rows:
        row = reread(row)
        assert row.state == State.WAITING
        assert row.last_error
        assert row.next_attempt_at > timezone.now()

    faults.switch_off()
    Circuit.objects.update(next_probe_at=timezone.now())
    gate.seen.clear()
    drain()
    assert gate.seen[0].endswith("/smp-status/"), "the probe is harmless"
    assert [reread(row).state for row in rows] == [State.ACTIVE] * 6
    assert Circuit.objects.get().failures == 0


def test_a_lone_registration_goes_on_within_seconds_of_the_smps_return(pending):
    """After two failures it waited for half a minute, and after ten minutes away for two more."""
    faults.switch_on("down")
    for _ in range(12):
        come_due(pending)
        drain()
        row, circuit = reread(pending), Circuit.objects.get()
        waits = [row.next_attempt_at - timezone.now(), timedelta()]
        if circuit.next_probe_at:
            waits.append(circuit.next_probe_at - timezone.now())
            Circuit.objects.update(next_probe_at=timezone.now())
        # With the sweeper's two seconds and a probe that hangs for four it is less than ten.
        assert max(waits) <= timedelta(seconds=3)
    faults.switch_off()
    come_due(pending)
    drain()
    assert reread(pending).is_registered


def test_a_probe_that_fails_keeps_everything_waiting(gate, pending):
    faults.switch_on("down")
    for _ in range(circuits.THRESHOLD):
        come_due(pending)
        drain()
    Circuit.objects.update(next_probe_at=timezone.now())
    gate.seen.clear()
    come_due(pending)
    assert drain() == 0
    assert len(gate.seen) == 1
    assert reread(pending).next_attempt_at > timezone.now() + timedelta(seconds=1)


def test_an_smp_whose_sml_fails_is_not_a_dead_smp(pending):
    faults.switch_on("sml")
    for _ in range(circuits.THRESHOLD + 1):
        come_due(pending)
        drain()
    assert not Circuit.objects.broken().exists()
