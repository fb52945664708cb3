"""Which deliveries a worker takes, so that no endpoint holds up another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from webhooks.models import Delivery, Endpoint

# Longer than any attempt may take, so that no living sender loses its claim.
LEASE = timedelta(seconds=60)
# An endpoint that failed this often in a row is tried with one delivery at a time.
BREAKER_THRESHOLD = 5


@dataclass(frozen=True)
class Claimed:
    """A delivery that is this worker's until the lease ends."""

    delivery: Delivery
    endpoint: Endpoint


def take(limit: int) -> list[Claimed]:
    """Claim up to `limit` due deliveries, of no endpoint more than it takes at once.

    Endpoints that are full, paused or disabled are left out of the search, so their backlog is
    not even looked at.
    """
    now = timezone.now()
    with transaction.atomic():
        chosen: list[Delivery] = []
        busy = _busy(now)
        passed_over: set[UUID] = set()
        while len(chosen) < limit:
            full = passed_over | {pk for pk, (n, most) in busy.items() if n >= most}
            found = _due(now, full, chosen, limit - len(chosen))
            kept = _within_limits(found, busy)
            chosen += kept
            passed_over |= {d.endpoint_id for d in found if d not in kept}
            if len(kept) == len(found):
                break
        Delivery.objects.filter(pk__in=[d.pk for d in chosen]).update(
            state=Delivery.State.SENDING, next_attempt_at=now + LEASE
        )
    return [Claimed(delivery, delivery.endpoint) for delivery in chosen]


def _due(now: datetime, full: set[UUID], chosen: Sequence[Delivery], limit: int) -> list[Delivery]:
    return list(
        Delivery.objects.due()
        .filter(Q(endpoint__paused_until=None) | Q(endpoint__paused_until__lte=now))
        .exclude(endpoint__in=full)
        .exclude(pk__in=[d.pk for d in chosen])
        .select_related("endpoint", "event")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_attempt_at", "id")[:limit]
    )


def _busy(now: datetime) -> dict[UUID, list[int]]:
    """Of each endpoint that is being sent to: how many are under way, how many it takes."""
    rows = (
        Delivery.objects.filter(state=Delivery.State.SENDING, next_attempt_at__gt=now)
        .values_list("endpoint", "endpoint__concurrency", "endpoint__consecutive_failures")
        .annotate(under_way=Count("pk"))
    )
    return {pk: [n, _allowed(most, failures)] for pk, most, failures, n in rows}


def _within_limits(found: Sequence[Delivery], busy: dict[UUID, list[int]]) -> list[Delivery]:
    kept = []
    for delivery in found:
        endpoint = delivery.endpoint
        state = busy.setdefault(
            endpoint.pk, [0, _allowed(endpoint.concurrency, endpoint.consecutive_failures)]
        )
        if state[0] < state[1]:
            state[0] += 1
            kept.append(delivery)
    return kept


def _allowed(concurrency: int, failures: int) -> int:
    return 1 if failures >= BREAKER_THRESHOLD else concurrency
