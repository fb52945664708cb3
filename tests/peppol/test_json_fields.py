"""What JSON gives is checked field by field, is sent whole, or is named as not sent."""

import base64

import pytest
from lxml import etree

from peppol.invoices import reading, remarks, shape, writing
from peppol.invoices.reading import CAC, CBC
from peppol.rules import judging
from tenants.errors import Invalid
from tests.peppol.test_invoices import BUYER, INVOICE, SELLER

pytestmark = pytest.mark.django_db
LINE = INVOICE["lines"][0]
PDF = base64.b64encode(b"%PDF-1.4").decode()


def with_line(**changes):
    return {"lines": [{**LINE, **changes}]}


def paid(**changes):
    return {"payment": {**INVOICE["payment"], **changes}}


WRONG = {
    "control character": ({"note": "a\x0bb"}, "note", "U+000B"),
    "no character at all": ({"note": "a\ufffeb"}, "note", "U+FFFE"),
    "no lines": ({"lines": None}, "lines", "null"),
    "IBAN mistyped": (paid(iban="BE71096123456768"), "payment.iban", "mistyped"),
    "IBAN too short": (paid(iban="BE7109612345676"), "payment.iban", "mistyped"),
    "+++ mistyped": (paid(reference="+++090/9337/55494+++"), "payment.reference", "mistyped"),
    "+++ half": (paid(reference="+++090/9337"), "payment.reference", "structured"),
    "RF mistyped": (paid(reference="RF19539007547034"), "payment.reference", "mistyped"),
    "negative price": (with_line(unitPrice="-1"), "lines.0.unitPrice", "negative quantity"),
    "twelve decimals": (with_line(unitPrice="0.123456789012"), "lines.0.unitPrice", "11"),
    "no country": ({"buyer": {**BUYER, "address": {"city": "Lyon"}}}, "buyer.address.country", ""),
    "half a yen": ({"currency": "JPY", "prepaidAmount": "0.5"}, "prepaidAmount", "0 decimals"),
    "code of another type": ({"type": "credit_note", "typeCode": "380"}, "typeCode", "381"),
    "no base64": (
        {"attachments": [{"id": "a", "content": "not base64 !!"}]},
        "attachments.0.content",
        "base64",
    ),
    "a data URL": (
        {"attachments": [{"id": "a", "content": f"data:application/pdf;base64,{PDF}"}]},
        "attachments.0.content",
        "alone",
    ),
    "a type nobody takes": (
        {"attachments": [{"id": "a", "content": PDF, "mimeType": "text/html"}]},
        "attachments.0.mimeType",
        "application/pdf",
    ),
}


@pytest.mark.parametrize(("changes", "field", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_named_with_what_would_be_right(changes, field, said):
    with pytest.raises(Invalid) as refusal:
        shape.read({**INVOICE, **changes})
    assert said in " ".join(refusal.value.fields[field])


def test_an_invoice_without_lines_is_meant_to_be_one():
    without = {name: value for name, value in INVOICE.items() if name != "lines"}
    assert shape.is_ours(without) and not shape.is_ours({"number": "1", "total": 3})
    with pytest.raises(Invalid) as refusal:
        shape.read(without)
    assert "lines" in refusal.value.fields


RIGHT = {
    "an IBAN with blanks": (paid(iban="be71 0961 2345 6769"), "BE71096123456769"),
    "an account without check digits": (paid(iban="0440116243"), "0440116243"),
    "a structured reference": (paid(reference="+++090/9337/55493+++"), "+++090/9337/55493+++"),
    "a creditor reference": (paid(reference="RF18539007547034"), "RF18539007547034"),
    "Northern Ireland": ({"buyer": {**BUYER, "address": {"country": "XI"}}}, "XI"),
    "eleven decimals": (with_line(unitPrice="0.00000000001"), "0.00000000001"),
    "a rate of five decimals": (with_line(vat={"rate": "5.12345"}), "5.12345"),
    "base64 in lines": (
        {"attachments": [{"id": "a", "content": f"{PDF[:4]}\n{PDF[4:]}"}]},
        PDF,
    ),
}


@pytest.mark.parametrize(("changes", "text"), RIGHT.values(), ids=RIGHT)
def test_a_right_value_is_written_bare(changes, text):
    document = writing.write(shape.read({**INVOICE, **changes}))
    assert text in {element.text for element in etree.fromstring(document).iter()}


def test_amounts_have_the_decimals_of_their_currency():
    yen = {"currency": "JPY", **with_line(quantity=3, unitPrice="33.5")}
    total = etree.fromstring(writing.write(shape.read({**INVOICE, **yen}))).find(
        f"{CAC}LegalMonetaryTotal"
    )
    assert [element.text for element in total] == ["101", "101", "107", "107"]


def test_a_credit_notes_due_date_stands_with_the_payment():
    for changes in ({}, {"payment": None}):
        given = {k: v for k, v in {**INVOICE, "type": "credit_note", **changes}.items() if v}
        root = etree.fromstring(writing.write(shape.read(given)))
        assert root.find(f"{CAC}PaymentMeans/{CBC}PaymentDueDate").text == "2026-12-20"
        assert not judging.judge(root).fatal


def test_every_reason_of_an_exemption_is_sent():
    exempt = {"category": "E", "rate": 0}
    lines = [
        {"name": "A", "unitPrice": 1, "vat": exempt},
        {"name": "B", "unitPrice": 2, "vat": {**exempt, "exemptionReason": "Second"}},
        {"name": "C", "unitPrice": 3, "vat": {**exempt, "exemptionReason": "Third"}},
    ]
    root = reading.parse(writing.write(shape.read({**INVOICE, "lines": lines})))
    reasons = [element.text for element in root.iter(f"{CBC}TaxExemptionReason")]
    assert reasons == ["Second; Third"] and not judging.judge(root).fatal


REMARKS = {
    "a name mistyped": ({"dueDat": "2026-12-20"}, "dueDat", "dueDate"),
    "a field of a line": (with_line(colour="red"), "lines.0.colour", "no such field"),
    "a bank without account": ({"payment": {"bic": "GKCCBEBB"}}, "payment.bic", "iban"),
    "VAT on a line's allowance": (
        with_line(allowances=[{"amount": "1", "reason": "x", "vat": {"rate": 6}}]),
        "lines.0.allowances.0.vat",
        "The VAT of the line",
    ),
    "a scheme of no number": (
        {"buyer": {**BUYER, "companyNumberScheme": "0002"}},
        "buyer.companyNumberScheme",
        "companyNumber",
    ),
    "a negative credit note": (
        {"type": "credit_note", **with_line(quantity=-1)},
        "lines",
        "negative",
    ),
}


@pytest.mark.parametrize(("changes", "field", "said"), REMARKS.values(), ids=REMARKS)
def test_what_is_not_sent_is_said(changes, field, said):
    given = {**INVOICE, **changes}
    found = {remark.field: remark for remark in remarks.on(given, shape.read(given))}
    assert said in found[field].message and not found[field].fatal


def test_strict_refuses_what_it_does_not_know():
    with pytest.raises(Invalid) as refusal:
        shape.read({**INVOICE, **with_line(colour="red"), "strict": True})
    assert list(refusal.value.fields) == ["lines.0.colour"]
    assert shape.read({**INVOICE, "strict": True})


@pytest.mark.parametrize(
    ("changes", "process"),
    [
        ({"typeCode": "389"}, "selfbilling"),
        ({"type": "credit_note", "typeCode": "261"}, "selfbilling"),
        ({"type": "credit_note"}, "billing"),
    ],
)
def test_a_self_billed_document_says_what_it_is(changes, process):
    root = etree.fromstring(writing.write(shape.read({**INVOICE, **changes})))
    assert root.find(f"{CBC}CustomizationID").text.endswith(f":{process}:3.0")
    assert not judging.judge(root).fatal


def test_a_corrected_invoice_is_one_between_germans():
    def german(party):
        address = {"street": "A 1", "city": "Köln", "postalCode": "50667", "country": "DE"}
        return {**party, "address": address, "vatNumber": "DE136695976"}

    given = {"typeCode": "384", "precedingInvoices": [{"number": "1"}]}
    given |= {"seller": german(SELLER), "buyer": german(BUYER)}
    assert not judging.judge(reading.parse(writing.write(shape.read({**INVOICE, **given})))).fatal
