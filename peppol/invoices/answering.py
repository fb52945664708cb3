"""Writes an answer to an invoice: Peppol Invoice Response transaction 3 (T111), in UBL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from peppol.invoices.elements import aggregate, basic, some
from peppol.invoices.headers import INVOICE_RESPONSE
from peppol.invoices.reading import CAC, CBC, UBL

PROFILE = "urn:fdc:peppol.eu:poacc:bis:invoice_response:3"
REASONS, ACTIONS = "OPStatusReason", "OPStatusAction"


@dataclass(frozen=True)
class Answer:
    """What is answered: a status of UNCL 4343, why, and what the seller is asked to do.

    Reasons and actions are codes of OPStatusReason and OPStatusAction; `text` explains the first
    of them, and `note` is for whoever reads it.
    """

    code: str
    reasons: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    text: str = ""
    note: str = ""
    effective_on: date | None = None


@dataclass(frozen=True)
class Corner:
    """One of the two that answer each other: an identifier and a name."""

    identifier: str
    name: str


@dataclass(frozen=True)
class About:
    """The invoice that is answered."""

    number: str
    type_code: str
    issued_on: date | None = None


def write(
    number: str, answer: Answer, *, about: About, sender: Corner, receiver: Corner, on: date
) -> bytes:
    """The UBL of an answer."""
    namespace = f"{UBL}:ApplicationResponse-2"
    names: Any = {None: namespace, "cac": CAC[1:-1], "cbc": CBC[1:-1]}
    root = etree.Element(f"{{{namespace}}}ApplicationResponse", nsmap=names)
    root.extend(
        (
            basic("CustomizationID", INVOICE_RESPONSE),
            basic("ProfileID", PROFILE),
            basic("ID", number),
            basic("IssueDate", on),
            *some("Note", answer.note),
            _party("SenderParty", sender),
            _party("ReceiverParty", receiver),
            aggregate("DocumentResponse", _response(answer), _reference(about)),
        )
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _party(name: str, corner: Corner) -> etree._Element:
    scheme, _, value = corner.identifier.partition(":")
    endpoint = basic("EndpointID", value)
    endpoint.set("schemeID", scheme)
    return aggregate(
        name, endpoint, aggregate("PartyLegalEntity", basic("RegistrationName", corner.name))
    )


def _response(answer: Answer) -> etree._Element:
    return aggregate(
        "Response",
        basic("ResponseCode", answer.code),
        *some("EffectiveDate", answer.effective_on),
        *_statuses(answer),
    )


def _statuses(answer: Answer) -> Iterable[etree._Element]:
    text = answer.text
    for list_id, codes in ((REASONS, answer.reasons), (ACTIONS, answer.actions)):
        for code in codes:
            reason = basic("StatusReasonCode", code)
            reason.set("listID", list_id)
            yield aggregate("Status", reason, *some("StatusReason", text))
            text = ""
    if text:
        yield aggregate("Status", basic("StatusReason", text))


def _reference(about: About) -> etree._Element:
    return aggregate(
        "DocumentReference",
        basic("ID", about.number),
        *some("IssueDate", about.issued_on),
        basic("DocumentTypeCode", about.type_code),
    )
