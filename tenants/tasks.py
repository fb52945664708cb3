"""What workers do for this app."""

from celery import shared_task

from tenants.services import mails


@shared_task(name="tenants.mail")
def mail() -> None:
    mails.drain()
