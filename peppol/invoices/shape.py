"""The one JSON shape of an invoice or credit note, checked field by field.

It names what EN 16931 names (BT and BG numbers in the comments) and leaves out what can be
computed: line amounts, the VAT breakdown and the totals are ours to get right.
"""

# ruff: noqa: N815 — fields have JSON's own spelling

import difflib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from peppol.invoices import amounts, parts
from peppol.invoices.fields import Amount, Currency, Text, Words
from tenants.errors import Invalid

# What tells our shape from one that we do not know: three of these.
_MARKS = {"number", "issueDate", "lines", "buyer"}
_ENOUGH = 3
# Of each type the codes of UNTDID 1001 that go with it, the usual one first.
TYPE_CODES = {"invoice": ("380", "383", "384", "326", "389"), "credit_note": ("381", "261")}
SELF_BILLED = ("389", "261")


class Invoice(serializers.Serializer[Any]):
    """An invoice or, with `type` credit_note, a credit note. `strict` refuses unknown fields."""

    type = serializers.ChoiceField(tuple(TYPE_CODES), default="invoice")
    typeCode = serializers.ChoiceField(sum(TYPE_CODES.values(), ()), required=False)
    strict = serializers.BooleanField(required=False, default=False)
    number = Words(max_length=255)
    issueDate = serializers.DateField()
    dueDate = serializers.DateField(required=False)
    taxPointDate = serializers.DateField(required=False)
    currency = Currency(max_length=3, default="EUR")
    taxCurrency = parts.TaxCurrency(required=False)
    buyerReference = Text(255)
    orderReference = Text(255)
    salesOrderReference = Text(255)
    contractReference = Text(255)
    projectReference = Text(255)
    tenderReference = Text(255)
    despatchReference = Text(255)
    receiptReference = Text(255)
    accountingReference = Text(255)
    note = Text(5000)
    period = parts.Period(required=False)
    precedingInvoices = parts.Reference(many=True, required=False, default=list)
    attachments = parts.Attachment(many=True, required=False, default=list)
    seller = parts.Party(required=False)
    buyer = parts.Party()
    payee = parts.Payee(required=False)
    taxRepresentative = parts.TaxRepresentative(required=False)
    delivery = parts.Delivery(required=False)
    payment = parts.Payment(required=False)
    payments = parts.Payment(many=True, required=False, default=list)
    allowances = parts.Adjustment(many=True, required=False, default=list)
    charges = parts.Adjustment(many=True, required=False, default=list)
    prepaidAmount = Amount(required=False, default=Decimal(0))
    rounding = Amount(required=False, default=Decimal(0))
    lines = serializers.ListField(child=parts.Line(), allow_empty=False, max_length=10_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The type's code goes with the type, and amounts have the decimals of their currency."""
        codes = TYPE_CODES[attrs["type"]]
        if attrs.setdefault("typeCode", codes[0]) not in codes:
            sentence = f"Of type {attrs['type']} this is one of {', '.join(codes)}."
            raise serializers.ValidationError({"typeCode": [sentence]})
        wrong = {
            path: [f"{currency} has {amounts.places(currency)} decimals."]
            for path, currency, amount in _amounts(attrs)
            if amount != amounts.rounded(amount, currency)
        }
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


def is_ours(value: Any) -> bool:
    """Whether `value` is meant to be our shape: of number, date, lines and buyer it has three."""
    return isinstance(value, Mapping) and len(set(value) & _MARKS) >= _ENOUGH


def read(value: Any) -> dict[str, Any]:
    """The checked invoice. Raises Invalid with what is wrong where."""
    reader = Invoice(data=value)
    if not reader.is_valid():
        raise _wrong(dict(_flat("", reader.errors)))
    if reader.validated_data["strict"]:
        surplus = {path: [sentence] for path, sentence in unknown_fields(value)}
        if surplus:
            raise _wrong(surplus)
    return dict(reader.validated_data)


def unknown_fields(value: Any, of: Any = None) -> Iterator[tuple[str, str]]:
    """The fields of `value` that the shape (or another one) does not have, each with a sentence."""
    yield from _unknown("", value, Invoice() if of is None else of)


def _unknown(path: str, value: Any, field: Any) -> Iterator[tuple[str, str]]:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        for number, entry in enumerate(value if isinstance(value, list) else ()):
            yield from _unknown(_under(path, number), entry, field.child)
    elif isinstance(field, serializers.Serializer) and isinstance(value, Mapping):
        for name, nested in value.items():
            if name in field.fields:
                yield from _unknown(_under(path, name), nested, field.fields[name])
            else:
                meant = difflib.get_close_matches(str(name), field.fields, 1)
                hint = f" Is {meant[0]} meant?" if meant else ""
                said = f"There is no such field; it is not sent.{hint}"
                yield _under(path, str(name)[:100]), said


def _wrong(fields: dict[str, list[str]]) -> Invalid:
    first = next(iter(fields))
    return Invalid(f"{first}: {fields[first][0]}", code="invalid_invoice", fields=fields)


def _amounts(invoice: Mapping[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    """Every amount that was given as money, with its currency."""
    currency = invoice["currency"]
    yield "prepaidAmount", currency, invoice["prepaidAmount"]
    yield "rounding", currency, invoice["rounding"]
    if "taxCurrency" in invoice:
        other = invoice["taxCurrency"]
        yield "taxCurrency.amount", other["currency"], other["amount"]
    holders = [("", invoice), *((f"lines.{n}.", line) for n, line in enumerate(invoice["lines"]))]
    for path, holder in holders:
        for name in ("allowances", "charges"):
            for number, entry in enumerate(holder[name]):
                yield f"{path}{name}.{number}.amount", currency, entry["amount"]


def _flat(path: str, errors: Any) -> list[tuple[str, list[str]]]:
    if isinstance(errors, Mapping):
        return [
            found
            for name, nested in errors.items()
            for found in _flat(path if name == "non_field_errors" else _under(path, name), nested)
        ]
    if isinstance(errors, list) and any(isinstance(entry, Mapping) for entry in errors):
        return [
            found
            for number, nested in enumerate(errors)
            for found in _flat(_under(path, number), nested)
            if nested
        ]
    return [(path, [str(entry) for entry in errors])]


def _under(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
