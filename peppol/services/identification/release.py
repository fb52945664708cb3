"""What waited for a company to be identified goes on its way."""

from django.utils import timezone

from peppol.models import Document, Participant
from peppol.services.identification.gate import CODES
from tenants import background
from tenants.models import Organization


def hasten(company: Organization) -> None:
    """Have the workers look now at what waited, in the transaction of the verification."""
    now = timezone.now()
    waiting = Document.objects.outbound().filter(organization=company, error_code__in=CODES)
    waiting.filter(state=Document.State.ACCEPTED, claim=None).update(next_attempt_at=now)
    held = Participant.objects.of(company).filter(error_code__in=CODES, claim=None)
    held.filter(state=Participant.State.WAITING).update(next_attempt_at=now)
    for work in ("documents", "registrations", "identification"):
        background.wake(work)
