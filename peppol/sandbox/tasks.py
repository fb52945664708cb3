"""The background work of the sandbox network."""

from celery import shared_task

from peppol.sandbox import exchange, samples
from tenants.models import Organization
from tenants.row_security import everything, limit_rows_to


@shared_task(name="peppol.forward", soft_time_limit=300)
def forward() -> None:
    """Have the sandbox access point forward what it received."""
    exchange.forward_due()


@shared_task(name="peppol.send_sample", soft_time_limit=60, ignore_result=True)
def send_sample(organization_id: str) -> None:
    """Have an invoice from elsewhere arrive at a company. Nothing is lost with it: it is asked for
    again where it does not come."""
    # Whose it is was decided by whoever asked.
    with everything():
        company = Organization.objects.select_related("parent").get(pk=organization_id)
    with limit_rows_to(company):
        samples.send_to(company)
