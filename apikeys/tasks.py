"""What workers do for keys."""

from celery import shared_task

from apikeys.services import clients, idempotency, refusals


@shared_task(name="apikeys.tidy")
def tidy() -> None:
    idempotency.tidy()
    clients.tidy()
    refusals.tidy()
