"""The sums that a caller gives with a document, held against what its lines come to."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from peppol.invoices import amounts
from peppol.invoices.amounts import Totals

_CENT = Decimal("0.01")


def prepaid(fields: Mapping[str, Any], invoice: Mapping[str, Any]) -> Decimal | None:
    """What was paid already, where less is due than the whole comes to."""
    due, whole = fields.get("amount_due"), amounts.totals(invoice).with_tax
    return whole - due if due is not None and 0 <= due < whole - _CENT else None


def check(fields: Mapping[str, Any], invoice: Mapping[str, Any]) -> None:
    """Raise DRF's ValidationError where a sum that was given is not what is sent.

    A cent a line is a matter of rounding.
    """
    leeway = _CENT * max(len(invoice["lines"]), 1)
    wrong: dict[Any, Any] = {
        name: [_said(ours)]
        for name, ours in _sums(amounts.totals(invoice))
        if (given := fields.get(name)) is not None and abs(given - ours) > leeway
    }
    lines: dict[Any, Any] = dict(_lines(fields, invoice))
    if wrong or lines:
        raise serializers.ValidationError({**wrong, **({"items": lines} if lines else {})})


def _sums(totals: Totals) -> Iterator[tuple[str, Decimal]]:
    yield "subtotal", totals.without_tax
    yield "total_tax", totals.tax
    yield "invoice_total", totals.with_tax
    yield "amount_due", totals.payable


def _lines(
    fields: Mapping[str, Any], invoice: Mapping[str, Any]
) -> Iterator[tuple[int, dict[str, list[str]]]]:
    for number, (item, line) in enumerate(zip(fields["items"], invoice["lines"], strict=True)):
        net = amounts.line_net(line, invoice["currency"])
        tax = net * line["vat"]["rate"] / 100
        if item.get("amount") is not None and abs(item["amount"] - net) > _CENT:
            yield number, {"amount": [_said(net)]}
        elif item.get("tax") is not None and abs(item["tax"] - tax) > _CENT:
            yield number, {"tax": [_said(amounts.rounded(tax, invoice["currency"]))]}


def _said(ours: Decimal) -> str:
    return f"it comes to {ours:f}; a document that says otherwise is not kept"
