"""Nothing that can be given as a document makes us stumble: it is refused in words, or sent."""

import random

import pytest
from lxml import etree

from config.api.flowie.openapi import examples as flowie
from peppol.services.documents import intake
from tenants.errors import DomainError
from tests.peppol.judged import at, billing, put
from tests.peppol.trading import SHAPE

pytestmark = pytest.mark.django_db
PAYABLE = "LegalMonetaryTotal/PayableAmount"
ODD = {
    "comma": lambda root: put(root, PAYABLE, "5,30"),
    "not a number": lambda root: put(root, PAYABLE, "NaN"),
    "endless": lambda root: put(root, PAYABLE, "INF"),
    "exponent": lambda root: put(root, PAYABLE, "1E999999"),
    "a thousand digits": lambda root: put(root, PAYABLE, "9" * 1000),
    "empty": lambda root: put(root, PAYABLE, ""),
    "quantity": lambda root: put(root, "InvoiceLine/InvoicedQuantity", "one"),
    "day": lambda root: put(root, "IssueDate", "0000-00-00"),
    "year": lambda root: put(root, "IssueDate", "99999-01-01"),
    "rate": lambda root: put(root, "TaxTotal/TaxSubtotal/TaxCategory/Percent", "six"),
    "no VAT number": lambda root: put(root, "AccountingSupplierParty/Party/EndpointID", "é\u0301"),
    "an instruction": lambda root: root.insert(0, etree.PI("xml-stylesheet", "x")) or root,
    "a comment": lambda root: at(root, PAYABLE).append(etree.Comment("5.30")) or root,
    "a price of nothing": lambda root: put(root, "InvoiceLine/Price/PriceAmount", " "),
}


def given(sender, root):
    return intake.from_json(sender, {"ubl": etree.tostring(root, encoding="unicode")})


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_odd_values_are_refused_or_sent(change, sender):
    try:
        given(sender, change(billing()))
    except DomainError as refusal:
        assert refusal.message


def test_whatever_is_taken_out_or_doubled_is_refused_or_sent(sender):
    chance = random.Random(20261130)
    for _ in range(60):
        root = billing()
        for _ in range(chance.randint(1, 3)):
            element = chance.choice([one for one in root.iter() if one is not root])
            parent = element.getparent()
            if chance.random() < 0.6:
                parent.remove(element)
            else:
                element.text = chance.choice(["", " ", "x", "-1", "é", "1e5", "2026-02-30"])
        try:
            given(sender, root)
        except DomainError as refusal:
            assert refusal.message


def test_whatever_stands_in_a_field_of_json_is_refused_or_sent(sender):
    values = [
        None,
        "",
        " ",
        "\x0b",
        "\ufffe",
        -1,
        1e300,
        [],
        {},
        [None],
        "9" * 400,
        True,
        "<a>&amp;",
    ]
    for name in (*SHAPE, "dueDate", "payment", "delivery", "taxCurrency", "typeCode", "payee"):
        for value in values:
            try:
                intake.from_json(sender, {**SHAPE, name: value})
            except DomainError as refusal:
                assert refusal.message


@pytest.mark.parametrize("text", ["", "<", "<a/>", "\x00", "<?xml version='9'?><a/>", "﻿<a/>"])
def test_text_that_is_no_invoice_is_refused(text, sender):
    with pytest.raises(DomainError):
        intake.from_json(sender, {"ubl": text or " "})


def test_the_example_of_the_description_is_sent(sender):
    assert intake.from_json(sender, flowie.OUTGOING["document"]).warnings == []
