"""Documents as the portal's tests need them: a row with a payload, however it came about."""

from django.core.files.base import ContentFile
from django.utils import timezone

from peppol.models import DailyUsage, Document, MonthlyUsage
from tenants.ids import uuid7
from tenants.models import Organization


def make_document(company: Organization, **facts) -> Document:
    """A document of `company`; what is not said is of a delivered invoice."""
    content = facts.pop("content", b"<Invoice/>")
    row = Document(
        **{
            "id": uuid7(),
            "organization": company,
            "direction": "outbound",
            "kind": "invoice",
            "state": "delivered",
            "sender": "0208:0403170701",
            "receiver": "9957:FR86797978996",
            "document_type": "urn:example",
            "retain_until": timezone.now().date(),
            "payload_size": len(content),
            "created_at": timezone.now(),
            **facts,
        }
    )
    row.instance_id = row.instance_id or str(row.pk)
    row.payload.save(f"payload.{row.format}", ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def make_usage(company: Organization, **sums) -> MonthlyUsage:
    """A day of this month on which `company` exchanged something, and its month."""
    today = timezone.now().date()
    facts = {"organization": company, "environment": "live", "sent": 3, "received": 1, **sums}
    DailyUsage.objects.create(on=today, **facts)
    return MonthlyUsage.objects.create(on=today.replace(day=1), **facts)
