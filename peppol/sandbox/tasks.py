"""The background work of the sandbox network."""

from celery import shared_task

from peppol.sandbox import exchange


@shared_task(name="peppol.forward", soft_time_limit=300)
def forward() -> None:
    """Have the sandbox access point forward what it received."""
    exchange.forward_due()
