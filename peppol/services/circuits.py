"""Circuit breakers: stop calling what does not answer, and notice when it does again.

Only silence counts: a service that answers, even with a refusal, is there. The rows hold what all
processes learned together, so that a dead SMP costs a few time outs and not one per registration.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from peppol.models import Circuit

State = Circuit.State
logger = logging.getLogger(__name__)

# This many calls in a row without an answer open the circuit.
THRESHOLD = 5
# Seconds until the first, second, … probe of an open circuit; the last one repeats.
PAUSES = (5, 10, 20, 30)
# A probe that has not reported after this many seconds died; another may try.
PROBE_LEASE = 30


def admits(name: str) -> bool:
    """Whether a call may be made now.

    After an open circuit's pause exactly one caller is told yes: the probe. It owes the circuit a
    report, `succeeded` or `failed`; until then, or until its lease ends, all others are told no.
    """
    circuit = Circuit.objects.filter(name=name).first()
    if circuit is None or circuit.state == State.CLOSED:
        return True
    now = timezone.now()
    return bool(
        Circuit.objects.broken()
        .filter(name=name, next_probe_at__lte=now)
        .update(
            state=State.HALF_OPEN,
            next_probe_at=now + timedelta(seconds=PROBE_LEASE),
            updated_at=now,
        )
    )


def reopens_at(name: str) -> datetime | None:
    """When an open circuit will next be tried; None while it is closed."""
    circuit = Circuit.objects.broken().filter(name=name).first()
    return circuit.next_probe_at if circuit else None


def succeeded(name: str) -> bool:
    """The service answered. Returns whether that closed the circuit."""
    # Nearly always there is nothing to write: look before taking the write lock.
    circuit = Circuit.objects.filter(name=name).first()
    if circuit is None or (circuit.state == State.CLOSED and not circuit.failures):
        return False
    Circuit.objects.filter(name=name).update(
        state=State.CLOSED,
        failures=0,
        last_error="",
        opened_at=None,
        next_probe_at=None,
        updated_at=timezone.now(),
    )
    if circuit.state == State.CLOSED:
        return False
    logger.info("%s answers again.", name)
    return True


def failed(name: str, error: str) -> None:
    """The service did not answer: count it, and open the circuit when it is one too many."""
    now = timezone.now()
    Circuit.objects.get_or_create(name=name)
    Circuit.objects.filter(name=name).update(
        failures=F("failures") + 1, last_error=error, updated_at=now
    )
    circuit = Circuit.objects.get(name=name)
    if circuit.failures < THRESHOLD or circuit.state == State.OPEN:
        return
    logger.warning("%s does not answer; calls are held back: %s", name, error)
    pause = PAUSES[min(circuit.failures - THRESHOLD, len(PAUSES) - 1)]
    Circuit.objects.filter(name=name, state=circuit.state).update(
        state=State.OPEN,
        opened_at=circuit.opened_at or now,
        next_probe_at=now + timedelta(seconds=pause),
    )
