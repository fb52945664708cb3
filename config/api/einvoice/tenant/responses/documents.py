"""What the tenant API answers of documents, as its published description spells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from rest_framework import serializers

from config.api.einvoice.tenant.invoices.fields import STATES, TYPES
from config.api.einvoice.tenant.responses.attachments import (
    AttachmentAnswer,
    Letter,
    content_of,
    files_of,
)
from config.api.einvoice.tenant.responses.invoices import LISTS, TEXTS, said
from config.api.kit.answers import (
    Answer,
    AnswerField,
    Choice,
    Day,
    Flag,
    Number,
    Text,
    TextOrNull,
    Time,
    nothing,
)
from config.api.kit.answers import Mapping as JsonObject
from peppol.models import Document, DocumentDraft
from tenants.ids import spell

_STATES = {
    "accepted": "TRANSIT",
    "sending": "TRANSIT",
    "unknown": "TRANSIT",
    "delivered": "SENT",
    "failed": "FAILED",
    "received": "RECEIVED",
}
OUR_STATES = {
    theirs: tuple(ours for ours, name in _STATES.items() if name == theirs)
    for theirs in dict.fromkeys(_STATES.values())
}
_TYPES = {"invoice": "INVOICE", "credit_note": "CREDIT_NOTE"}
KINDS = {
    f"{prefix}{theirs}": (ours, bool(prefix))
    for ours, theirs in _TYPES.items()
    for prefix in ("", "SELFBILLING_")
}
_STEPS = {"delivered": "send_success", "failed": "send_failed", "received": "receive_success"}
# Whose signature a link to a payload carries, and for how many seconds it leads there.
SALT, LINK_SECONDS = "einvoice-ubl", 3600


def _type(row: Letter) -> str:
    plain = _TYPES.get(row.kind, "INVOICE")
    return f"SELFBILLING_{plain}" if row.self_billed else plain


def _known(row: Letter) -> dict[str, str | None]:
    """What the row itself has of what its UBL says; of a self-billed document the buyer sends."""
    names = (row.sender_name or None, row.receiver_name or None)
    vendor, customer = reversed(names) if row.self_billed else names
    net, tax, due = row.net, row.tax, row.amount
    whole = due if net is None or tax is None else net + tax
    return {
        "vendor_name": vendor,
        "customer_name": customer,
        "subtotal": _money(net),
        "total_tax": _money(tax),
        "invoice_total": _money(whole),
        "amount_due": _money(due),
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _direction(row: Letter) -> str:
    return "OUTBOUND" if isinstance(row, DocumentDraft) else row.direction.upper()


class Parts(AnswerField, serializers.ListField):
    """A list of objects: lines, taxes, payments, files."""

    child = serializers.DictField()


class DocumentAnswer(Answer):
    """A document or a draft. In lists, what only its UBL says is left empty."""

    id = Text(lambda row: spell("doc", row.pk))
    document_type = Choice(TYPES, lambda row: _type(row))
    state = Choice(
        STATES, lambda row: "DRAFT" if isinstance(row, DocumentDraft) else _STATES[row.state]
    )
    direction = Choice(["INBOUND", "OUTBOUND"], _direction)
    invoice_id = TextOrNull("number")
    invoice_date = Day("issued_on", allow_null=True)
    currency = Text(lambda row: row.currency or "EUR")
    customer_peppol_id = TextOrNull(lambda row: row.sender if row.self_billed else row.receiver)
    created_at = Time()
    attachments = AttachmentAnswer(many=True, read=lambda row: ())

    def get_fields(self) -> Any:
        """With what the document says."""
        texts = {name: TextOrNull(required=name != "tax_code") for name in TEXTS}
        return {**super().get_fields(), **texts, **{name: Parts(allow_null=True) for name in LISTS}}

    @classmethod
    def of(cls, row: Any, **given: Any) -> dict[str, Any]:
        """The answer about a row of ours; `given` is what the document says, where it was read."""
        silent = dict.fromkeys((*TEXTS, *LISTS))
        # It is never null: a document that was not read says nothing of it.
        del silent["tax_code"]
        return {**silent, **_known(row), **super().of(row), **given}

    @classmethod
    def whole(cls, row: Letter, **given: Any) -> dict[str, Any]:
        """The answer with what the document says, and its files."""
        known = {name: value for name, value in said(content_of(row)).items() if value is not None}
        files = AttachmentAnswer.of_each(files_of(row))
        return cls.of(row, **known, **given, attachments=files)


class RemarkAnswer(Answer):
    """A field of a call that is not sent as it was meant, and why."""

    field = Text()
    message = Text()
    rule = Text()


class CreatedDocumentAnswer(DocumentAnswer):
    """A draft as it was made, with what of the call is not sent. An extension of ours."""

    warnings = RemarkAnswer(many=True, required=False, read=nothing)


class DocumentDeletedAnswer(Answer):
    """That a draft is gone."""

    is_deleted = Flag(lambda row: True)


@dataclass(frozen=True)
class Page:
    """A page of documents, and where it is among the others."""

    items: list[Letter]
    total: int
    page: int
    page_size: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.page_size)

    @property
    def has_next_page(self) -> bool:
        return self.page < self.pages


class DocumentPageAnswer(Answer):
    """A page of documents."""

    items = DocumentAnswer(many=True)
    total = Number()
    page = Number()
    page_size = Number()
    pages = Number()
    has_next_page = Flag()


def _link(row: Letter) -> str:
    named = {"document": str(row.pk), "organization": str(row.organization_id)}
    return f"{settings.BASE_URL}{reverse('einvoice-ubl')}?token={signing.dumps(named, salt=SALT)}"


class DocumentFileAnswer(Answer):
    """Where the UBL is, and between whom it goes."""

    id = Text(lambda row: spell("doc", row.pk))
    file_name = Text(lambda row: f"{row.number or row.pk}.xml".replace("/", "-"))
    file_size = Number(lambda row: len(content_of(row)))
    signed_url = Text(_link)
    sender_peppol_id = TextOrNull(lambda row: row.sender.partition(":")[2])
    sender_peppol_scheme = TextOrNull(lambda row: row.sender.partition(":")[0])
    receiver_peppol_id = TextOrNull(lambda row: row.receiver.partition(":")[2])
    receiver_peppol_scheme = TextOrNull(lambda row: row.receiver.partition(":")[0])
    # A draft was not taken over yet.
    file_hash = TextOrNull(
        lambda row: None if isinstance(row, DocumentDraft) else row.payload_digest
    )
    validated_at = Time(
        lambda row: None if isinstance(row, DocumentDraft) else row.created_at, allow_null=True
    )


@dataclass(frozen=True)
class Step:
    """Something that happened to a document."""

    event_type: str
    timestamp: datetime
    details: Mapping[str, Any] | None = None


class StepAnswer(Answer):
    """Something that happened to a document."""

    event_type = Text()
    timestamp = Time()
    id = TextOrNull(nothing)
    details = JsonObject(allow_null=True)


class DocumentTimelineAnswer(Answer):
    """What happened to a document, oldest first."""

    document_id = Text(lambda row: spell("doc", row.pk))
    events = StepAnswer(read=lambda row: _steps(row), many=True)


def _steps(row: Letter) -> list[Step]:
    steps = []
    if isinstance(row, DocumentDraft) or row.direction == Document.Direction.OUTBOUND:
        steps.append(Step("document_created", row.created_at))
    if isinstance(row, Document) and row.state in _STEPS:
        details = {"error": row.last_error} if row.last_error else None
        steps.append(Step(_STEPS[row.state], row.finished_at or row.updated_at, details))
    if isinstance(row, Document) and row.response:
        steps.append(Step("mlr_received", row.updated_at, {"response": row.response}))
    return steps
