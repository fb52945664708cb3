"""What workers do for keys."""

from celery import shared_task

from apikeys.services import clients, idempotency


@shared_task(name="apikeys.tidy")
def tidy() -> None:
    idempotency.tidy()
    clients.tidy()
