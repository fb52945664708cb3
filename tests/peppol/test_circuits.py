"""Circuit breakers: a service that does not answer is left alone, and found again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from peppol.models import Circuit
from peppol.services import circuits

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def fail(times: int) -> None:
    for _ in range(times):
        circuits.failed("smp", "Connection refused")


def test_a_service_nobody_called_yet_is_admitted():
    assert circuits.admits("smp")
    assert circuits.reopens_at("smp") is None


def test_a_few_failures_do_not_open_the_circuit():
    fail(circuits.THRESHOLD - 1)
    assert circuits.admits("smp")


def test_an_answer_forgets_the_failures_before_it():
    fail(circuits.THRESHOLD - 1)
    assert not circuits.succeeded("smp"), "it was not open, so this did not close it"
    fail(circuits.THRESHOLD - 1)
    assert circuits.admits("smp")


def test_too_many_failures_in_a_row_hold_all_calls_back(clock):
    fail(circuits.THRESHOLD)
    assert not circuits.admits("smp")
    assert circuits.reopens_at("smp") == NOON + timedelta(seconds=circuits.PAUSES[0])
    assert circuits.admits("another service")
    circuit = Circuit.objects.broken().get()
    assert (circuit.opened_at, circuit.last_error) == (NOON, "Connection refused")


def test_after_the_pause_exactly_one_caller_probes(clock):
    fail(circuits.THRESHOLD)
    clock.shift(circuits.PAUSES[0])
    assert [circuits.admits("smp") for _ in range(3)] == [True, False, False]


def test_a_probe_that_succeeds_closes_the_circuit(clock):
    fail(circuits.THRESHOLD)
    clock.shift(circuits.PAUSES[0])
    circuits.admits("smp")
    assert circuits.succeeded("smp")
    assert circuits.admits("smp")
    assert not Circuit.objects.broken().exists()


def test_a_probe_that_fails_doubles_the_pause_up_to_half_a_minute(clock):
    fail(circuits.THRESHOLD)
    pauses = []
    for _ in range(6):
        opens = circuits.reopens_at("smp")
        assert opens is not None
        pauses.append((opens - datetime.now(UTC)).total_seconds())
        clock.move_to(opens)
        assert circuits.admits("smp")
        fail(1)
    assert pauses == [5, 10, 20, 30, 30, 30]
    assert Circuit.objects.get().opened_at == NOON, "since when it has been down"


def test_a_probe_that_died_lets_another_one_try(clock):
    fail(circuits.THRESHOLD)
    clock.shift(circuits.PAUSES[0])
    assert circuits.admits("smp")
    clock.shift(circuits.PROBE_LEASE)
    assert circuits.admits("smp")
