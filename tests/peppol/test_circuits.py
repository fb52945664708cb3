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


@pytest.fixture
def broken(clock):
    """A circuit that opened a pause ago."""
    fail(circuits.THRESHOLD)
    clock.shift(circuits.PAUSES[0])


def fail(times: int) -> None:
    for _ in range(times):
        circuits.failed("smp", "Connection refused")


def test_a_service_that_nobody_called_yet_may_be_called():
    assert circuits.is_closed("smp")
    assert circuits.reopens_at("smp") is None


def test_a_few_failures_do_not_open_the_circuit():
    fail(circuits.THRESHOLD - 1)
    assert circuits.is_closed("smp")


def test_an_answer_forgets_the_failures_before_it():
    fail(circuits.THRESHOLD - 1)
    circuits.succeeded("smp")
    fail(circuits.THRESHOLD - 1)
    assert circuits.is_closed("smp")


def test_too_many_failures_in_a_row_hold_all_calls_back(clock):
    fail(circuits.THRESHOLD)
    assert not circuits.is_closed("smp")
    assert not circuits.take_probe("smp"), "not before the pause is over"
    assert circuits.reopens_at("smp") == NOON + timedelta(seconds=circuits.PAUSES[0])
    assert circuits.is_closed("another service")
    circuit = Circuit.objects.broken().get()
    assert (circuit.opened_at, circuit.last_error) == (NOON, "Connection refused")


def test_after_the_pause_exactly_one_caller_probes(broken):
    assert [circuits.take_probe("smp") for _ in range(3)] == [True, False, False]
    assert not circuits.is_closed("smp"), "the others wait for the probe's report"


def test_a_probe_that_is_answered_lets_calls_through(broken):
    circuits.take_probe("smp")
    circuits.let_through("smp")
    assert circuits.is_closed("smp")
    circuits.succeeded("smp")
    assert Circuit.objects.get().failures == 0


def test_one_failure_after_the_probe_opens_it_again_for_longer(broken):
    circuits.take_probe("smp")
    circuits.let_through("smp")
    before = datetime.now(UTC)
    fail(1)
    assert circuits.reopens_at("smp") == before + timedelta(seconds=circuits.PAUSES[1])
    assert Circuit.objects.get().opened_at == NOON, "since when it has been down"


def test_whoever_is_back_is_found_within_seconds_however_long_it_was_away(clock):
    fail(circuits.THRESHOLD)
    pauses = []
    for _ in range(6):
        opens = circuits.reopens_at("smp")
        assert opens is not None
        pauses.append((opens - datetime.now(UTC)).total_seconds())
        clock.move_to(opens)
        assert circuits.take_probe("smp")
        fail(1)
    assert pauses == [2, 3, 3, 3, 3, 3]


def test_a_probe_that_died_lets_another_one_try(broken, clock):
    assert circuits.take_probe("smp")
    clock.shift(circuits.PROBE_LEASE)
    assert circuits.take_probe("smp")
