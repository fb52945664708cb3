"""The parties of an invoice as UBL: seller, buyer, payee, tax representative."""

from collections.abc import Iterable

from lxml import etree

from peppol.invoices.elements import Fields, aggregate, basic, make_identifier, some


def make_party(party: Fields, *, creditor: str = "") -> etree._Element:
    """A seller or buyer; of a seller who collects, the number as a creditor stands with it."""
    scheme, _, value = party["peppolId"].partition(":")
    contact = party.get("contact") or {}
    creditors = [{"value": creditor, "scheme": "SEPA"}] if creditor else []
    return aggregate(
        "Party",
        *([make_identifier("EndpointID", value, scheme)] if value else ()),
        *_identifications([*party["ids"], *creditors]),
        *_name(party["tradeName"]),
        make_address("PostalAddress", party["address"]),
        *_tax_scheme(party["vatNumber"], "VAT"),
        *_tax_scheme(party["taxRegistration"], "TAX"),
        aggregate(
            "PartyLegalEntity",
            basic("RegistrationName", party["name"]),
            *_company(party),
            *some("CompanyLegalForm", party["legalForm"]),
        ),
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


def make_payee(payee: Fields) -> etree._Element:
    """Who is paid instead of the seller."""
    numbers = list(_company(payee))
    return aggregate(
        "PayeeParty",
        *_identifications(payee["ids"]),
        *_name(payee["name"]),
        *([aggregate("PartyLegalEntity", *numbers)] if numbers else ()),
    )


def make_representative(party: Fields) -> etree._Element:
    """Who answers for the seller's VAT."""
    return aggregate(
        "TaxRepresentativeParty",
        *_name(party["name"]),
        make_address("PostalAddress", party["address"]),
        *_tax_scheme(party["vatNumber"], "VAT"),
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


def _identifications(ids: Iterable[Fields]) -> Iterable[etree._Element]:
    for one in ids:
        number = make_identifier("ID", one["value"], one["scheme"])
        yield aggregate("PartyIdentification", number)


def _name(name: str) -> Iterable[etree._Element]:
    return [aggregate("PartyName", basic("Name", name))] if name else ()


def _tax_scheme(number: str, scheme: str) -> Iterable[etree._Element]:
    if number:
        tax_scheme = aggregate("TaxScheme", basic("ID", scheme))
        yield aggregate("PartyTaxScheme", basic("CompanyID", number), tax_scheme)


def _company(party: Fields) -> Iterable[etree._Element]:
    if party["companyNumber"]:
        yield make_identifier("CompanyID", party["companyNumber"], party["companyNumberScheme"])
