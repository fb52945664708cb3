"""Everything that JSON gives is in the UBL."""

import base64
from copy import deepcopy
from decimal import Decimal

import pytest
from lxml import etree

from peppol.invoices import remarks, shape, writing
from peppol.rules import judging
from tests.peppol.test_invoices import INVOICE, SELLER

pytestmark = pytest.mark.django_db
PDF = base64.b64encode(b"%PDF-1.4").decode()


# Everything the shape has, and what the rules say of the whole: nothing.
WHOLE = {
    "typeCode": "380",
    "taxPointDate": "2026-11-19",
    "orderReference": "O-1",
    "salesOrderReference": "SO-1",
    "contractReference": "C-1",
    "projectReference": "P-1",
    "tenderReference": "T-1",
    "despatchReference": "D-1",
    "receiptReference": "R-1",
    "accountingReference": "4000",
    "note": "Thank you.",
    "precedingInvoices": [{"number": "2026-0001", "issueDate": "2026-01-02"}],
    "attachments": [
        {
            "id": "both",
            "description": "Hours",
            "filename": "hours.pdf",
            "mimeType": "application/pdf",
            "content": PDF,
            "url": "https://peeters.example/hours",
        }
    ],
    "seller": {
        **SELLER,
        "tradeName": "De Bakker",
        "legalForm": "Capital 20,000 EUR",
        "taxRegistration": "TAX-1",
        "ids": [{"value": "5790000436057", "scheme": "0088"}],
    },
    "payee": {
        "name": "Factor NV",
        "ids": [{"value": "F-1"}],
        "companyNumber": "0775432153",
        "companyNumberScheme": "0208",
    },
    "taxRepresentative": {
        "name": "Fiscal NV",
        "vatNumber": "BE0775432153",
        "address": {"country": "BE"},
    },
    "delivery": {"date": "2026-11-18", "name": "Depot", "address": {"country": "FR"}},
    "payment": None,
    "payments": [
        {
            "meansCode": "1",
            "meansText": "Transfer",
            "iban": "BE71096123456769",
            "bic": "GKCCBEBB",
            "accountName": "Peeters",
            "reference": "RF18539007547034",
            "terms": "30 days",
        },
        {
            "meansCode": "1",
            "directDebit": {
                "mandate": "M-1",
                "account": "FR7630006000011234567890189",
                "creditorId": "BE68ZZZ0123456789",
            },
        },
    ],
    "lines": [
        {
            "id": "7",
            "name": "Bread",
            "description": "Brown",
            "note": "Fresh",
            "quantity": 4,
            "unit": "KGM",
            "unitPrice": "2.5",
            "grossPrice": "3",
            "priceDiscount": "0.5",
            "baseQuantity": "2",
            "vat": {"category": "S", "rate": "6"},
            "allowances": [{"amount": "1", "reason": "Ten", "reasonCode": "95"}],
            "charges": [{"amount": "0.5", "reason": "Packing", "reasonCode": "PC"}],
            "sellerItemId": "SI-1",
            "buyerItemId": "BI-1",
            "gtin": "4012345000009",
            "classifications": [{"code": "50181901", "list": "TST", "version": "19.0501"}],
            "attributes": [{"name": "Colour", "value": "Brown crust"}],
            "originCountry": "NL",
            "orderLine": "3",
            "accountingReference": "4001",
        }
    ],
}


def leaves(value):
    if isinstance(value, dict):
        return [leaf for nested in value.values() for leaf in leaves(nested)]
    if isinstance(value, list):
        return [leaf for nested in value for leaf in leaves(nested)]
    return [] if value is None else [str(value)]


def same(leaf, text):
    try:
        return Decimal(leaf) == Decimal(text)
    except ArithmeticError:
        return leaf == text


@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_everything_that_is_given_is_sent(kind):
    given = {**deepcopy(INVOICE), **deepcopy(WHOLE), "type": kind}
    del given["payment"]
    if kind == "credit_note":
        given["typeCode"] = "381"
    invoice = shape.read(given)
    root = etree.fromstring(writing.write(invoice))
    written = {text for e in root.iter() for text in (e.text, *e.attrib.values()) if text}
    written |= {f"{e.get('schemeID')}:{e.text}" for e in root.iter() if e.get("schemeID")}
    missing = [
        leaf
        for leaf in leaves({**given, "type": None})
        if not any(same(leaf, text) for text in written)
    ]
    assert missing == [] and remarks.on(given, invoice) == []
    assert [breach.rule for breach in judging.judge(root).fatal] == []


def test_the_whole_example_has_every_field_of_the_shape():
    def names(serializer):
        for name, field in serializer.fields.items():
            yield name
            yield from (
                names(getattr(field, "child", field))
                if hasattr(getattr(field, "child", field), "fields")
                else ()
            )

    def given(value):
        if isinstance(value, dict):
            return set(value).union(*(given(nested) for nested in value.values()))
        if isinstance(value, list):
            return set().union(*(given(nested) for nested in value))
        return set()

    # What stands in other examples: the base invoice, and tests of their own.
    elsewhere = {"strict", "taxCurrency", "currency", "amount", "period", "start", "end"}
    elsewhere |= {"prepaidAmount", "rounding", "baseAmount", "percentage", "additional", "region"}
    elsewhere |= {"exemptionReason", "exemptionReasonCode"}
    assert set(names(shape.Invoice())) - given(WHOLE) - given(INVOICE) - elsewhere == {"type"}
