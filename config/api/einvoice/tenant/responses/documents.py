"""What the tenant API answers of documents, as its published description spells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from rest_framework import serializers

from config.api.einvoice.tenant.requests import TYPES
from config.api.einvoice.tenant.responses.ubl import FIELDS, headlines
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
from peppol.rules.findings import Breach
from tenants.ids import spell, uuid7

_STATES = {
    "accepted": "TRANSIT",
    "sending": "TRANSIT",
    "unknown": "TRANSIT",
    "delivered": "SENT",
    "failed": "FAILED",
    "received": "RECEIVED",
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
Letter = Document | DocumentDraft


def content_of(row: Letter) -> bytes:
    """What was sent, received or kept; nothing when the storage has it no more."""
    if isinstance(row, DocumentDraft):
        return bytes(row.content)
    try:
        return row.content()
    except OSError:
        return b""


def _type(row: Letter) -> str:
    plain = _TYPES.get(row.kind, "INVOICE")
    return f"SELFBILLING_{plain}" if getattr(row, "self_billed", False) else plain


def _known(row: Letter) -> dict[str, str | None]:
    """What the row itself has of what its UBL says; of a self-billed document the buyer sends."""
    total = None if row.amount is None else str(row.amount)
    known = {"invoice_total": total, "amount_due": total}
    if isinstance(row, DocumentDraft):
        return known
    names = (row.sender_name or None, row.receiver_name or None)
    vendor, customer = reversed(names) if row.self_billed else names
    return known | {
        "vendor_name": vendor,
        "customer_name": customer,
        "subtotal": None if row.net is None else str(row.net),
        "total_tax": None if row.tax is None else str(row.tax),
    }


def _direction(row: Letter) -> str:
    return "OUTBOUND" if isinstance(row, DocumentDraft) else row.direction.upper()


class Attachments(AnswerField, serializers.ListField):
    """A list of files, by name and address."""

    child = serializers.DictField()


class DocumentAnswer(Answer):
    """A document or a draft. In lists, what only its UBL says is left empty."""

    id = Text(lambda row: spell("doc", row.pk))
    document_type = Choice(TYPES, lambda row: _type(row))
    state = Choice(
        ["DRAFT", "TRANSIT", "FAILED", "SENT", "RECEIVED"],
        lambda row: "DRAFT" if isinstance(row, DocumentDraft) else _STATES[row.state],
    )
    direction = Choice(["INBOUND", "OUTBOUND"], _direction)
    invoice_id = TextOrNull("number")
    invoice_date = Day("issued_on", allow_null=True)
    currency = Text(lambda row: row.currency or "EUR")
    customer_peppol_id = TextOrNull("receiver")
    created_at = Time()
    attachments = Attachments(lambda row: [])

    def get_fields(self) -> Any:
        """With what the UBL says."""
        return {**super().get_fields(), **{name: TextOrNull() for name in FIELDS}}

    @classmethod
    def of(cls, row: Any, **given: Any) -> dict[str, Any]:
        """The answer about a row of ours; `given` is what its UBL says, where that was read."""
        return {**dict.fromkeys(FIELDS), **_known(row), **given, **super().of(row)}

    @classmethod
    def whole(cls, row: Letter) -> dict[str, Any]:
        """The answer with what the UBL says."""
        return cls.of(row, **headlines(content_of(row)))


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


def _rules(breach: Breach) -> str:
    """By which artefact a finding was made, under the vendor's names."""
    if breach.rule.endswith("-XSD"):
        return "UBL-2.1"
    is_cen = breach.rule.startswith(("BR-", "UBL-"))
    return f"{'CEN' if is_cen else 'PEPPOL'}-EN16931-UBL ({breach.rule_set})"


class IssueAnswer(Answer):
    """A rule that a document breaks."""

    message = Text()
    type = Text(lambda breach: "error" if breach.fatal else "warning")
    location = TextOrNull()
    rule_id = Text("rule")
    flag = Text(lambda breach: "fatal" if breach.fatal else "warning")
    test = TextOrNull(nothing)
    schematron = Text(_rules)


@dataclass(frozen=True)
class Judgement:
    """What the official rules say of a file."""

    file_name: str
    issues: Sequence[Breach]


class UblValidationAnswer(Answer):
    """What the official rules say of a UBL document."""

    id = Text(lambda judgement: str(uuid7()))
    file_name = TextOrNull()
    is_valid_ = Flag(lambda judgement: not any(breach.fatal for breach in judgement.issues))
    issues = IssueAnswer(many=True)
    ubl_document = TextOrNull(nothing)
