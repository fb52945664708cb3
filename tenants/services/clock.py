"""Work that waits for a time, when the clock is set back: nothing waits for the old time.

A row says when it is due. A clock that is set back by an hour would have it wait for that hour
too, and a lease of a worker that died last for as long. So each column that something waits for
says here how long its longest wait is. What lies farther off than that is due now; and once a
worker notices that its own clock was set back, waits are shortened by as much.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.db.models import F, QuerySet
from django.utils import timezone

from tenants.models import Heartbeat

logger = logging.getLogger(__name__)
# Clocks of several machines may differ by so much, and be corrected by so much, unnoticed.
_TOLERANCE = timedelta(seconds=60)
# What is longer is a wait, and what is shorter may be a lease, which nobody may take away early.
_LEASES = timedelta(minutes=10)


@dataclass(frozen=True)
class Wait:
    """A column that says when a row is due, of which rows, and how far off it ever lies."""

    model: str
    column: str
    longest: timedelta
    where: Mapping[str, Any]

    def rows(self) -> QuerySet[Any]:
        """The rows that wait by this column."""
        rows: QuerySet[Any] = apps.get_model(self.model)._default_manager.filter(**self.where)
        return rows


_WAITS: list[Wait] = []


def watch(model: str, column: str, longest: timedelta, **where: Any) -> None:
    """Have no row of `model` wait by `column` for longer than `longest`. Apps do so at start."""
    wait = Wait(model, column, longest, where)
    if wait not in _WAITS:
        _WAITS.append(wait)


def watched() -> list[Wait]:
    """All that is watched."""
    return list(_WAITS)


def beat(name: str) -> None:
    """Note that the process `name` is alive, and put right what its clock's change has put off."""
    now = timezone.now()
    last = Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now})
    if last is not None and last - now > _TOLERANCE:
        logger.warning("The clock was set back by %s; what waits is due earlier.", last - now)
        _each(lambda wait: _shorten(wait, now, last - now))
    _each(lambda wait: _cut(wait, now))


def _each(step: Any) -> None:
    for wait in _WAITS:
        try:
            step(wait)
        except DatabaseError:
            logger.exception("What waits in %s could not be looked at.", wait.model)


def _shorten(wait: Wait, now: datetime, by: timedelta) -> None:
    if wait.longest > _LEASES:
        later = wait.rows().filter(**{f"{wait.column}__gt": now})
        later.update(**{wait.column: F(wait.column) - by})


def _cut(wait: Wait, now: datetime) -> None:
    farther = wait.rows().filter(**{f"{wait.column}__gt": now + wait.longest + _TOLERANCE})
    # Nearly always there is nothing to write: look before taking the write lock.
    if farther.exists():
        farther.update(**{wait.column: now})
