"""Circuit breakers: stop calling what does not answer, and notice when it does again.

Only silence counts, and an answer that nobody of this installation is let in, or nothing is written
for anybody: a service that answers otherwise, even with a refusal, is there. The rows hold what all
processes learned together, so that a dead SMP costs a few time outs and not one per registration.
A caller asks `is_closed`; when it is not, `probe` picks one caller to make a harmless call. Real
calls report `succeeded` or `failed`.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone

from peppol.models import Circuit
from tenants.prepared import Prepared

State = Circuit.State
Trouble = Circuit.Trouble
logger = logging.getLogger(__name__)
_ROW = Prepared(lambda name: Circuit.objects.filter(name=name), name=models.CharField())

# This many calls in a row without an answer open the circuit.
THRESHOLD = 3
# Seconds until the first, second, … probe of an open circuit; the last one repeats.
PAUSES = (2, 3)
# A probe that has not reported after this many seconds died; another may try.
PROBE_LEASE = 6


def is_closed(name: str) -> bool:
    """Whether calls may be made."""
    known = _ROW.first(name=name)
    return known is None or known.state == State.CLOSED


def reopens_at(name: str) -> datetime | None:
    """When a service that calls are held back from will next be tried; None for others."""
    circuit = Circuit.objects.broken().filter(name=name).first()
    return circuit.next_probe_at if circuit else None


def probe(name: str, ping: Callable[[str], str]) -> bool:
    """Have `ping` called if it falls to this caller, and say whether the service is fine again.

    It is told what the trouble was, and returns what is still in the way, or nothing.
    """
    trouble = trouble_of(name)
    if not trouble or not take_probe(name):
        return False
    if still := ping(trouble):
        failed(name, still, trouble=trouble)
        return False
    let_through(name)
    return True


def trouble_of(name: str) -> str:
    """What keeps calls to a service back; the empty string where they are not."""
    broken = Circuit.objects.broken().filter(name=name)
    return broken.values_list("trouble", flat=True).first() or ""


def take_probe(name: str) -> bool:
    """Whether it falls to this caller to try whether the service answers again.

    One caller is told yes after each pause. It owes a report; if it dies, another takes over.
    """
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


def hasten(name: str) -> None:
    """Have a service that calls are held back from tried at the next occasion."""
    now = timezone.now()
    Circuit.objects.broken().filter(name=name).update(next_probe_at=now, updated_at=now)


def let_through(name: str) -> None:
    """The probe was answered: let calls through again. One failure more, and it is open anew."""
    Circuit.objects.filter(name=name, state=State.HALF_OPEN).update(
        state=State.CLOSED, next_probe_at=None, updated_at=timezone.now()
    )
    logger.info("%s answers again.", name)


def succeeded(name: str) -> None:
    """A call was answered: whatever failed before is forgotten."""
    # Nearly always there is nothing to write: look before taking the write lock.
    if (known := _ROW.first(name=name)) and known.failures:
        Circuit.objects.filter(name=name).update(
            state=State.CLOSED,
            failures=0,
            last_error="",
            trouble=Trouble.SILENCE,
            opened_at=None,
            next_probe_at=None,
            updated_at=timezone.now(),
        )


def failed(name: str, error: str, *, trouble: str = Trouble.SILENCE) -> None:
    """A call was not answered: count it, and open the circuit when it is one too many.

    Another `trouble` is certain with the first answer, and opens it at once.
    """
    now = timezone.now()
    Circuit.objects.get_or_create(name=name)
    Circuit.objects.filter(name=name).update(
        failures=F("failures") + 1, last_error=error, trouble=trouble, updated_at=now
    )
    circuit = Circuit.objects.get(name=name)
    certain = trouble != Trouble.SILENCE
    if (circuit.failures < THRESHOLD and not certain) or circuit.state == State.OPEN:
        return
    logger.warning("Calls to %s are held back (%s): %s", name, trouble, error)
    pause = PAUSES[min(max(circuit.failures - THRESHOLD, 0), len(PAUSES) - 1)]
    Circuit.objects.filter(name=name, state=circuit.state).update(
        state=State.OPEN,
        opened_at=circuit.opened_at or now,
        next_probe_at=now + timedelta(seconds=pause),
    )
