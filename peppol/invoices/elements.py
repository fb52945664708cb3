"""The elements that UBL is made of, from one value to a whole party."""

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
    element: etree._Element = _make_basic(name, format(amounts.rounded(amount), "f"))
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


def make_item(line: Fields) -> etree._Element:
    ids = (
        ("BuyersItemIdentification", "buyerItemId"),
        ("SellersItemIdentification", "sellerItemId"),
    )
    return aggregate(
        "Item",
        *some("Description", line["description"]),
        basic("Name", line["name"]),
        *(aggregate(element, basic("ID", line[name])) for element, name in ids if line[name]),
        make_category("ClassifiedTaxCategory", line["vat"]),
    )


def make_party(party: Fields) -> etree._Element:
    scheme, _, value = party["peppolId"].partition(":")
    endpoint = basic("EndpointID", value)
    endpoint.set("schemeID", scheme)
    number = some("CompanyID", party["companyNumber"])
    if number and party["companyNumberScheme"]:
        number[0].set("schemeID", party["companyNumberScheme"])
    vat, contact = party["vatNumber"], party.get("contact") or {}
    return aggregate(
        "Party",
        *([endpoint] if value else ()),
        *(
            [aggregate("PartyName", basic("Name", party["tradeName"]))]
            if party["tradeName"]
            else ()
        ),
        make_address("PostalAddress", party["address"]),
        *(
            [
                aggregate(
                    "PartyTaxScheme",
                    basic("CompanyID", vat),
                    aggregate("TaxScheme", basic("ID", "VAT")),
                )
            ]
            if vat
            else ()
        ),
        aggregate("PartyLegalEntity", basic("RegistrationName", party["name"]), *number),
        *(
            [
                aggregate(
                    "Contact",
                    *some("Name", contact.get("name")),
                    *some("Telephone", contact.get("phone")),
                    *some("ElectronicMail", contact.get("email")),
                )
            ]
            if any(contact.values())
            else ()
        ),
    )


def make_address(name: str, address: Fields) -> etree._Element:
    return aggregate(
        name,
        *some("StreetName", address["street"]),
        *some("AdditionalStreetName", address["additional"]),
        *some("CityName", address["city"]),
        *some("PostalZone", address["postalCode"]),
        *some("CountrySubentity", address["region"]),
        aggregate("Country", basic("IdentificationCode", address["country"])),
    )


def make_attachment(one: Fields) -> etree._Element:
    inside: list[etree._Element] = []
    if one["content"]:
        content = basic("EmbeddedDocumentBinaryObject", one["content"])
        content.set("mimeCode", one["mimeType"] or "application/pdf")
        content.set("filename", one["filename"] or f"{one['id']}.pdf")
        inside = [aggregate("Attachment", content)]
    elif one["url"]:
        inside = [aggregate("Attachment", aggregate("ExternalReference", basic("URI", one["url"])))]
    return aggregate(
        "AdditionalDocumentReference",
        basic("ID", one["id"]),
        *some("DocumentDescription", one["description"]),
        *inside,
    )
