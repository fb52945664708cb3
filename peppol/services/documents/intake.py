"""From what a caller gives to a document that may be sent: UBL, our JSON shape, or unknown JSON.

Nothing is written here. What breaks the official rules is refused with the rules' ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_noop

from peppol.invoices import advice, headers, reading, received, shape
from peppol.models import Document
from peppol.rules import judging
from peppol.rules.findings import Breach, Judgement
from peppol.sbdh import Arrived
from peppol.services.documents import (
    addresses,
    drafting,
    enclosed,
    stand_ins,
    unknown_shapes,
)
from peppol.services.documents.prepared import (
    PreparedDocument,
    columns_of,
    process_of,
)
from tenants.errors import DomainError, Invalid, Kind
from tenants.models import Organization
from tenants.persistence import marked

# Of a value that a column cannot hold, what is kept beside it.
_MOST_ASIDE = 10_000
# Why JSON that looks like our shape is none, or is addressed to nobody.
_UNREADABLE = (
    "invalid_invoice",
    "invalid_document",
    "no_receiver",
    "malformed_identifier",
    "receiver_differs",
)


class BrokenRules(DomainError):
    """The document breaks rules; `details["errors"]` says which, where and how."""

    def __init__(self, judged: Judgement, remarks: Sequence[Mapping[str, Any]] = ()) -> None:
        self.judged = judged
        fatal = judged.fatal
        fields: dict[str, list[str]] = {}
        for breach in fatal:
            if breach.field:
                said = f"{breach.message} {breach.advice}".strip()
                fields.setdefault(breach.field, []).append(said)
        super().__init__(
            Kind.INVALID,
            "invalid_document",
            f"The document breaks {fatal[0].rule}: {fatal[0].message}"
            + (f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""),
            fields=fields,
            details={"errors": [*(breach.shown() for breach in judged.breaches), *remarks]},
        )


def from_json(
    company: Organization,
    content: Any,
    *,
    kind: str = "",
    receiver: str = "",
    lenient: bool = False,
) -> PreparedDocument:
    """Whatever a JSON call carries: UBL as text or in base64, our shape, or something else.

    `lenient` is for a surface that documents no shape: what the sandbox cannot read or address it
    carries as it is to its own receiver, and the draft's warnings say what a network would refuse.
    """
    if not isinstance(content, Mapping) or not content:
        sentence = gettext_noop("The document must be a JSON object.")
        raise Invalid(sentence, fields={"document": [sentence]})
    xml = enclosed.xml_in(content)
    if xml is not None:
        return from_ubl(company, xml, receiver=receiver)
    if shape.is_ours(content):
        try:
            return from_invoice(company, content, kind=kind, receiver=receiver)
        except (Invalid, BrokenRules) as refusal:
            offered = stand_ins.offered()
            if not lenient or offered is None or refusal.code not in _UNREADABLE:
                raise
            warnings = _warnings_of(refusal)
            return unknown_shapes.carried(company, content, kind, warnings, offered.sink)
    return unknown_shapes.prepared(company, content, kind=kind, receiver=receiver, lenient=lenient)


def from_ubl(company: Organization, content: bytes, *, receiver: str = "") -> PreparedDocument:
    """An invoice, credit note or answer in UBL or CII, sent as it is, whatever it follows.

    Its type and process are those that it says itself. Raises Invalid or BrokenRules.
    """
    root = reading.parse(content)
    found = headers.header(root)
    judged = judging.judge(root)
    if judged.fatal:
        raise BrokenRules(judged)
    addresses.check_own(company, found.sender)
    if receiver and receiver.lower() != found.receiver.lower():
        raise Invalid(
            "The document is addressed to %(addressed)s, the call to %(called)s.",
            values={"addressed": found.receiver, "called": receiver},
            code="receiver_differs",
            fields={"to": ["differs from the document's receiver"]},
        )
    addresses.check_receiver(found.receiver)
    columns = columns_of(found)
    _cut(columns)
    return PreparedDocument(
        content=content,
        format=Document.Format.XML if root.tag == headers.CII else Document.Format.UBL,
        sender=found.sender,
        receiver=found.receiver,
        document_type=found.document_type,
        process=process_of(found),
        warnings=[breach.shown() for breach in judged.breaches],
        judged=judged.breaches,
        **columns,
    )


def from_invoice(
    company: Organization, content: Mapping[str, Any], *, kind: str = "", receiver: str = ""
) -> PreparedDocument:
    """An invoice in our JSON shape. What is left out of the seller, the company's profile says; of
    what is self-billed, and of the buyer then, for the company is the buyer.

    Raises Invalid for its fields, and BrokenRules with the field that each rule is about.
    """
    sender = addresses.sender_of(company)
    written = drafting.write(company, content, sender=sender, kind=kind, receiver=receiver)
    remarks_on_it = [remark.shown() for remark in written.remarks]
    try:
        prepared = from_ubl(company, written.content, receiver=receiver)
    except BrokenRules as refusal:
        judged = advice.explained(refusal.judged, written.invoice)
        raise BrokenRules(judged, remarks_on_it) from None
    explained = advice.explained(Judgement(prepared.judged), written.invoice)
    found = [breach.shown() for breach in explained.breaches]
    return replace(prepared, warnings=[*remarks_on_it, *found])


def _warnings_of(refusal: DomainError) -> list[dict[str, Any]]:
    """The rules that a network would refuse the document by, as warnings."""
    if isinstance(refusal, BrokenRules):
        return list(refusal.details["errors"])
    fields = refusal.fields or {"": [refusal.message]}
    return [
        Breach(refusal.code, message, name, True).shown()
        for name, messages in fields.items()
        for message in messages
    ]


def of_received(message: Arrived) -> tuple[PreparedDocument, dict[str, str]]:
    """What came in, as it is: it is the sender's to be valid, and ours to keep.

    What our columns cannot hold is cut; the second value has it whole, by the column's name.
    """
    common: dict[str, Any] = {
        "content": message.content,
        "sender": message.sender,
        "receiver": message.receiver,
        "document_type": message.document_type,
        "process": message.process,
    }
    if message.media_type != "application/xml":
        found, format = None, Document.Format.JSON
    else:
        read = received.head(message.content.pieces())
        found = read[0] if read else None
        format = Document.Format.UBL if read and read[1] else Document.Format.XML
    if found is not None:
        common |= columns_of(found)
    common.setdefault("kind", Document.Kind.OTHER)
    # XML may have a control character (DEL) that a column may not.
    common |= {name: marked(text) for name, text in common.items() if isinstance(text, str)}
    aside = _cut(common)
    if found is not None and found.payable is not None and common["amount"] != found.payable:
        aside["amount"] = str(found.payable)[:200]
    return PreparedDocument(format=format, **common), aside


def _cut(columns: dict[str, Any]) -> dict[str, str]:
    """Cut texts to the length of their columns; what they were."""
    aside = {}
    for name, value in columns.items():
        if name in ("content", "about"):
            continue
        most = getattr(Document._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and most and len(value) > most:
            columns[name], aside[name] = value[:most], value[:_MOST_ASIDE]
    return aside
