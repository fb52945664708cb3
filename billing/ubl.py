"""A statement as a Peppol invoice: written and checked like any customer's own."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import parties
from billing.models import Statement, StatementLine
from peppol.invoices import shape, writing
from peppol.rules import judging


class InvalidStatement(Exception):
    """The rules refuse a statement of ours: the seller's or the buyer's data are incomplete."""


def write(statement: Statement) -> bytes:
    """UBL of a statement from its rows, in its language: a line per fee, and one of the overage.

    Raises InvalidStatement.
    """
    with override(statement.language):
        invoice = _invoice(statement)
    content = writing.write(shape.read(invoice))
    # Who has no electronic address is sent paper, and that is all that is wrong with the UBL.
    excused = set() if statement.buyer["peppolId"] else {"PEPPOL-EN16931-R010"}
    broken = [one for one in judging.breaches(content) if one.fatal and one.rule not in excused]
    if broken:
        raise InvalidStatement("; ".join(f"{one.rule}: {one.message}" for one in broken[:5]))
    return content


def _invoice(statement: Statement) -> dict[str, Any]:
    corrects = statement.corrects
    return {
        "type": statement.kind,
        "number": statement.number,
        "issueDate": statement.issued_on,
        "dueDate": statement.due_on,
        "currency": statement.currency,
        "buyerReference": f"{statement.month:%Y-%m}",
        "note": statement.reason,
        "precedingInvoices": [{"number": corrects.number}] if corrects else [],
        "seller": statement.seller,
        "buyer": statement.buyer,
        **_payment(statement),
        "lines": list(_lines(statement)),
    }


def _lines(statement: Statement) -> Iterator[dict[str, Any]]:
    """The plan's fees one by one, those of companies in a sum, and the overage."""
    vat = {
        "category": statement.vat_category,
        "rate": statement.vat_rate,
        **_reason(statement),
    }
    lines = StatementLine.objects.filter(statement=statement)
    for line in lines.filter(company=None, corrects_month=None).order_by("id"):
        yield {"name": line.description, "quantity": 1, "unitPrice": abs(line.fee), "vat": vat}
    of_companies = sum(lines.exclude(company=None).values_list("fee", flat=True), Decimal(0))
    if of_companies:
        yield {
            "name": _("Fees of companies"),
            "quantity": 1,
            "unitPrice": of_companies,
            "vat": vat,
        }
    # A price is never negative, so what is taken off is a negative quantity.
    for line in lines.exclude(corrects_month=None).order_by("id"):
        sign = 1 if line.amount > 0 else -1
        yield {
            "name": line.description,
            "quantity": sign,
            "unitPrice": abs(line.amount),
            "vat": vat,
        }
    if statement.overage:
        yield {
            "name": _("Overage"),
            "quantity": statement.overage,
            "unitPrice": statement.overage_price,
            "vat": vat,
        }


def _reason(statement: Statement) -> dict[str, str]:
    exempt = parties.exemption(statement.vat_category)
    return {"exemptionReason": exempt[0], "exemptionReasonCode": exempt[1]} if exempt else {}


def _payment(statement: Statement) -> dict[str, Any]:
    iban = statement.seller.get("iban", "")
    terms = _("To be paid by %(day)s.") % {"day": date_format(statement.due_on)}
    paid = {"meansCode": "30", "iban": iban, "reference": statement.number, "terms": terms}
    return {"payment": paid} if iban and statement.kind == Statement.Kind.INVOICE else {}
