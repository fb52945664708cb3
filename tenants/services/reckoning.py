"""What a day of the audit trail comes to: the digest over its events that a seal is made of."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from tenants.ids import earliest
from tenants.models import Event
from tenants.services.seal_log import Kept

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
_DAY = timedelta(days=1)
_BATCH = 2000


@dataclass(frozen=True)
class Reckoning:
    """What a day's events come to."""

    count: int
    through: UUID | None
    digest: str


def reckon(seal: Kept, *, keyed: bool) -> Reckoning:
    """What a day comes to now, for a seal made when `seal` was."""
    head = f"{seal.previous}\n{seal.day}\n"
    if keyed:
        moment = seal.sealed_at.astimezone(UTC).isoformat()
        total: Any = hmac.new(key(), f"{head}{moment}\n".encode(), hashlib.sha256)
    else:
        total = hashlib.sha256(head.encode())
    count, last = 0, None
    if seal.whole or seal.through:
        for row in _rows(seal.day, None if seal.whole else seal.through):
            total.update(canonical(row) + b"\n")
            count, last = count + 1, row["id"]
    return Reckoning(count, last, total.hexdigest())


def key() -> bytes:
    """The secret that seals are made with, which the database does not have."""
    return str(settings.SEAL_KEY).encode()


def canonical(row: dict[str, Any]) -> bytes:
    """The one spelling of an event's content: JSON with sorted names, times in UTC."""
    told = {**row, "occurred_at": row["occurred_at"].astimezone(UTC).isoformat()}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode(errors="surrogatepass")


def _rows(day: date, through: UUID | None) -> Iterator[dict[str, Any]]:
    """The day's events in order, a batch at a time."""
    after = earliest(midnight(day))
    rows = Event.objects.filter(pk__lt=earliest(midnight(day + _DAY))).order_by("pk")
    rows = rows.filter(pk__lte=through) if through else rows
    batch = list(rows.filter(pk__gte=after).values(*CONTENT)[:_BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1]["id"]).values(*CONTENT)[:_BATCH])


def midnight(day: date) -> datetime:
    """When a day begins, in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)
