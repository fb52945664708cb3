"""The schema comes before the rules; what it refuses is said in plain words, with its place."""

import copy

import pytest
from lxml import etree

from peppol.invoices.reading import CBC
from peppol.rules import judging, schemas
from tests.peppol.judged import at, billing, put

pytestmark = pytest.mark.django_db


def twice(root, path):
    element = at(root, path)
    element.addnext(copy.deepcopy(element))
    return root


def last(root, path):
    element = at(root, path)
    element.getparent().append(element)
    return root


def beside(root, path, name, text):
    at(root, path).addnext(made := etree.Element(f"{CBC}{name}"))
    made.text = text
    return root


PAYABLE = "LegalMonetaryTotal/PayableAmount"
NAME = "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName"
FAULTS = {
    "a comma": (lambda r: put(r, PAYABLE, "5,30"), "PayableAmount says “5,30”: a number has"),
    "an exponent": (lambda r: put(r, PAYABLE, "5.3E0"), "PayableAmount says “5.3E0”: a number"),
    "a word": (lambda r: put(r, "InvoiceLine/InvoicedQuantity", "two"), "says “two”: a number"),
    "no day": (lambda r: put(r, "DueDate", "20.12.2026"), "a day is written as 2026-11-20"),
    "two names": (lambda r: twice(r, NAME), "RegistrationName stands here twice"),
    "two totals": (lambda r: twice(r, "LegalMonetaryTotal"), "LegalMonetaryTotal stands here"),
    "swapped": (lambda r: last(r, "IssueDate"), "does not belong at this place"),
    "unknown": (lambda r: beside(r, "ID", "Colour", "red"), "Colour does not belong"),
    "attribute": (lambda r: put(r, "ID", colour="red"), "ID has no attribute “colour”"),
    "no currency": (
        lambda r: at(r, PAYABLE).attrib.clear() or r,
        "PayableAmount needs the attribute “currencyID”",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), FAULTS.values(), ids=FAULTS)
def test_what_the_schema_refuses_is_the_only_finding(change, sentence):
    judged = judging.judge(etree.fromstring(etree.tostring(change(billing()))))
    assert {breach.rule for breach in judged.breaches} == {"UBL-XSD"}
    first = judged.breaches[0]
    assert first.rule_set == judged.rule_set == "UBL 2.1 schema"
    assert sentence in first.message and first.fatal
    assert first.line > 1 and first.location.startswith("/Invoice[1]/")
    assert "urn:" not in first.message


def test_an_attachment_is_base64():
    root = billing()
    at(root, "BuyerReference").addnext(
        etree.fromstring(
            '<cac:AdditionalDocumentReference xmlns:cac="urn:oasis:names:specification:ubl:schema:'
            'xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:'
            'xsd:CommonBasicComponents-2"><cbc:ID>a</cbc:ID><cac:Attachment>'
            '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">not !!'
            "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        )
    )
    assert "an attachment is given in base64" in judging.judge(root).breaches[0].message


def test_other_syntaxes_have_schemas_too_or_none():
    cii = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    found = schemas.breaches(etree.fromstring(f'<a:CrossIndustryInvoice xmlns:a="{cii}"/>'))
    assert found and found[0].rule == "CII-XSD"
    assert schemas.breaches(etree.fromstring("<Order/>")) == []
