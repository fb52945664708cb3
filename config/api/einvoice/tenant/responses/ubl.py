"""What a UBL document says, in the tenant API's words; empty where the XML is silent."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from peppol.invoices import reading
from peppol.invoices.reading import CAC, CBC
from tenants.errors import Invalid

_HEAD = {
    "due_date": "cbc:DueDate",
    "note": "cbc:Note",
    "purchase_order": "cac:OrderReference/cbc:ID",
    "payment_term": "cac:PaymentTerms/cbc:Note",
    "subtotal": "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
    "total_discount": "cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount",
    "invoice_total": "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
    "amount_due": "cac:LegalMonetaryTotal/cbc:PayableAmount",
    "total_tax": "cac:TaxTotal/cbc:TaxAmount",
}
_PARTY = {
    "name": "cac:PartyLegalEntity/cbc:RegistrationName",
    "email": "cac:Contact/cbc:ElectronicMail",
    "tax_id": "cac:PartyTaxScheme/cbc:CompanyID",
    "company_id": "cac:PartyLegalEntity/cbc:CompanyID",
}
_PARTIES = {"vendor": "AccountingSupplierParty", "customer": "AccountingCustomerParty"}
_ADDRESS = (
    "cbc:StreetName",
    "cbc:PostalZone",
    "cbc:CityName",
    "cac:Country/cbc:IdentificationCode",
)
FIELDS = (
    *_HEAD,
    *(f"{who}_{name}" for who in _PARTIES for name in (*_PARTY, "address")),
    "customer_id",
)


def headlines(content: bytes) -> Mapping[str, Any]:
    """FIELDS of a document; all of them None for what is no UBL."""
    found: dict[str, Any] = dict.fromkeys(FIELDS)
    try:
        root = reading.parse(content)
    except Invalid:
        return found
    found |= {name: _text(root, path) for name, path in _HEAD.items()}
    for who, element in _PARTIES.items():
        party = root.find(f"{CAC}{element}/{CAC}Party")
        if party is not None:
            found |= {f"{who}_{name}": _text(party, path) for name, path in _PARTY.items()}
            found[f"{who}_address"] = _address(party)
    return found


def _address(party: etree._Element) -> str | None:
    place = party.find(f"{CAC}PostalAddress")
    if place is None:
        return None
    return ", ".join(filter(None, (_text(place, path) for path in _ADDRESS))) or None


def _text(element: etree._Element, path: str) -> str | None:
    found = element.find(path.replace("cbc:", CBC).replace("cac:", CAC))
    return (found.text or "").strip() or None if found is not None else None
