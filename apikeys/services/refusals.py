"""Counts the requests that rate limits turn away, per organization and day.

A flood of requests must not become a flood of writes: each process writes an organization's
count at once when it begins, and then once a minute at most.
"""

import logging
import threading
import time
from datetime import UTC, date, timedelta
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from apikeys.models import Refusal
from tenants.models import Organization
from tenants.row_security import everything

logger = logging.getLogger(__name__)

EVERY = 60.0
KEPT = timedelta(days=400)
_Key = tuple[UUID, date]
_lock = threading.Lock()
_waiting: dict[_Key, int] = {}
_written: dict[_Key, float] = {}


def count(organization: Organization) -> None:
    """Count one refusal of today."""
    key = (organization.pk, timezone.now().astimezone(UTC).date())
    with _lock:
        _waiting[key] = _waiting.get(key, 0) + 1
    settle()


def settle() -> None:
    """Write the counts that have waited long enough; without any it costs nothing.

    Called with every request, so that the end of a flood is written soon after it.
    """
    if not _waiting:
        return
    for key, number in _due():
        try:
            with everything():  # whose they are has nothing to do with who comes by
                _add(*key, number)
        except DatabaseError:
            logger.exception("Refusals could not be counted.")
            with _lock:
                _waiting[key] = _waiting.get(key, 0) + number


def tidy() -> None:
    """Forget the counts of more than `KEPT`."""
    Refusal.objects.filter(day__lt=timezone.now().date() - KEPT).delete()


def _due() -> list[tuple[_Key, int]]:
    now = time.monotonic()
    with _lock:
        for key in [key for key, at in _written.items() if now - at >= EVERY]:
            del _written[key]
        due = [key for key in _waiting if key not in _written]
        _written.update(dict.fromkeys(due, now))
        return [(key, _waiting.pop(key)) for key in due]


def _add(organization_id: UUID, day: date, number: int) -> None:
    facts = {"count": F("count") + number, "last_at": timezone.now()}
    mine = Refusal.objects.filter(organization_id=organization_id, day=day)
    if mine.update(**facts) or not Organization.objects.filter(pk=organization_id).exists():
        return
    try:
        with transaction.atomic():
            Refusal.objects.create(organization_id=organization_id, day=day, count=number)
    except IntegrityError:
        mine.update(**facts)
