"""Writes to conversions of PDFs: begin, and forget."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from peppol.invoices import hybrid
from peppol.models import PdfConversion
from tenants import events, persistence
from tenants.actors import Actor
from tenants.models import Organization

CONVERTED = events.declare("document.read_from_pdf", "The invoice inside of a PDF was read.")
# Who asks for a result does it soon; of more than that many the oldest are forgotten.
KEEP, MOST = timedelta(days=7), 100


@transaction.atomic
def begin(owner: Organization, pdf: bytes, *, environment: str, by: Actor) -> PdfConversion:
    """Read the invoice inside of a PDF and keep it to be asked for. Raises what `hybrid` raises."""
    row = PdfConversion(organization=owner, environment=environment, content=hybrid.invoice_in(pdf))
    persistence.insert(row)
    mine = PdfConversion.objects.of(owner).order_by("-id")
    PdfConversion.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST:])).delete()
    data = {"conversion": {"id": str(row.pk)}}
    events.record(owner, CONVERTED, by=by, data=data, environment=environment)
    return row


def forget_old() -> int:
    """Delete those that nobody came for; how many."""
    old = PdfConversion.objects.filter(created_at__lt=timezone.now() - KEEP)
    return old.delete()[0]
