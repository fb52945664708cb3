"""The one JSON shape of an invoice or credit note, checked field by field.

It names what EN 16931 names (BT and BG numbers in the comments) and leaves out what can be
computed: line amounts, the VAT breakdown and the totals are ours to get right.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pycountry
from rest_framework import serializers

from tenants.errors import Invalid

_CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M")
# What tells our shape from one that we do not know.
_MARKS = {"number", "issueDate", "lines", "buyer"}


class _Amount(serializers.DecimalField):
    """Money or a quantity; given as a number or, to be exact, as a string."""

    def __init__(self, places: int = 2, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=places, **options)


class _Code(serializers.CharField):
    """A short code in capitals."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).upper()


class _Country(_Code):
    """ISO 3166-1 alpha-2."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if len(code) != 2 or pycountry.countries.get(alpha_2=code) is None:
            raise serializers.ValidationError("This is no ISO 3166-1 alpha-2 code, such as BE.")
        return code


class _Currency(_Code):
    """ISO 4217."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if pycountry.currencies.get(alpha_3=code) is None:
            raise serializers.ValidationError("This is no ISO 4217 code, such as EUR.")
        return code


class _Text(serializers.CharField):
    """Optional text."""

    def __init__(self, longest: int = 1000, **options: Any) -> None:
        super().__init__(
            max_length=longest, required=False, default="", allow_blank=True, **options
        )


class Vat(serializers.Serializer[Any]):
    """The VAT of a line, allowance or charge (BT-151, BT-152)."""

    category = serializers.ChoiceField(_CATEGORIES, default="S")
    rate = _Amount(places=2, min_value=Decimal(0), max_value=Decimal(100), default=Decimal(0))
    exemptionReason = _Text()  # noqa: N815 — JSON's own spelling
    exemptionReasonCode = _Text(50)  # noqa: N815


class Address(serializers.Serializer[Any]):
    """A postal address (BG-5, BG-8)."""

    street = _Text(255)
    additional = _Text(255)
    city = _Text(255)
    postalCode = _Text(32)  # noqa: N815
    region = _Text(255)
    country = _Country(max_length=2)


class Contact(serializers.Serializer[Any]):
    """The contact of a party (BG-6, BG-9)."""

    name = _Text(255)
    email = _Text(255)
    phone = _Text(64)


class Party(serializers.Serializer[Any]):
    """A buyer or seller (BG-4, BG-7). `peppolId` is its electronic address."""

    name = serializers.CharField(max_length=255)
    tradeName = _Text(255)  # noqa: N815
    peppolId = _Text(200)  # noqa: N815
    vatNumber = _Text(64)  # noqa: N815
    companyNumber = _Text(64)  # noqa: N815
    companyNumberScheme = _Text(4)  # noqa: N815
    address = Address()
    contact = Contact(required=False)


class Adjustment(serializers.Serializer[Any]):
    """An allowance or a charge on the document or on a line (BG-20, BG-21, BG-27, BG-28)."""

    amount = _Amount(min_value=Decimal(0))
    baseAmount = _Amount(min_value=Decimal(0), required=False)  # noqa: N815
    percentage = _Amount(places=4, min_value=Decimal(0), required=False)
    reason = _Text(255)
    reasonCode = _Text(10)  # noqa: N815
    vat = Vat(required=False)


class Line(serializers.Serializer[Any]):
    """A line (BG-25). Its amount is quantity × price, less allowances, plus charges."""

    id = _Text(64)
    name = serializers.CharField(max_length=255)
    description = _Text(2000)
    note = _Text()
    quantity = _Amount(places=6, default=Decimal(1))
    unit = serializers.CharField(max_length=3, default="C62")
    unitPrice = _Amount(places=6, min_value=Decimal(0))  # noqa: N815
    baseQuantity = _Amount(places=6, min_value=Decimal("0.000001"), required=False)  # noqa: N815
    vat = Vat()
    allowances = Adjustment(many=True, required=False, default=list)
    charges = Adjustment(many=True, required=False, default=list)
    sellerItemId = _Text(255)  # noqa: N815
    buyerItemId = _Text(255)  # noqa: N815
    orderLine = _Text(64)  # noqa: N815
    accountingReference = _Text(255)  # noqa: N815


class Payment(serializers.Serializer[Any]):
    """How to pay (BG-16, BT-20)."""

    meansCode = serializers.CharField(max_length=3, default="30")  # noqa: N815
    iban = _Text(64)
    bic = _Text(16)
    accountName = _Text(255)  # noqa: N815
    reference = _Text(140)
    terms = _Text()


class Attachment(serializers.Serializer[Any]):
    """A supporting document (BG-24): base64 `content` with name and type, or a `url`."""

    id = serializers.CharField(max_length=255)
    description = _Text()
    filename = _Text(255)
    mimeType = _Text(127)  # noqa: N815
    content = serializers.CharField(required=False, default="", max_length=8 * 1024 * 1024)
    url = _Text(2000)


class Reference(serializers.Serializer[Any]):
    """An earlier invoice (BG-3)."""

    number = serializers.CharField(max_length=255)
    issueDate = serializers.DateField(required=False)  # noqa: N815


class TaxCurrency(serializers.Serializer[Any]):
    """The VAT total in the currency of account (BT-6, BT-111)."""

    currency = _Currency(max_length=3)
    amount = _Amount()


class Delivery(serializers.Serializer[Any]):
    """Where and when goods went (BG-13)."""

    date = serializers.DateField(required=False)
    address = Address(required=False)


class Period(serializers.Serializer[Any]):
    """The period that an invoice is for (BG-14)."""

    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)


class Invoice(serializers.Serializer[Any]):
    """An invoice or, with `type` credit_note, a credit note."""

    type = serializers.ChoiceField(("invoice", "credit_note"), default="invoice")
    number = serializers.CharField(max_length=255)
    issueDate = serializers.DateField()  # noqa: N815
    dueDate = serializers.DateField(required=False)  # noqa: N815
    currency = _Currency(max_length=3, default="EUR")
    taxCurrency = TaxCurrency(required=False)  # noqa: N815
    buyerReference = _Text(255)  # noqa: N815
    orderReference = _Text(255)  # noqa: N815
    contractReference = _Text(255)  # noqa: N815
    projectReference = _Text(255)  # noqa: N815
    accountingReference = _Text(255)  # noqa: N815
    note = _Text(5000)
    period = Period(required=False)
    precedingInvoices = Reference(many=True, required=False, default=list)  # noqa: N815
    attachments = Attachment(many=True, required=False, default=list)
    seller = Party(required=False)
    buyer = Party()
    delivery = Delivery(required=False)
    payment = Payment(required=False)
    allowances = Adjustment(many=True, required=False, default=list)
    charges = Adjustment(many=True, required=False, default=list)
    prepaidAmount = _Amount(required=False, default=Decimal(0))  # noqa: N815
    rounding = _Amount(required=False, default=Decimal(0))
    lines = serializers.ListField(child=Line(), allow_empty=False, max_length=10_000)


def is_ours(value: Any) -> bool:
    """Whether `value` is meant to be our shape: it has number, date, lines and buyer."""
    return isinstance(value, Mapping) and set(value) >= _MARKS


def read(value: Any) -> dict[str, Any]:
    """The checked invoice. Raises Invalid with what is wrong where."""
    reader = Invoice(data=value)
    if not reader.is_valid():
        fields = dict(_flat("", reader.errors))
        first = next(iter(fields))
        sentence = f"{first}: {fields[first][0]}"
        raise Invalid(sentence, code="invalid_invoice", fields=fields)
    return dict(reader.validated_data)


def _flat(path: str, errors: Any) -> list[tuple[str, list[str]]]:
    if isinstance(errors, Mapping):
        return [
            found
            for name, nested in errors.items()
            for found in _flat(path if name == "non_field_errors" else _under(path, name), nested)
        ]
    return [(path, [str(entry) for entry in errors])]


def _under(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
