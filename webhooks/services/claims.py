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

    Endpoints that are full are left out of the search. What is due to a paused one is put off
    until its pause is over, once, so that it costs nothing at the next look, and nobody takes it
    for work that is left undone.
    """
    now = timezone.now()
    with transaction.atomic():
        _alone()
        chosen: list[_Due] = []
        endpoints: dict[UUID, Endpoint] = {}
        busy = _busy(now)
        while len(chosen) < limit:
            full = {pk for pk, (under_way, most) in busy.items() if under_way >= most}
            found = _due(full, chosen, limit - len(chosen))
            endpoints |= Endpoint.objects.in_bulk({d.endpoint_id for d in found} - set(endpoints))
            _set_aside([due for due in found if not endpoints[due.endpoint_id].is_active])
            _put_off({endpoints[due.endpoint_id] for due in found}, now)
            kept = _within_limits(found, endpoints, busy, now)
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


def _put_off(found: set[Endpoint], now: datetime) -> None:
    """Have all that is due to endpoints that are paused wait until they are not."""
    for endpoint in found:
        if endpoint.is_active and _is_paused(endpoint, now):
            due = Delivery.objects.filter(endpoint=endpoint, next_attempt_at__lte=now)
            # Those of a sender that died wait too; it has lost them.
            due.filter(state__in=(Delivery.State.PENDING, Delivery.State.SENDING)).update(
                state=Delivery.State.PENDING, next_attempt_at=endpoint.paused_until
            )


def wake_up(endpoint: Endpoint, paused_until: datetime) -> None:
    """What was put off until then is due now: the endpoint is not paused any more."""
    waiting = Delivery.objects.filter(endpoint=endpoint, next_attempt_at=paused_until)
    waiting.filter(state=Delivery.State.PENDING).update(next_attempt_at=timezone.now())


def _is_paused(endpoint: Endpoint, now: datetime) -> bool:
    return endpoint.paused_until is not None and endpoint.paused_until > now


def _busy(now: datetime) -> dict[UUID, list[int]]:
    """Of each endpoint that is being sent to: how many are under way, how many it takes."""
    rows = (
        Delivery.objects.filter(state=Delivery.State.SENDING, next_attempt_at__gt=now)
        .values_list("endpoint", "endpoint__concurrency", "endpoint__consecutive_failures")
        .annotate(under_way=Count("pk"))
    )
    return {pk: [n, _allowed(most, failures)] for pk, most, failures, n in rows}


def _within_limits(
    found: Sequence[_Due],
    endpoints: dict[UUID, Endpoint],
    busy: dict[UUID, list[int]],
    now: datetime,
) -> list[_Due]:
    kept = []
    for due in found:
        endpoint = endpoints[due.endpoint_id]
        paused = _is_paused(endpoint, now)
        state = busy.setdefault(
            endpoint.pk, [0, _allowed(endpoint.concurrency, endpoint.consecutive_failures)]
        )
        if state[0] < state[1] and endpoint.is_active and not paused:
            state[0] += 1
            kept.append(due)
    return kept


def _allowed(concurrency: int, failures: int) -> int:
    return 1 if failures >= BREAKER_THRESHOLD else concurrency
