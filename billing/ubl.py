"""A statement as a Peppol invoice: written and checked like any customer's own."""

from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing import parties
from billing.models import Statement
from peppol.invoices import rules, shape, writing


class InvalidStatement(Exception):
    """The rules refuse a statement of ours: the seller's or the buyer's data are incomplete."""


def write(
    statement: Statement, fees: list[tuple[str, Decimal]], overage: tuple[int, Decimal]
) -> bytes:
    """UBL of a statement, in the current language: a line per fee, and one of `overage`, how many
    documents at what price.

    Raises InvalidStatement.
    """
    vat: dict[str, Any] = {
        "category": statement.vat_category,
        "rate": statement.vat_rate,
        **_reason(statement),
    }
    lines = [
        {"name": text[:255], "quantity": 1, "unitPrice": abs(amount), "vat": vat}
        for text, amount in fees
    ]
    documents, price = overage
    if documents:
        lines.append(
            {
                "name": _("Documents beyond the plan"),
                "quantity": documents,
                "unitPrice": price,
                "vat": vat,
            }
        )
    content = writing.write(
        shape.read(
            {
                "type": statement.kind,
                "number": statement.number,
                "issueDate": statement.issued_on,
                "dueDate": statement.due_on,
                "currency": statement.currency,
                "buyerReference": f"{statement.month:%Y-%m}",
                "note": statement.reason,
                "precedingInvoices": [{"number": statement.corrects.number}]
                if statement.corrects
                else [],
                "seller": statement.seller,
                "buyer": statement.buyer,
                **_payment(statement),
                "lines": lines,
            }
        )
    )
    # Who has no electronic address is sent paper, and that is all that is wrong with the UBL.
    excused = set() if statement.buyer["peppolId"] else {"PEPPOL-EN16931-R010"}
    broken = [one for one in rules.breaches(content) if one.fatal and one.rule not in excused]
    if broken:
        raise InvalidStatement("; ".join(f"{one.rule}: {one.message}" for one in broken[:5]))
    return content


def _reason(statement: Statement) -> dict[str, str]:
    exempt = parties.exemption(statement.vat_category)
    return {"exemptionReason": exempt[0], "exemptionReasonCode": exempt[1]} if exempt else {}


def _payment(statement: Statement) -> dict[str, Any]:
    iban = statement.seller.get("iban", "")
    terms = _("To be paid by %(day)s.") % {"day": date_format(statement.due_on)}
    paid = {"meansCode": "30", "iban": iban, "reference": statement.number, "terms": terms}
    return {"payment": paid} if iban and statement.kind == Statement.Kind.INVOICE else {}
