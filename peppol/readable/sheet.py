"""A document laid out for a reader, in the language that is switched on: labels and values.

The page and the paper show the same sheet.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from peppol.readable import values, words
from peppol.readable.parts import Address, Attachment, Party

Rows = tuple[tuple[str, str], ...]
_DAYS = ("tax_point", "delivered", "period")


@dataclass(frozen=True)
class PartyBlock:
    """Somebody, and what they are to the document."""

    role: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class LineRow:
    """One line; `details` are sentences below its name."""

    id: str
    name: str
    details: tuple[str, ...]
    quantity: str
    price: str
    vat: str
    amount: str


@dataclass(frozen=True)
class VatRow:
    """What is taxed alike."""

    name: str
    rate: str
    taxable: str
    tax: str
    reason: str


@dataclass(frozen=True)
class ReasonRow:
    """Why an answer is what it is, or what it asks for."""

    name: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What a reader sees, from top to bottom."""

    title: str
    number: str
    head: Rows
    parties: tuple[PartyBlock, ...]
    currency: str = ""
    verdict: str = ""
    code: str = ""
    reasons: tuple[ReasonRow, ...] = ()
    facts: Rows = ()
    notes: tuple[str, ...] = ()
    lines: tuple[LineRow, ...] = ()
    left_out: str = ""
    adjustments: Rows = ()
    vat: tuple[VatRow, ...] = ()
    totals: Rows = ()
    payable: tuple[str, str] = ("", "")
    payments: tuple[Rows, ...] = ()
    terms: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    # What a bank's app reads.
    payment_code: str = ""


def filled(*rows: tuple[str, str]) -> Rows:
    """The rows that have a value."""
    return tuple(row for row in rows if row[1])


def facts(found: tuple[tuple[str, str], ...]) -> Rows:
    """References and dates under their names; `=` begins a name that the document itself gives."""
    return tuple(
        (
            name.removeprefix("=") if name.startswith("=") else words.of(words.FACTS, name),
            values.day(text) if name in _DAYS else text,
        )
        for name, text in found
    )


def party(role: str, found: Party) -> PartyBlock:
    """Who somebody is."""
    lines = (
        found.other_name,
        *_address(found.address),
        _("VAT %(number)s") % {"number": found.vat_number} if found.vat_number else "",
        _("Company number %(number)s") % {"number": found.company_number}
        if found.company_number
        else "",
        _("Tax number %(number)s") % {"number": found.tax_number} if found.tax_number else "",
        found.legal_form,
        f"Peppol {found.identifier}" if ":" in found.identifier else found.identifier,
        *found.contact,
    )
    return PartyBlock(role, found.title or found.identifier, tuple(line for line in lines if line))


def _address(found: Address) -> tuple[str, ...]:
    return (*found.lines, found.country)
