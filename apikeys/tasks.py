"""What workers do for keys."""

from celery import shared_task

from apikeys.services import idempotency


@shared_task(name="apikeys.tidy")
def tidy() -> None:
    idempotency.tidy()
