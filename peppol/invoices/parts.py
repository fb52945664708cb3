"""What an invoice in our JSON shape is made of: parties, lines, payment and what hangs on them.

BT and BG numbers are EN 16931's names of the same things.
"""

# ruff: noqa: N815 — fields have JSON's own spelling

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from peppol.invoices.fields import (
    Account,
    Amount,
    Content,
    Country,
    Currency,
    MimeType,
    PaymentReference,
    Price,
    Text,
    Words,
)

_CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B")


class Vat(serializers.Serializer[Any]):
    """The VAT of a line, allowance or charge (BT-151, BT-152)."""

    category = serializers.ChoiceField(_CATEGORIES, default="S")
    rate = Amount(places=5, min_value=Decimal(0), max_value=Decimal(100), default=Decimal(0))
    exemptionReason = Text()
    exemptionReasonCode = Text(50)


class Address(serializers.Serializer[Any]):
    """A postal address (BG-5, BG-8); all but the country may be left out."""

    street = Text(255)
    additional = Text(255)
    city = Text(255)
    postalCode = Text(32)
    region = Text(255)
    country = Country(max_length=2)


class Contact(serializers.Serializer[Any]):
    """The contact of a party (BG-6, BG-9)."""

    name = Text(255)
    email = Text(255)
    phone = Text(64)


class Identifier(serializers.Serializer[Any]):
    """A number under a scheme (ICD), such as a GLN under 0088."""

    value = Words(max_length=255)
    scheme = Text(8)


class Party(serializers.Serializer[Any]):
    """A buyer or seller (BG-4, BG-7). `peppolId` is its electronic address.

    `legalForm` (BT-33) and `taxRegistration` (BT-32) are the seller's alone.
    """

    name = Words(max_length=255)
    tradeName = Text(255)
    peppolId = Text(200)
    ids = Identifier(many=True, required=False, default=list)
    vatNumber = Text(64)
    companyNumber = Text(64)
    companyNumberScheme = Text(4)
    legalForm = Text()
    taxRegistration = Text(64)
    address = Address()
    contact = Contact(required=False)


class Payee(serializers.Serializer[Any]):
    """Who is paid, where it is not the seller (BG-10)."""

    name = Words(max_length=255)
    ids = Identifier(many=True, required=False, default=list)
    companyNumber = Text(64)
    companyNumberScheme = Text(4)


class TaxRepresentative(serializers.Serializer[Any]):
    """Who answers for the seller's VAT (BG-11)."""

    name = Words(max_length=255)
    vatNumber = Words(max_length=64)
    address = Address()


class Adjustment(serializers.Serializer[Any]):
    """An allowance or a charge on the document or on a line (BG-20, BG-21, BG-27, BG-28).

    On a line the VAT of the line applies, and `vat` says nothing.
    """

    amount = Amount(min_value=Decimal(0))
    baseAmount = Amount(min_value=Decimal(0), required=False)
    percentage = Amount(places=4, min_value=Decimal(0), required=False)
    reason = Text(255)
    reasonCode = Text(10)
    vat = Vat(required=False)


class Period(serializers.Serializer[Any]):
    """The days that an invoice or a line is for (BG-14, BG-26)."""

    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)


class Classification(serializers.Serializer[Any]):
    """What kind of thing an item is (BT-158), under a list of UNTDID 7143."""

    code = Words(max_length=64)
    list = Words(max_length=8)
    version = Text(32)


class Attribute(serializers.Serializer[Any]):
    """A property of an item (BG-32)."""

    name = Words(max_length=255)
    value = Words(max_length=255)


class Line(serializers.Serializer[Any]):
    """A line (BG-25). Its amount is quantity × price, less allowances, plus charges.

    `unitPrice` is what is paid; `grossPrice` and `priceDiscount` say how it came about.
    """

    id = Text(64)
    name = Words(max_length=255)
    description = Text(2000)
    note = Text()
    quantity = Amount(places=11, default=Decimal(1))
    unit = Words(max_length=3, default="C62")
    unitPrice = Price()
    grossPrice = Price(required=False)
    priceDiscount = Price(required=False)
    baseQuantity = Amount(places=11, min_value=Decimal("0.000001"), required=False)
    vat = Vat()
    allowances = Adjustment(many=True, required=False, default=list)
    charges = Adjustment(many=True, required=False, default=list)
    period = Period(required=False)
    sellerItemId = Text(255)
    buyerItemId = Text(255)
    gtin = Text(14)
    classifications = Classification(many=True, required=False, default=list)
    attributes = Attribute(many=True, required=False, default=list)
    originCountry = Country(max_length=2, required=False)
    orderLine = Text(64)
    accountingReference = Text(255)


class DirectDebit(serializers.Serializer[Any]):
    """What is needed to collect (BG-19): mandate, debited account, and the creditor's number."""

    mandate = Text(255)
    account = Account(64)
    creditorId = Text(64)


class Payment(serializers.Serializer[Any]):
    """How to pay (BG-16, BT-20)."""

    meansCode = Words(max_length=3, default="30")
    meansText = Text(255)
    iban = Account(64)
    bic = Text(16)
    accountName = Text(255)
    reference = PaymentReference(140)
    terms = Text()
    directDebit = DirectDebit(required=False)


class Attachment(serializers.Serializer[Any]):
    """A supporting document (BG-24): base64 `content` with name and type, or a `url`."""

    id = Words(max_length=255)
    description = Text()
    filename = Text(255)
    mimeType = MimeType(127)
    content = Content()
    url = Text(2000)


class Reference(serializers.Serializer[Any]):
    """An earlier invoice (BG-3)."""

    number = Words(max_length=255)
    issueDate = serializers.DateField(required=False)


class TaxCurrency(serializers.Serializer[Any]):
    """The VAT total in the currency of account (BT-6, BT-111)."""

    currency = Currency(max_length=3)
    amount = Amount()


class Delivery(serializers.Serializer[Any]):
    """Where and when goods went (BG-13)."""

    date = serializers.DateField(required=False)
    name = Text(255)
    address = Address(required=False)
