"""Watches endpoints that fail: warns at half and at nine tenths of the window, then disables.

The default window is five days since the first failure in a row; an endpoint is only disabled
when something for it was given up on. Nothing of this happens silently.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from tenants import events, loops
from tenants.ids import earliest
from webhooks.models import Attempt, Delivery, Endpoint
from webhooks.services import letters
from webhooks.services.outcomes import SENDER

FAILING = events.declare(
    "endpoint.failing",
    "A webhook endpoint keeps failing and will be disabled.",
    public=True,
    example={
        "endpoint": {"id": "0193…", "url": "https://acme.example/hook"},
        "failingSince": "2026-11-16T10:00:00Z",
        "percent": 50,
    },
)
WINDOW = timedelta(days=5)
WARNINGS = (50, 90)


def watch() -> int:
    """Look after every endpoint that is failing; how many were warned of or disabled."""
    now = timezone.now()
    failing = Endpoint.objects.active().exclude(first_failure_at=None)
    half = now - WINDOW * WARNINGS[0] / 100
    late = failing.filter(first_failure_at__lte=half).select_related("organization")
    told: list[bool] = []
    loops.each("watch webhooks", late, lambda one: told.append(_look_after(one, now)))
    return sum(told)


def _look_after(endpoint: Endpoint, now: datetime) -> bool:
    assert endpoint.first_failure_at is not None  # noqa: S101 — the query asked for it
    percent = int((now - endpoint.first_failure_at) / WINDOW * 100)
    if percent >= 100 and _gave_up(endpoint):
        letters.disable(endpoint, gettext_noop("It has failed for five days."), by=SENDER)
        return True
    due = max((step for step in WARNINGS if step <= percent), default=0)
    return due > endpoint.warned_percent and _warn(endpoint, due)


def _gave_up(endpoint: Endpoint) -> bool:
    """Whether something was given up since it fails: what was before that is forgiven."""
    since = endpoint.first_failure_at or endpoint.created_at
    return Delivery.objects.given_up(endpoint, since).exists()


@transaction.atomic
def _warn(endpoint: Endpoint, percent: int) -> bool:
    warned = Endpoint.objects.filter(pk=endpoint.pk, warned_percent__lt=percent).update(
        warned_percent=percent
    )
    if warned:
        since = endpoint.first_failure_at
        data = {
            "endpoint": {"id": str(endpoint.pk), "url": endpoint.url},
            "failingSince": since and since.isoformat(),
            "percent": percent,
        }
        events.record(
            endpoint.organization, FAILING, by=SENDER, data=data, environment=endpoint.environment
        )
        letters.tell(endpoint, percent)
    return bool(warned)


def tidy(limit: int = 5000) -> int:
    """Forget attempts and finished deliveries after `WEBHOOK_RETENTION_DAYS`; how many rows.

    Events stay: they are the audit trail. Missed and exhausted deliveries are forgotten too, for
    nobody replays what is a month old.
    """
    before = timezone.now() - timedelta(days=settings.WEBHOOK_RETENTION_DAYS)
    # Ids tell when they were made: the oldest are at the beginning of the key's index.
    old = Delivery.objects.filter(pk__lt=earliest(before)).exclude(
        state__in=(Delivery.State.PENDING, Delivery.State.SENDING)
    )
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    Attempt.objects.filter(delivery__in=ids).delete()
    Delivery.objects.filter(pk__in=ids).delete()
    return len(ids)
