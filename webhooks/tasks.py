"""What workers do for webhooks. A message only says "look now"; the rows say what to do."""

from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from webhooks.services import delivery, distribution, health, logos, sender_slots


@shared_task(name="webhooks.distribute")
def distribute() -> None:
    while distribution.distribute():
        pass


@shared_task(name="webhooks.deliver", soft_time_limit=delivery.BUDGET + 60)
def deliver() -> None:
    sender_slots.deliver()


@shared_task(name="webhooks.watch")
def watch() -> None:
    health.watch()


@shared_task(name="webhooks.tidy")
def tidy() -> None:
    while health.tidy():
        pass


@shared_task(name="webhooks.fetch_logos", soft_time_limit=600)
def fetch_logos() -> None:
    logos.drain()


@worker_shutting_down.connect
def stop_sending(**_: Any) -> None:
    """Webhooks that are under way are finished; the rest is for whoever comes next."""
    sender_slots.stop()
