"""What an attempt leads to: delivered, tried again, exhausted; a pause, a disabled endpoint."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from tenants.actors import Actor
from tenants.ids import uuid7
from webhooks import schedule
from webhooks.models import Delivery, Endpoint
from webhooks.sender import Answer
from webhooks.services import attempts, claims, letters
from webhooks.services.claims import BREAKER_THRESHOLD, Claimed

State = Delivery.State
SENDER = Actor.system("webhook sender")

_GONE = 410
# Statuses by which a receiver or its proxy says that it is too much at the moment.
_THROTTLING = {429, 502, 504}
_SUCCESS_NOTED_EVERY = timedelta(seconds=5)
# Pauses of the breaker after so many failures in a row, in seconds; the last one repeats.
_PAUSES = (10, 30, 60, 120, 300)


@dataclass(frozen=True)
class Sent:
    """A delivery that was tried, when, and what came back."""

    claimed: Claimed
    started_at: datetime
    answer: Answer


def record(group: Sequence[Sent]) -> None:
    """Write down a group of attempts and what follows from them, in one transaction.

    Results for deliveries that are no longer this sender's (their endpoint was disabled meanwhile,
    or the lease is over) leave an attempt and change nothing else, unless the receiver has taken
    them.
    """
    with transaction.atomic():
        # Endpoints first, as whoever disables one does, so that no two wait for each other.
        gone = _settle_endpoints(group)
        _settle_taken([sent for sent in group if sent.answer.succeeded])
        _settle_refused([sent for sent in group if not sent.answer.succeeded])
        attempts.write([_attempt(sent) for sent in group])
    for endpoint in gone:
        letters.disable(endpoint, gettext_noop("The receiver answered 410 Gone."), by=SENDER)


def _settle_taken(taken: Sequence[Sent]) -> None:
    """Nearly all of a healthy day's work, in one statement."""
    if taken:
        Delivery.objects.filter(id__among=[sent.claimed.id for sent in taken]).update(
            state=State.DELIVERED,
            attempt_count=F("attempt_count") + 1,
            next_attempt_at=None,
            delivered_at=timezone.now(),
        )


def _settle_refused(refused: Sequence[Sent]) -> None:
    """Each has a time of its own at which it is tried again."""
    rows = {
        row.pk: row
        for row in Delivery.objects.select_for_update(no_key=True).filter(
            pk__in=[sent.claimed.id for sent in refused]
        )
    }
    for sent in refused:
        _put_off(rows[sent.claimed.id], sent)
    if rows:
        fields = ["state", "attempt_count", "next_attempt_at", "given_up_at"]
        Delivery.objects.bulk_update(rows.values(), fields)


def _attempt(sent: Sent) -> attempts.Row:
    claimed, answer = sent.claimed, sent.answer
    return attempts.Row(
        id=uuid7(),
        organization_id=claimed.organization_id,
        delivery_id=claimed.id,
        number=claimed.attempt_count + 1,
        started_at=sent.started_at,
        duration_ms=answer.duration_ms,
        status_code=answer.status,
        error=answer.error,
        address=answer.address,
        response_body=answer.body,
    )


def _put_off(row: Delivery, sent: Sent) -> None:
    row.attempt_count += 1
    if row.state != State.SENDING or row.next_attempt_at != sent.claimed.until:
        # Somebody disabled the endpoint, or another sender has taken the delivery over.
        return
    ended = sent.started_at + timedelta(milliseconds=sent.answer.duration_ms)
    delay = schedule.delay_after(
        row.attempt_count, sent.claimed.endpoint.retry_schedule, sent.answer.retry_after, ended
    )
    row.state = State.PENDING if delay else State.EXHAUSTED
    row.next_attempt_at = ended + delay if delay else None
    row.given_up_at = None if delay else timezone.now()


def _settle_endpoints(group: Sequence[Sent]) -> list[Endpoint]:
    """Count successes and failures; returns the endpoints that are gone."""
    by_endpoint: dict[UUID, list[Sent]] = defaultdict(list)
    for sent in group:
        by_endpoint[sent.claimed.endpoint.pk].append(sent)
    failing = {sent.claimed.endpoint.pk for sent in group if not sent.answer.succeeded}
    _note_success([sent.claimed.endpoint for sent in group if sent.answer.succeeded])
    # An endpoint without a past to forget needs no look at all. The others are locked in one order.
    troubled = Endpoint.objects.live().filter(Q(pk__in=failing) | ~Q(first_failure_at=None))
    rows = list(troubled.filter(pk__in=by_endpoint).order_by("pk").select_for_update(no_key=True))
    for endpoint in rows:
        paused_until = endpoint.paused_until
        for sent in sorted(by_endpoint[endpoint.pk], key=lambda one: one.started_at):
            _count(endpoint, sent)
        if paused_until and endpoint.paused_until is None:
            claims.wake_up(endpoint, paused_until)
    if rows:
        Endpoint.objects.bulk_update(
            rows,
            [
                "failure_count",
                "consecutive_failures",
                "first_failure_at",
                "last_success_at",
                "paused_until",
                "warned_percent",
            ],
        )
    return [e for e in rows if any(s.answer.status == _GONE for s in by_endpoint[e.pk])]


def _note_success(reached: Sequence[Endpoint]) -> None:
    """To a few seconds, and not if another worker is at it: nobody waits for this."""
    now = timezone.now()
    since = now - _SUCCESS_NOTED_EVERY
    late = {e.pk for e in reached if e.last_success_at is None or e.last_success_at < since}
    if late:
        free = (
            Endpoint.objects.live()
            .filter(pk__in=late)
            .select_for_update(skip_locked=True, no_key=True)
        )
        Endpoint.objects.filter(pk__in=free.values("pk")).update(last_success_at=now)


def _count(endpoint: Endpoint, sent: Sent) -> None:
    if sent.answer.succeeded:
        endpoint.consecutive_failures = endpoint.warned_percent = 0
        endpoint.first_failure_at = endpoint.paused_until = None
        endpoint.last_success_at = sent.started_at
        return
    endpoint.failure_count += 1
    endpoint.consecutive_failures += 1
    endpoint.first_failure_at = endpoint.first_failure_at or sent.started_at
    pause = _pause(endpoint.consecutive_failures, sent.answer)
    if pause:
        endpoint.paused_until = sent.started_at + timedelta(
            milliseconds=sent.answer.duration_ms, seconds=pause
        )


def _pause(failures: int, answer: Answer) -> int:
    """For how many seconds nothing at all is sent to the endpoint."""
    pause = _PAUSES[0] if answer.status in _THROTTLING else 0
    if failures >= BREAKER_THRESHOLD:
        step = min((failures - BREAKER_THRESHOLD) // BREAKER_THRESHOLD, len(_PAUSES) - 1)
        pause = max(pause, _PAUSES[step])
    if pause and answer.retry_after.isascii() and answer.retry_after.isdigit():
        pause = max(pause, min(int(answer.retry_after[:9]), _PAUSES[-1]))
    return pause
