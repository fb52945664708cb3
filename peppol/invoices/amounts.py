"""The arithmetic of an invoice, as EN 16931 prescribes it (BR-CO rules, section 6.4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


@dataclass
class VatGroup:
    """One row of the VAT breakdown (BG-23)."""

    vat: Mapping[str, Any]
    taxable: Decimal = Decimal(0)

    @property
    def tax(self) -> Decimal:
        return rounded(self.taxable * self.vat["rate"] / 100)


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


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_net(line: Mapping[str, Any]) -> Decimal:
    """The net amount of a line (BT-131)."""
    gross = line["quantity"] * line["unitPrice"] / line.get("baseQuantity", Decimal(1))
    return rounded(gross) - _sum(line["allowances"]) + _sum(line["charges"])


def totals(invoice: Mapping[str, Any]) -> Totals:
    """The totals of an invoice in our shape."""
    groups: dict[tuple[str, Decimal], VatGroup] = {}
    parts = (
        *((line["vat"], line_net(line)) for line in invoice["lines"]),
        *((_vat(entry), -entry["amount"]) for entry in invoice["allowances"]),
        *((_vat(entry), entry["amount"]) for entry in invoice["charges"]),
    )
    for vat, amount in parts:
        key = (vat["category"], vat["rate"].normalize())
        groups.setdefault(key, VatGroup(vat)).taxable += amount
    return Totals(
        lines=sum((line_net(line) for line in invoice["lines"]), Decimal(0)),
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
