"""The audit trail is sealed day by day, and compared with its seals.

A seal is the SHA-256 over the seal of the day before, the day, and the canonical content of each
of its events. Whoever changes, adds or takes away an event afterwards would have to make every
later seal anew, and the digests stand in the log of the day that they were made.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.errors import WrongState
from tenants.ids import earliest, made_at
from tenants.models import Event, Seal

logger = logging.getLogger(__name__)

# What an event says. When it was fanned out is no part of it: that changes.
CONTENT = (
    "id",
    "type",
    "organization_id",
    "platform_id",
    "environment",
    "occurred_at",
    "actor_kind",
    "actor_id",
    "actor_label",
    "reason",
    "data",
    "changes",
    "request_id",
)
# How long a transaction may take to commit an event whose id was made when it began.
LATE = timedelta(minutes=5)
_DAY = timedelta(days=1)
_BATCH = 2000


@dataclass(frozen=True)
class Reckoning:
    """What a day's events come to."""

    count: int
    through: UUID | None
    digest: str


@dataclass(frozen=True)
class Verdict:
    """What comparing found: how much of the trail is as it was sealed, and the first day that is
    not, with what is wrong about it.

    `next_day` is the day to go on from where a limit ended it.
    """

    days: int
    events: int
    day: date | None = None
    wrong: str = ""
    next_day: date | None = None

    @property
    def holds(self) -> bool:
        return self.day is None


def seal_days(most: int = 31) -> list[Seal]:
    """Seal the days that are over and have no seal yet, the oldest first; return the new seals."""
    made: list[Seal] = []
    day = _first_unsealed()
    while day is not None and len(made) < most and _is_over(day):
        made.append(_seal(day, whole=True))
        day += _DAY
    return made


def seal_today() -> Seal | None:
    """Seal what has happened until now, as far as every transaction of it is through.

    None while nothing ever happened. Raises WrongState when an earlier seal of today no longer
    matches, and in the minutes after midnight, before yesterday is sealed.
    """
    seal_days()
    day, today = _first_unsealed(), _today()
    if day is None:
        return None
    if day < today:
        raise WrongState("Days before are not sealed yet. Try again in some minutes.")
    return _seal(today, whole=False)


def verify(since: date | None = None, *, most_events: int | None = None) -> Verdict:
    """Compare the events with their seals, from `since` or from the first day on.

    Stops at the first day that differs, which the seal is marked with, or once `most_events` are
    passed. Reads a bounded number of rows at a time.
    """
    seals = Seal.objects.order_by("day")
    before = seals.filter(day__lt=since).last() if since else None
    days = events = 0
    for seal in seals.filter(day__gte=since) if since else seals:
        if most_events is not None and days and events >= most_events:
            return Verdict(days, events, next_day=seal.day)
        expected = before.day + _DAY if before else seal.day
        day, wrong = (
            (seal.day, _differs(seal, before))
            if seal.day == expected
            else (expected, "Its seal is missing.")
        )
        _mark(seal, doubted=bool(wrong))
        if wrong:
            logger.error("The audit trail differs on %s: %s", day, wrong)
            return Verdict(days, events, day, wrong)
        before, days, events = seal, days + 1, events + seal.count
    return Verdict(days, events)


def _differs(seal: Seal, before: Seal | None) -> str:
    """What is wrong about a day, "" when nothing is."""
    if seal.previous != (before.digest if before else ""):
        return "It does not follow from the seal of the day before."
    if before is None and Event.objects.filter(pk__lt=earliest(_midnight(seal.day))).exists():
        return "There are events from before the first seal."
    if seal.count == 0 and not seal.whole:
        return ""
    found = _reckon(seal.day, seal.previous, through=None if seal.whole else seal.through)
    if found.count != seal.count:
        return f"It has {found.count} events and was sealed with {seal.count}."
    return "" if found.digest == seal.digest else "The content of its events has changed."


def _mark(seal: Seal, *, doubted: bool) -> None:
    if doubted != (seal.doubted_at is not None):
        Seal.objects.filter(pk=seal.pk).update(doubted_at=timezone.now() if doubted else None)


def _seal(day: date, *, whole: bool) -> Seal:
    """Make the seal of a day, or have the one that was made while the day lasted grow.

    Nothing is locked while the day is read. Of two who seal at once, the second leaves it be.
    """
    before = Seal.objects.filter(day__lt=day).order_by("day").last()
    previous = before.digest if before else ""
    younger = Seal.objects.filter(day=day).first()
    if younger is not None and _differs(younger, before):
        _mark(younger, doubted=True)
        raise WrongState(
            "The trail of %(day)s no longer matches the seal made at %(time)s.",
            values={"day": day, "time": f"{younger.sealed_at:%H:%M}"},
            code="trail_differs",
        )
    through = None if whole else earliest(timezone.now() - LATE)
    found = _reckon(day, previous, through=through)
    columns = {
        "count": found.count,
        "through": found.through,
        "digest": found.digest,
        "previous": previous,
        "whole": whole,
        "sealed_at": timezone.now(),
    }
    if younger is not None:
        Seal.objects.filter(day=day, digest=younger.digest).update(**columns)
    else:
        try:
            with transaction.atomic():
                Seal.objects.create(day=day, **columns)
        except IntegrityError:
            logger.info("Another process has sealed %s.", day)
    logger.info("Sealed %s: %d events, %s", day, found.count, found.digest)
    return Seal.objects.get(day=day)


def _reckon(day: date, previous: str, *, through: UUID | None) -> Reckoning:
    total, count, last = hashlib.sha256(f"{previous}\n{day}\n".encode()), 0, None
    for row in _rows(day, through):
        total.update(canonical(row) + b"\n")
        count, last = count + 1, row["id"]
    return Reckoning(count, last, total.hexdigest())


def canonical(row: dict[str, Any]) -> bytes:
    """The one spelling of an event's content: JSON with sorted names, times in UTC."""
    told = {**row, "occurred_at": row["occurred_at"].astimezone(UTC).isoformat()}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode(errors="surrogatepass")


def _rows(day: date, through: UUID | None) -> Iterator[dict[str, Any]]:
    """The day's events in order, a batch at a time."""
    after = earliest(_midnight(day))
    rows = Event.objects.filter(pk__lt=earliest(_midnight(day + _DAY))).order_by("pk")
    rows = rows.filter(pk__lte=through) if through else rows
    batch = list(rows.filter(pk__gte=after).values(*CONTENT)[:_BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1]["id"]).values(*CONTENT)[:_BATCH])


def _first_unsealed() -> date | None:
    """The day to seal next; None while nothing ever happened."""
    last = Seal.objects.filter(whole=True).order_by("day").last()
    if last is not None:
        return last.day + _DAY
    first = Event.objects.order_by("pk").values_list("pk", flat=True).first()
    return made_at(first).date() if first else None


def _is_over(day: date) -> bool:
    return timezone.now() >= _midnight(day + _DAY) + LATE


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
