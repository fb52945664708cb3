"""How the tenant API shows documents, field by field."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.urls import reverse

from config.api.einvoice.tenant.responses.ubl import FIELDS, headlines
from peppol.invoices.rules import Breach
from peppol.models import Document, DocumentDraft
from tenants.ids import spell, uuid7
from tenants.times import utc

_STATES = {
    "accepted": "TRANSIT",
    "sending": "TRANSIT",
    "delivered": "SENT",
    "failed": "FAILED",
    "received": "RECEIVED",
}
_TYPES = {"invoice": "INVOICE", "credit_note": "CREDIT_NOTE"}
TYPES = {theirs: ours for ours, theirs in _TYPES.items()}
_STEPS = {"delivered": "send_success", "failed": "send_failed", "received": "receive_success"}
# Whose signature a link to a payload carries, and for how many seconds it leads there.
SALT, LINK_SECONDS = "einvoice-ubl", 3600
Letter = Document | DocumentDraft


def document(row: Letter, said: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A document or a draft; `said` is what its UBL says, where that was read."""
    draft = isinstance(row, DocumentDraft)
    total = None if row.amount is None else str(row.amount)
    return {
        **dict.fromkeys(FIELDS),
        "invoice_total": total,
        "amount_due": total,
        **(said or {}),
        "id": spell("doc", row.pk),
        "document_type": _TYPES.get(row.kind, "INVOICE"),
        "state": "DRAFT" if isinstance(row, DocumentDraft) else _STATES[row.state],
        "direction": "OUTBOUND" if draft else row.direction.upper(),  # type: ignore[union-attr]
        "invoice_id": row.number or None,
        "invoice_date": row.issued_on.isoformat() if row.issued_on else None,
        "currency": row.currency or "EUR",
        "customer_peppol_id": row.receiver or None,
        "created_at": utc(row.created_at),
        "attachments": [],
    }


def whole(row: Letter) -> dict[str, Any]:
    """A document with what its UBL says."""
    return document(row, headlines(content_of(row)))


def content_of(row: Letter) -> bytes:
    """What was sent, received or kept; nothing when the storage has it no more."""
    if isinstance(row, DocumentDraft):
        return bytes(row.content)
    try:
        return row.content()
    except OSError:
        return b""


def file(row: Letter, base_url: str) -> dict[str, Any]:
    """Where the UBL is, and between whom it goes."""
    content = content_of(row)
    link = signing.dumps(
        {"document": str(row.pk), "organization": str(row.organization_id)}, salt=SALT
    )
    sender_scheme, _, sender = row.sender.partition(":")
    receiver_scheme, _, receiver = row.receiver.partition(":")
    return {
        "id": spell("doc", row.pk),
        "file_name": f"{row.number or row.pk}.xml".replace("/", "-"),
        "file_size": len(content),
        "signed_url": f"{base_url}{reverse('einvoice-ubl')}?token={link}",
        "sender_peppol_id": sender or None,
        "sender_peppol_scheme": sender_scheme or None,
        "receiver_peppol_id": receiver or None,
        "receiver_peppol_scheme": receiver_scheme or None,
        "file_hash": None if isinstance(row, DocumentDraft) else row.payload_digest or None,
        "validated_at": None if isinstance(row, DocumentDraft) else utc(row.created_at),
    }


def timeline(row: Letter) -> dict[str, Any]:
    """What happened to a document, oldest first."""
    events = []
    if isinstance(row, DocumentDraft) or row.direction == Document.Direction.OUTBOUND:
        events.append(_event("document_created", row.created_at))
    if isinstance(row, Document) and row.state in _STEPS:
        details = {"error": row.last_error} if row.last_error else None
        events.append(_event(_STEPS[row.state], row.finished_at or row.updated_at, details))
    if isinstance(row, Document) and row.response:
        events.append(_event("mlr_received", row.updated_at, {"response": row.response}))
    return {"document_id": spell("doc", row.pk), "events": events}


def _event(type: str, at: Any, details: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"event_type": type, "timestamp": utc(at), "id": None, "details": details}


def judgement(name: str, breaches: list[Breach]) -> dict[str, Any]:
    """What the official rules say of a UBL document."""
    return {
        "id": str(uuid7()),
        "file_name": name or None,
        "is_valid": not any(breach.fatal for breach in breaches),
        "issues": [
            {
                "message": breach.message,
                "type": "error" if breach.fatal else "warning",
                "location": breach.location or None,
                "rule_id": breach.rule,
                "flag": "fatal" if breach.fatal else "warning",
                "test": None,
                "schematron": "PEPPOL-EN16931-UBL"
                if breach.rule.startswith("PEPPOL")
                else "CEN-EN16931-UBL",
            }
            for breach in breaches
        ],
        "ubl_document": None,
    }
