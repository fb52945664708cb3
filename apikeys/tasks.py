"""What workers do for keys."""

from celery import shared_task

from apikeys.services import clients, idempotency, refusals
from tenants import loops


@shared_task(name="apikeys.tidy")
def tidy() -> None:
    loops.steps(
        forget_repeatable_calls=idempotency.tidy,
        forget_clients=clients.tidy,
        forget_refusals=refusals.tidy,
    )
