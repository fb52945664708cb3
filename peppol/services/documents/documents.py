"""Writes to documents that people and programs ask for: send, receive, purge."""

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol import retention
from peppol.models import Document
from peppol.sbdh import Envelope
from peppol.services.documents import addresses, compliance, events, intake, usage
from peppol.services.documents.intake import PreparedDocument
from peppol.services.registration import admission
from tenants import background, persistence
from tenants.actors import Actor
from tenants.errors import Conflict, DomainError, Kind, WrongState
from tenants.ids import uuid7
from tenants.models import Environment, Organization

State = Document.State
SYSTEM = Actor.system("documents")
_SUFFIXES = {
    Document.Format.UBL: ".xml",
    Document.Format.XML: ".xml",
    Document.Format.JSON: ".json",
}


class UnknownReceiver(DomainError):
    """Nobody here receives under the identifier."""

    def __init__(self, receiver: str) -> None:
        sentence = gettext_noop("Nobody here receives under %(receiver)s.")
        values = {"receiver": receiver}
        super().__init__(Kind.NOT_FOUND, "unknown_receiver", sentence, values=values)


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
    document = _new(company, prepared, environment, Document.Direction.OUTBOUND, State.ACCEPTED)
    document.id = id or document.id
    document.instance_id = str(document.pk)
    document.country_c1 = company.country or "ZZ"
    document.next_attempt_at = timezone.now()
    try:
        return _accept(company, document, prepared.content, by=by)
    except Exception:
        _discard(document)
        raise


def receive(message: Envelope, *, mode: str) -> Document:
    """Take in what the access point forwards; a repetition returns the document that is there.

    Raises UnknownReceiver when nobody here receives it, and then nothing is written.
    """
    company = addresses.owner_of(message.receiver)
    if company is None:
        raise UnknownReceiver(message.receiver)
    there = _received(company, message.instance_id)
    if there is not None:
        return there
    prepared = intake.of_received(message)
    document = _new(
        company, prepared, company.environment, Document.Direction.INBOUND, State.RECEIVED
    )
    document.instance_id = message.instance_id
    document.country_c1 = message.country_c1
    document.finished_at = timezone.now()
    # Where the access point does not wait for the answer, the country is reported afterwards.
    document.next_attempt_at = timezone.now() if mode == "async" else None
    try:
        return _take_in(document, prepared.content)
    except Exception as error:
        _discard(document)
        if not isinstance(error, Conflict):
            raise
        there = _received(company, message.instance_id)
        if there is None:
            raise
        return there


def purge(*, limit: int = 200) -> int:
    """Delete documents whose time to be kept is over, payload and row; how many."""
    gone = 0
    for document in Document.objects.outdated().select_related("organization")[:limit]:
        with transaction.atomic():
            events.announce(document, events.PURGED, by=SYSTEM)
            Document.objects.filter(pk=document.pk).delete()
        _discard(document)
        gone += 1
    return gone


@transaction.atomic
def _accept(company: Organization, document: Document, content: bytes, *, by: Actor) -> Document:
    admission.admit(company)
    # Whatever door it came through, and however long it was a draft.
    addresses.check_own(company, document.sender)
    _write(document, content)
    usage.count(company, document.environment, "sent", document.created_at)
    compliance.ask_for(document)
    events.announce(document, events.ACCEPTED, by=by)
    background.wake("documents")
    return document


@transaction.atomic
def _take_in(document: Document, content: bytes) -> Document:
    _write(document, content)
    company = document.organization
    usage.count(company, document.environment, "received", document.created_at)
    compliance.ask_for(document)
    events.announce(document, events.RECEIVED, by=SYSTEM)
    if document.next_attempt_at:
        background.wake("documents")
    return document


def _write(document: Document, content: bytes) -> None:
    name = f"payload{_SUFFIXES[Document.Format(document.format)]}"
    document.payload.save(name, ContentFile(content), save=False)
    persistence.insert(document)


def _discard(document: Document) -> None:
    """Delete a payload that no row points at."""
    if document.payload.name:
        document.payload.storage.delete(document.payload.name)


def _new(
    company: Organization, prepared: PreparedDocument, environment: str, direction: str, state: str
) -> Document:
    now = timezone.now()
    known: dict[str, Any] = {
        name: getattr(prepared, name)
        for name in (
            "format",
            "kind",
            "sender",
            "receiver",
            "document_type",
            "process",
            "number",
            "currency",
            "issued_on",
            "amount",
        )
    }
    return Document(
        id=uuid7(),
        organization=company,
        environment=environment,
        direction=direction,
        state=state,
        **known,
        payload_size=len(prepared.content),
        created_at=now,
        payload_digest=hashlib.sha256(prepared.content).hexdigest(),
        retain_until=retention.until(company.country, now.date()),
        transmission={"warnings": prepared.warnings} if prepared.warnings else {},
    )


def _received(company: Organization, instance_id: str) -> Document | None:
    return Document.objects.of(company).inbound().filter(instance_id=instance_id).first()


def inbound_mode() -> str:
    """How the access point forwards: `sync` waits for our word, `async` does not."""
    return "async" if settings.INBOUND_MODE == "async" else "sync"
