"""Which deliveries a worker takes, so that no endpoint holds up another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from tenants.models import Event
from webhooks.models import Delivery, Endpoint

# Longer than any attempt may take, so that no living sender loses its claim.
LEASE = timedelta(seconds=60)
# An endpoint that failed this often in a row is tried with one delivery at a time.
BREAKER_THRESHOLD = 5
# What a delivery tells of its event.
_TOLD = ("type", "organization", "environment", "occurred_at", "data")
_LOCK = 0x6761_7465  # any number that nobody else locks


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this worker's until the lease ends: no more of it than sending takes."""

    id: UUID
    organization_id: UUID
    attempt_count: int
    endpoint: Endpoint
    event: Event
    until: datetime


class _Due(NamedTuple):
    """A delivery that is due, as it is found."""

    id: UUID
    organization_id: UUID
    attempt_count: int
    endpoint_id: UUID
    event_id: UUID


def take(limit: int) -> list[Claimed]:
    """Claim up to `limit` due deliveries, of no endpoint more than it takes at once.

    Endpoints that are full, paused or disabled are left out of the search, so their backlog is
    not even looked at.
    """
    now = timezone.now()
    with transaction.atomic():
        _alone()
        chosen: list[_Due] = []
        endpoints: dict[UUID, Endpoint] = {}
        busy, paused = _busy(now), _paused(now)
        while len(chosen) < limit:
            full = {pk for pk, (under_way, most) in busy.items() if under_way >= most}
            found = _due(full | paused, chosen, limit - len(chosen))
            endpoints |= Endpoint.objects.in_bulk({d.endpoint_id for d in found} - set(endpoints))
            _set_aside([due for due in found if not endpoints[due.endpoint_id].is_active])
            kept = _within_limits(found, endpoints, busy)
            chosen += kept
            if len(kept) == len(found):
                break
        Delivery.objects.filter(id__among=[due.id for due in chosen]).update(
            state=Delivery.State.SENDING, next_attempt_at=now + LEASE
        )
    wanted = Event.objects.filter(id__among={due.event_id for due in chosen})
    events = {event.pk: event for event in wanted.only(*_TOLD)}
    return [
        Claimed(
            d.id,
            d.organization_id,
            d.attempt_count,
            endpoints[d.endpoint_id],
            events[d.event_id],
            now + LEASE,
        )
        for d in chosen
    ]


def _set_aside(missed: Sequence[_Due]) -> None:
    """Their endpoint was disabled in the very moment in which they were distributed."""
    if missed:
        Delivery.objects.filter(id__among=[due.id for due in missed]).update(
            state=Delivery.State.MISSED, next_attempt_at=None
        )


def _alone() -> None:
    """Two who count at once would both find an endpoint's last place free.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def _due(closed: set[UUID], chosen: Sequence[_Due], limit: int) -> list[_Due]:
    """From one table in the order of its index, so that a long backlog costs nothing."""
    rows = (
        Delivery.objects.due()
        .exclude(endpoint__in=closed)
        .exclude(id__among=[due.id for due in chosen])
        .select_for_update(skip_locked=True, no_key=True)
        .order_by("next_attempt_at", "id")
    )
    return [_Due(*row) for row in rows.values_list(*_Due._fields)[:limit]]


def _paused(now: datetime) -> set[UUID]:
    return set(Endpoint.objects.filter(paused_until__gt=now).values_list("pk", flat=True))


def _busy(now: datetime) -> dict[UUID, list[int]]:
    """Of each endpoint that is being sent to: how many are under way, how many it takes."""
    rows = (
        Delivery.objects.filter(state=Delivery.State.SENDING, next_attempt_at__gt=now)
        .values_list("endpoint", "endpoint__concurrency", "endpoint__consecutive_failures")
        .annotate(under_way=Count("pk"))
    )
    return {pk: [n, _allowed(most, failures)] for pk, most, failures, n in rows}


def _within_limits(
    found: Sequence[_Due], endpoints: dict[UUID, Endpoint], busy: dict[UUID, list[int]]
) -> list[_Due]:
    kept = []
    for due in found:
        endpoint = endpoints[due.endpoint_id]
        state = busy.setdefault(
            endpoint.pk, [0, _allowed(endpoint.concurrency, endpoint.consecutive_failures)]
        )
        if state[0] < state[1] and endpoint.is_active:
            state[0] += 1
            kept.append(due)
    return kept


def _allowed(concurrency: int, failures: int) -> int:
    return 1 if failures >= BREAKER_THRESHOLD else concurrency
