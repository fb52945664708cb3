"""A document's row and its payload, written together or not at all."""

from typing import Any

from django.utils import timezone

from peppol import retention
from peppol.contents import Content
from peppol.models import Document
from peppol.models.document_rows import partner_key_of
from peppol.services.documents.prepared import PreparedDocument
from tenants import persistence
from tenants.ids import uuid7
from tenants.models import Organization

_SUFFIXES = {
    Document.Format.UBL: ".xml",
    Document.Format.XML: ".xml",
    Document.Format.JSON: ".json",
}
_PREPARED = (
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
    "sender_name",
    "receiver_name",
    "self_billed",
    "net",
    "tax",
)


def new(
    company: Organization, prepared: PreparedDocument, environment: str, direction: str, state: str
) -> Document:
    """The row of what was prepared; nothing is written yet."""
    now, content = timezone.now(), _measurable(prepared.content)
    known: dict[str, Any] = {name: getattr(prepared, name) for name in _PREPARED}
    outbound = direction == Document.Direction.OUTBOUND
    partner = prepared.receiver_name if outbound else prepared.sender_name
    return Document(
        id=uuid7(),
        partner_key=partner_key_of(partner),
        organization=company,
        environment=environment,
        direction=direction,
        state=state,
        **known,
        payload_size=content.size,
        created_at=now,
        payload_digest=content.digest,
        retain_until=retention.until(company.country, now.date()),
        transmission={"warnings": prepared.warnings} if prepared.warnings else {},
    )


def write(document: Document, content: bytes | Content) -> None:
    """Store the payload and insert the row, in the caller's transaction."""
    name = f"payload{_SUFFIXES[Document.Format(document.format)]}"
    document.payload.save(name, _measurable(content).stored(), save=False)
    persistence.insert(document)


def _measurable(content: bytes | Content) -> Content:
    return Content(content) if isinstance(content, bytes) else content
