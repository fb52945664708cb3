"""Writes to documents that people and programs ask for: send them, and delete them in time."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peppol.models import Document
from peppol.services.documents import addresses, compliance, events, rows, usage
from peppol.services.documents.intake import PreparedDocument
from peppol.services.registration import admission
from tenants import background
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Environment, Organization

State = Document.State
SYSTEM = Actor.system("documents")


def send(
    company: Organization,
    prepared: PreparedDocument,
    *,
    by: Actor,
    environment: str = Environment.LIVE,
    id: UUID | None = None,
) -> Document:
    """Accept what was prepared for sending; a worker sends it. Counts it in the same transaction.

    `id` is the id that it is known by already, where it was kept as a draft.
    Raises WrongState for a company that may not be on the network now or has no active identifier
    there, Invalid for a sender that is not its own, and WrongState on the production network for a
    document that was only for trying out (`test_environment`).
    """
    if environment == Environment.TEST and settings.PEPPOL_NETWORK == "production":
        raise WrongState(
            "A document of the test environment stays off the production network.",
            code="test_environment",
        )
    document = rows.new(company, prepared, environment, Document.Direction.OUTBOUND, State.ACCEPTED)
    document.id = id or document.id
    document.instance_id = str(document.pk)
    document.country_c1 = company.country or "ZZ"
    document.next_attempt_at = timezone.now()
    try:
        return _accept(company, document, prepared.content, by=by)
    except Exception:
        rows.discard(document)
        raise


def purge(*, limit: int = 200) -> int:
    """Delete documents whose time to be kept is over, payload and row; how many."""
    gone = 0
    for document in Document.objects.outdated().select_related("organization")[:limit]:
        with transaction.atomic():
            events.announce(document, events.PURGED, by=SYSTEM)
            Document.objects.filter(pk=document.pk).delete()
        rows.discard(document)
        gone += 1
    return gone


@transaction.atomic
def _accept(company: Organization, document: Document, content: bytes, *, by: Actor) -> Document:
    admission.admit(company)
    # Whatever door it came through, and however long it was a draft.
    addresses.check_own(company, document.sender)
    rows.write(document, content)
    usage.count(company, document.environment, "sent", document.created_at)
    compliance.ask_for(document)
    events.announce(document, events.ACCEPTED, by=by)
    background.wake("documents")
    return document
