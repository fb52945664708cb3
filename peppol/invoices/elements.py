"""The elements that UBL is made of, from one value to an attachment."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from peppol.invoices import amounts
from peppol.invoices.reading import CAC, CBC

Fields = Mapping[str, Any]
_make_basic: Any = ElementMaker(namespace=CBC[1:-1])
_make_aggregate: Any = ElementMaker(namespace=CAC[1:-1])


def basic(name: str, value: Any) -> etree._Element:
    """An element with a value; a number is written without zeros at its end."""
    if isinstance(value, Decimal):
        value = format(value.normalize() if value else Decimal(0), "f")
    text = value.isoformat() if isinstance(value, date) else str(value)
    element: etree._Element = _make_basic(name, text)
    return element


def aggregate(name: str, *children: etree._Element) -> etree._Element:
    """An element with elements in it."""
    element: etree._Element = _make_aggregate(name, *children)
    return element


def some(name: str, value: Any) -> list[etree._Element]:
    """The element, where there is a value."""
    return [] if value is None or value == "" else [basic(name, value)]


def make_amount(name: str, amount: Decimal, currency: str) -> etree._Element:
    element: etree._Element = _make_basic(name, format(amounts.rounded(amount, currency), "f"))
    element.set("currencyID", currency)
    return element


def make_category(name: str, vat: Fields, *, with_reason: bool = False) -> etree._Element:
    # What is outside the scope of VAT has no rate (BR-O-05).
    rate = [] if vat["category"] == "O" else [basic("Percent", vat["rate"])]
    reason = (
        [
            *some("TaxExemptionReasonCode", vat.get("exemptionReasonCode")),
            *some("TaxExemptionReason", vat.get("exemptionReason")),
        ]
        if with_reason
        else []
    )
    scheme = aggregate("TaxScheme", basic("ID", "VAT"))
    return aggregate(name, basic("ID", vat["category"]), *rate, *reason, scheme)


def make_identifier(name: str, value: str, scheme: str = "") -> etree._Element:
    """A number with the scheme that it is of, where that is known."""
    element = basic(name, value)
    if scheme:
        element.set("schemeID", scheme)
    return element


def make_period(period: Fields | None) -> list[etree._Element]:
    """The days that something is for, where they are given."""
    if not period:
        return []
    dates = (*some("StartDate", period.get("start")), *some("EndDate", period.get("end")))
    return [aggregate("InvoicePeriod", *dates)] if dates else []


def make_reference(name: str, id: str) -> list[etree._Element]:
    """A reference that is an identifier alone, where there is one."""
    return [aggregate(name, basic("ID", id))] if id else []


def make_attachment(one: Fields) -> etree._Element:
    """A supporting document: what is embedded, and where it can be found."""
    inside: list[etree._Element] = []
    if one["content"]:
        content = basic("EmbeddedDocumentBinaryObject", one["content"])
        content.set("mimeCode", one["mimeType"] or "application/pdf")
        content.set("filename", one["filename"] or f"{one['id']}.pdf")
        inside.append(content)
    if one["url"]:
        inside.append(aggregate("ExternalReference", basic("URI", one["url"])))
    return aggregate(
        "AdditionalDocumentReference",
        basic("ID", one["id"]),
        *some("DocumentDescription", one["description"]),
        *([aggregate("Attachment", *inside)] if inside else ()),
    )
