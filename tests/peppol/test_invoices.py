"""Invoices in our shape become UBL that the official rules accept, and bad ones name the rule."""

import base64
from copy import deepcopy
from decimal import Decimal

import pytest
from django.conf import settings
from lxml import etree

from peppol.invoices import reading, shape, writing
from peppol.rules import judging
from tenants.errors import Invalid

# The rules in force are asked for in the database.
pytestmark = pytest.mark.django_db
SELLER = {
    "name": "Bakkerij Peeters BV",
    "peppolId": "0208:0403170701",
    "vatNumber": "BE0403170701",
    "companyNumber": "0403170701",
    "companyNumberScheme": "0208",
    "address": {"street": "Korenmarkt 5", "city": "Gent", "postalCode": "9000", "country": "BE"},
    "contact": {"name": "An Peeters", "email": "an@peeters.example", "phone": "+32 9 123 45 67"},
}
BUYER = {
    "name": "Studio Lumière SARL",
    "peppolId": "9957:FR86797978996",
    "vatNumber": "FR86797978996",
    "address": {
        "street": "12 rue de la République",
        "city": "Lyon",
        "postalCode": "69002",
        "country": "FR",
    },
}
INVOICE = {
    "number": "2026-0042",
    "issueDate": "2026-11-20",
    "dueDate": "2026-12-20",
    "buyerReference": "PO-77",
    "seller": SELLER,
    "buyer": BUYER,
    "payment": {"iban": "BE71096123456769", "bic": "GKCCBEBB", "terms": "30 days"},
    "lines": [
        {
            "name": "Bread",
            "quantity": 10,
            "unitPrice": "2.50",
            "vat": {"category": "S", "rate": "6"},
        }
    ],
}
PDF = base64.b64encode(b"%PDF-1.4 small").decode()
STANDARD = {"category": "S", "rate": "21"}
CASES = {
    "plain": {},
    "credit note": {"type": "credit_note", "precedingInvoices": [{"number": "2026-0041"}]},
    "discount on the document and on a line": {
        "allowances": [{"amount": "5", "reason": "Loyalty", "vat": {"rate": "6"}}],
        "lines": [
            {
                "name": "Bread",
                "quantity": 10,
                "unitPrice": "2.50",
                "vat": {"rate": "6"},
                "allowances": [
                    {
                        "amount": "2.50",
                        "baseAmount": "25",
                        "percentage": "10",
                        "reason": "Ten for nine",
                    }
                ],
                "charges": [{"amount": "1.00", "reason": "Packing"}],
            }
        ],
    },
    "several VAT rates, prepaid and rounded": {
        "lines": [
            {"name": "Bread", "quantity": 3, "unitPrice": "1.333", "vat": {"rate": "6"}},
            {
                "name": "Catering",
                "quantity": "2.5",
                "unit": "HUR",
                "unitPrice": "40",
                "vat": STANDARD,
            },
            {"name": "Book", "unitPrice": "9.99", "vat": {"category": "Z", "rate": 0}},
        ],
        "charges": [{"amount": "7.50", "reason": "Freight", "vat": STANDARD}],
        "prepaidAmount": "20",
        "rounding": "0.01",
    },
    "reverse charge": {
        "lines": [
            {
                "name": "Consulting",
                "unitPrice": "1000",
                "vat": {"category": "AE", "rate": 0, "exemptionReason": "Reverse charge"},
            }
        ],
    },
    "intra-community supply": {
        "delivery": {"date": "2026-11-18", "address": BUYER["address"]},
        "lines": [
            {
                "name": "Ovens",
                "unitPrice": "1000",
                "vat": {
                    "category": "K",
                    "rate": 0,
                    "exemptionReasonCode": "VATEX-EU-IC",
                    "exemptionReason": "Intra-Community supply",
                },
            }
        ],
    },
    "foreign currency": {"currency": "USD", "taxCurrency": {"currency": "EUR", "amount": "1.39"}},
    "attachments": {
        "attachments": [
            {
                "id": "timesheet",
                "description": "Hours",
                "filename": "hours.pdf",
                "mimeType": "application/pdf",
                "content": PDF,
            },
            {"id": "terms", "url": "https://peeters.example/terms"},
        ],
    },
    "references": {
        "orderReference": "O-1",
        "contractReference": "C-1",
        "projectReference": "P-1",
        "accountingReference": "4000",
        "note": "Thank you.",
        "period": {"start": "2026-11-01", "end": "2026-11-30"},
    },
    "credit note of a project": {"type": "credit_note", "projectReference": "P-1"},
}
BROKEN = {
    "PEPPOL-EN16931-R003": ("BuyerReference", None),
    "UBL-XSD": ("ID", None),
    "BR-CO-15": ("TaxInclusiveAmount", "99.00"),
    "BR-S-08": ("TaxableAmount", "24.00"),
    "BR-CL-04": ("DocumentCurrencyCode", "XXQ"),
    "PEPPOL-EN16931-R020": ("EndpointID", None),
    "PEPPOL-EN16931-R120": ("InvoicedQuantity", "11"),
    "BR-CL-14": ("IdentificationCode", "XX"),
}


def written(changes=()):
    return writing.write(shape.read({**deepcopy(INVOICE), **dict(changes)}))


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_what_we_write_breaks_no_rule(changes):
    assert judging.breaches(written(changes)) == []


@pytest.mark.parametrize(("rule", "change"), BROKEN.items(), ids=BROKEN)
def test_a_broken_document_names_the_rule_and_the_place(rule, change):
    name, text = change
    root = reading.parse(written())
    element = next(root.iter(f"{reading.CBC}{name}"))
    if text is None:
        element.getparent().remove(element)
    else:
        element.text = text
    found = {breach.rule: breach for breach in judging.breaches(etree.tostring(root))}
    assert rule in found and found[rule].fatal
    assert found[rule].location.startswith("/") and found[rule].message


def test_amounts_are_computed_to_the_cent():
    facts = reading.header(reading.parse(written(CASES["several VAT rates, prepaid and rounded"])))
    # 4.00 + 100.00 + 9.99 + 7.50 freight, 0.24 and 22.58 of VAT, 20 prepaid, a cent of rounding.
    assert facts.payable == Decimal("124.32")


def test_what_is_written_is_read_back():
    facts = reading.header(reading.parse(written()))
    assert (facts.kind, facts.number, facts.sender, facts.receiver, facts.currency) == (
        "invoice",
        "2026-0042",
        "0208:0403170701",
        "9957:FR86797978996",
        "EUR",
    )
    assert facts.document_type.endswith("billing:3.0::2.1")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": []}, "lines"),
        ({"currency": "ZZZ"}, "currency"),
        ({"issueDate": "yesterday"}, "issueDate"),
        ({"lines": [{"name": "x", "unitPrice": "NaN", "vat": {}}]}, "lines.0.unitPrice"),
        ({"lines": [{"name": "x", "unitPrice": "1", "vat": {"rate": "101"}}]}, "lines.0.vat.rate"),
        ({"buyer": {"name": "x", "address": {"country": "Belgium"}}}, "buyer.address.country"),
        ({"lines": "none"}, "lines"),
    ],
    ids=["no-lines", "currency", "date", "nan", "rate", "country", "not-a-list"],
)
def test_a_wrong_field_is_named(changes, field):
    with pytest.raises(Invalid) as refusal:
        shape.read({**INVOICE, **changes})
    assert field in refusal.value.fields


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a",
        b"\xff\xfe",
        b"plain text",
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        b"<a/>" + b" " * settings.MOST_DOCUMENT_BYTES,
    ],
    ids=["empty", "cut", "binary", "text", "entity", "large"],
)
def test_what_is_no_plain_xml_is_refused(content):
    with pytest.raises(Invalid):
        reading.parse(content)


def test_other_xml_is_no_invoice():
    with pytest.raises(Invalid, match="neither"):
        reading.header(reading.parse(b"<Order/>"))
