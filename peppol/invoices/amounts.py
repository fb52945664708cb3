"""The arithmetic of an invoice, as EN 16931 prescribes it (BR-CO rules, section 6.4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import iso4217

# EN 16931 takes no amount with more decimals, whatever its currency has (BR-DEC).
_MOST_PLACES = 2


@dataclass
class VatGroup:
    """One row of the VAT breakdown (BG-23), with every reason that its lines give."""

    category: str
    rate: Decimal
    currency: str
    taxable: Decimal = Decimal(0)
    reasons: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def tax(self) -> Decimal:
        return rounded(self.taxable * self.rate / 100, self.currency)

    @property
    def vat(self) -> Mapping[str, Any]:
        """As a line says it: the reasons in one text, and the first of the codes."""
        return {
            "category": self.category,
            "rate": self.rate,
            "exemptionReason": "; ".join(self.reasons),
            "exemptionReasonCode": next(iter(self.codes), ""),
        }

    def add(self, vat: Mapping[str, Any], amount: Decimal) -> None:
        self.taxable += amount
        for known, name in (
            (self.reasons, "exemptionReason"),
            (self.codes, "exemptionReasonCode"),
        ):
            given = vat.get(name)
            if given and given not in known:
                known.append(given)


@dataclass(frozen=True)
class Totals:
    """The document's totals (BG-22) and its VAT breakdown."""

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    tax: Decimal
    groups: Sequence[VatGroup]
    prepaid: Decimal
    rounding: Decimal

    @property
    def without_tax(self) -> Decimal:
        return self.lines - self.allowances + self.charges

    @property
    def with_tax(self) -> Decimal:
        return self.without_tax + self.tax

    @property
    def payable(self) -> Decimal:
        return self.with_tax - self.prepaid + self.rounding


@cache
def places(currency: str) -> int:
    """How many decimals amounts of a currency have: none in yen, two in most, never three."""
    try:
        exponent = iso4217.Currency(currency).exponent
    except ValueError:
        exponent = None
    return _MOST_PLACES if exponent is None else min(exponent, _MOST_PLACES)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the decimals of the currency, half up."""
    return amount.quantize(Decimal(1).scaleb(-places(currency)), ROUND_HALF_UP)


def line_net(line: Mapping[str, Any], currency: str) -> Decimal:
    """The net amount of a line (BT-131)."""
    gross = line["quantity"] * line["unitPrice"] / line.get("baseQuantity", Decimal(1))
    return rounded(gross, currency) - _sum(line["allowances"]) + _sum(line["charges"])


def totals(invoice: Mapping[str, Any]) -> Totals:
    """The totals of an invoice in our shape."""
    groups: dict[tuple[str, Decimal], VatGroup] = {}
    currency = invoice["currency"]
    parts = (
        *((line["vat"], line_net(line, currency)) for line in invoice["lines"]),
        *((_vat(entry), -entry["amount"]) for entry in invoice["allowances"]),
        *((_vat(entry), entry["amount"]) for entry in invoice["charges"]),
    )
    for vat, amount in parts:
        key = (vat["category"], vat["rate"].normalize())
        groups.setdefault(key, VatGroup(vat["category"], vat["rate"], currency)).add(vat, amount)
    return Totals(
        lines=sum((line_net(line, currency) for line in invoice["lines"]), Decimal(0)),
        allowances=_sum(invoice["allowances"]),
        charges=_sum(invoice["charges"]),
        tax=sum((group.tax for group in groups.values()), Decimal(0)),
        groups=list(groups.values()),
        prepaid=invoice["prepaidAmount"],
        rounding=invoice["rounding"],
    )


def _sum(entries: Sequence[Mapping[str, Any]]) -> Decimal:
    return sum((entry["amount"] for entry in entries), Decimal(0))


def _vat(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return entry.get("vat") or {"category": "S", "rate": Decimal(0)}
