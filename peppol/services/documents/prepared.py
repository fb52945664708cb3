"""A document that may be sent, before it is anybody's business."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from peppol import code_lists
from peppol.contents import Content
from peppol.invoices.reading import Header
from peppol.invoices.received import fitting
from peppol.rules.findings import Breach


@dataclass(frozen=True)
class PreparedDocument:
    """What a document's row and its transport need to know, and its content."""

    content: bytes | Content
    format: str
    kind: str
    sender: str
    receiver: str
    document_type: str
    process: str
    number: str = ""
    currency: str = ""
    issued_on: date | None = None
    amount: Decimal | None = None
    sender_name: str = ""
    receiver_name: str = ""
    self_billed: bool = False
    net: Decimal | None = None
    tax: Decimal | None = None
    # Of an answer, what it is about: the invoice's number, or the message's instance id.
    about: str = ""
    warnings: list[dict[str, Any]] = field(default_factory=list)
    judged: Sequence[Breach] = ()


def columns_of(found: Header) -> dict[str, Any]:
    """What a document says of itself, by the names of the columns that keep it."""
    return {
        "kind": found.kind,
        "number": found.number,
        "currency": found.currency,
        "issued_on": found.issued_on,
        "amount": fitting(found.payable),
        "sender_name": found.sender_name,
        "receiver_name": found.receiver_name,
        "self_billed": found.self_billed,
        "net": fitting(found.net),
        "tax": fitting(found.tax),
        "about": found.about,
    }


def process_of(found: Header) -> str:
    """The process a document goes by: its own, or the first that its type is listed with."""
    if found.profile:
        return found.profile
    known = (t for t in code_lists.all_document_types() if t.value == found.document_type)
    listed = next(known, None)
    return listed.processes[0].value if listed and listed.processes else ""
