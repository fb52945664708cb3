"""What workers do for this app."""

from celery import shared_task

from tenants.services import domains, mails


@shared_task(name="tenants.mail")
def mail() -> None:
    mails.drain()


@shared_task(name="tenants.check_domains")
def check_domains() -> None:
    domains.drain()
