"""What workers do for this app."""

from datetime import timedelta
from importlib import import_module
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from tenants.models import Heartbeat
from tenants.services import audit_trail, domains, impersonation, mails


@shared_task(name="tenants.heartbeat", bind=True)
def heartbeat(self: Any) -> None:
    """Say that a worker is there and takes tasks, and which of them this one is."""
    for name in ("worker", (self.request.hostname or "")[:64]):
        if name:
            Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


@shared_task(name="tenants.mail")
def mail() -> None:
    mails.drain()


@shared_task(name="tenants.check_domains")
def check_domains() -> None:
    domains.drain()


@shared_task(name="tenants.impersonations")
def stop_impersonations() -> None:
    """Staff who closed their browser view as somebody until its time is up."""
    impersonation.stop_overdue()


@shared_task(name="tenants.seal", soft_time_limit=3600)
def seal() -> None:
    """Seal the days that are over; once a day, compare the last ones with what they held."""
    made = audit_trail.seal_days()
    if made:
        audit_trail.verify(made[-1].day - timedelta(days=7))


@shared_task(name="tenants.tidy")
def tidy() -> None:
    """Forget sessions that are over, for every sign-in of a program makes one, and workers that
    are long gone."""
    Heartbeat.objects.filter(beat_at__lt=timezone.now() - timedelta(days=7)).exclude(
        name="worker"
    ).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
