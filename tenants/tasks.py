"""What workers do for this app."""

import logging
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from tenants import loops, storage, tallies
from tenants.errors import WrongState
from tenants.models import Heartbeat
from tenants.services import (
    alerts,
    audit_trail,
    client_links,
    clock,
    domains,
    impersonation,
    mails,
    verification_mails,
)

logger = logging.getLogger(__name__)


@shared_task(name="tenants.heartbeat", bind=True)
def heartbeat(self: Any) -> None:
    """Say that a worker is there and takes tasks, and which of them this one is."""
    for name in ("worker", (self.request.hostname or "")[:64]):
        if name:
            clock.beat(name)


@shared_task(name="tenants.mail")
def mail() -> None:
    mails.drain()


@shared_task(name="tenants.alert")
def alert() -> None:
    """Tell people of what they chose to be told of."""
    alerts.tell()


@shared_task(name="tenants.daily_alerts")
def daily_alerts() -> None:
    """Write to those who want to be told once a day."""
    alerts.send_daily()


@shared_task(name="tenants.store_files", soft_time_limit=600)
def store_files() -> None:
    """Move files from the database, where their transactions wrote them, to their storages."""
    storage.drain()


@shared_task(name="tenants.verification")
def tell_staff_who_waits() -> None:
    """Write to staff once more organizations wait to be verified."""
    verification_mails.remind()


@shared_task(name="tenants.check_domains")
def check_domains() -> None:
    domains.drain()


@shared_task(name="tenants.impersonations")
def stop_impersonations() -> None:
    """Staff who closed their browser view as somebody until its time is up."""
    impersonation.stop_overdue()


@shared_task(name="tenants.fold_tallies")
def fold_tallies() -> None:
    """Keep what pages read of numbers to a row each."""
    tallies.fold()


@shared_task(name="tenants.check_tallies")
def check_tallies() -> None:
    """See that the numbers that are kept are those of the rows there are."""
    wrong = tallies.put_right()
    if wrong:
        logger.error("%s numbers of rows were not those of the rows; they are now.", wrong)
    tallies.fold()


# Of the audit trail; every ten minutes so many are compared, millions a day.
_EVENTS_AT_A_TIME = 50_000


@shared_task(name="tenants.seal", soft_time_limit=3600)
def seal() -> None:
    """Seal what has happened, and compare a part of the trail: all of it within a day.

    Today is sealed too, again and again, so that nobody has a day's time to change it.
    """
    # What differs is marked and said by the comparison; after midnight yesterday comes first.
    with suppress(WrongState):
        audit_trail.seal_today()
    audit_trail.verify_some(_EVENTS_AT_A_TIME)


@shared_task(name="tenants.tidy")
def tidy() -> None:
    """Forget sessions that are over, for every sign-in of a program makes one, workers that are
    long gone, and mails of long ago."""
    loops.tidy()
    mails.forget_old()
    client_links.forget_old()
    Heartbeat.objects.filter(beat_at__lt=timezone.now() - timedelta(days=7)).exclude(
        name="worker"
    ).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
