"""What workers do for this app."""

from celery import shared_task

from billing.services import addresses


@shared_task(name="billing.check_vat_ids")
def check_vat_ids() -> None:
    """Ask the register about the VAT ids that are due."""
    addresses.drain()
