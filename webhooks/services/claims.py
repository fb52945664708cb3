"""Which deliveries a worker takes, so that no endpoint holds up another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from tenants.models import Event
from webhooks.models import Delivery, Endpoint

# Longer than any attempt may take, so that no living sender loses its claim.
LEASE = timedelta(seconds=60)
# An endpoint that failed this often in a row is tried with one delivery at a time.
BREAKER_THRESHOLD = 5
_LOCK = 0x6761_7465  # any number that nobody else locks


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this worker's until the lease ends: no more of it than sending takes."""

    id: UUID
    organization_id: UUID
    attempt_count: int
    endpoint: Endpoint
    event: Event


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
        busy = _busy(now)
        endpoints: dict[UUID, Endpoint] = {}
        passed_over: set[UUID] = set()
        while len(chosen) < limit:
            full = passed_over | {pk for pk, (n, most) in busy.items() if n >= most}
            found = _due(now, full, chosen, limit - len(chosen))
            unknown = {due.endpoint_id for due in found} - set(endpoints)
            endpoints |= Endpoint.objects.in_bulk(unknown)
            kept = _within_limits(found, endpoints, busy)
            chosen += kept
            passed_over |= {due.endpoint_id for due in set(found) - set(kept)}
            if len(kept) == len(found):
                break
        Delivery.objects.filter(pk__in=[due.id for due in chosen]).update(
            state=Delivery.State.SENDING, next_attempt_at=now + LEASE
        )
    return _with_events(chosen, endpoints)


def _alone() -> None:
    """Two who count at once would both find an endpoint's last place free.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def _due(now: datetime, full: set[UUID], chosen: Sequence[_Due], limit: int) -> list[_Due]:
    rows = (
        Delivery.objects.due()
        .filter(Q(endpoint__paused_until=None) | Q(endpoint__paused_until__lte=now))
        .exclude(endpoint__in=full)
        .exclude(pk__in=[due.id for due in chosen])
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_attempt_at", "id")
    )
    return [_Due(*row) for row in rows.values_list(*_Due._fields)[:limit]]


def _with_events(chosen: Sequence[_Due], endpoints: dict[UUID, Endpoint]) -> list[Claimed]:
    """Each event is read once, however many endpoints it goes to."""
    events = Event.objects.only(
        "type", "organization", "environment", "occurred_at", "data"
    ).in_bulk({due.event_id for due in chosen})
    return [
        Claimed(
            due.id, due.organization_id, due.attempt_count,
            endpoints[due.endpoint_id], events[due.event_id],
        )
        for due in chosen
    ]  # fmt: skip


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
        if state[0] < state[1]:
            state[0] += 1
            kept.append(due)
    return kept


def _allowed(concurrency: int, failures: int) -> int:
    return 1 if failures >= BREAKER_THRESHOLD else concurrency
