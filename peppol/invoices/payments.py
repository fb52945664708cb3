"""How an invoice is paid, as UBL."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from peppol.invoices.elements import Fields, aggregate, basic, make_reference, some

# What is said of a payment of which nothing is known but the day by which it is due (UNTDID 4461).
_UNDEFINED = {
    "meansCode": "1",
    "meansText": "",
    "iban": "",
    "bic": "",
    "accountName": "",
    "reference": "",
    "terms": "",
}


def ways(invoice: Fields) -> list[Fields]:
    """Every way to pay that an invoice names; of a credit note with a due date at least one."""
    given = [invoice["payment"]] if invoice.get("payment") else []
    named = [*given, *invoice["payments"]]
    needs_one = invoice["type"] == "credit_note" and invoice.get("dueDate") and not named
    return [_UNDEFINED] if needs_one else named


def creditor_of(invoice: Fields) -> str:
    """The seller's number as a creditor (BT-90), where a direct debit gives it."""
    debits = (way.get("directDebit") or {} for way in ways(invoice))
    return next((debit["creditorId"] for debit in debits if debit.get("creditorId")), "")


def make_payments(invoice: Fields) -> Iterator[etree._Element]:
    """The ways to pay, and the terms; a credit note's due date stands with the first of them."""
    named = ways(invoice)
    for number, way in enumerate(named):
        due = invoice.get("dueDate") if invoice["type"] == "credit_note" and not number else None
        yield _means(way, due)
    terms = "\n".join(dict.fromkeys(way["terms"] for way in named if way["terms"]))
    if terms:
        yield aggregate("PaymentTerms", basic("Note", terms))


def _means(way: Fields, due: date | None) -> etree._Element:
    code: Any = basic("PaymentMeansCode", way["meansCode"])
    if way["meansText"]:
        code.set("name", way["meansText"])
    return aggregate(
        "PaymentMeans",
        code,
        *some("PaymentDueDate", due),
        *some("PaymentID", way["reference"]),
        *_account(way),
        *_mandate(way.get("directDebit") or {}),
    )


def _account(way: Fields) -> Iterator[etree._Element]:
    if way["iban"]:
        yield aggregate(
            "PayeeFinancialAccount",
            basic("ID", way["iban"]),
            *some("Name", way["accountName"]),
            *make_reference("FinancialInstitutionBranch", way["bic"] or _danish_branch(way)),
        )


def _danish_branch(way: Fields) -> str:
    """The registration number that Danish transfers need beside the account (DK-R-006).

    A Danish IBAN has it behind its check digits.
    """
    is_danish = way["meansCode"] in ("31", "42") and way["iban"].startswith("DK")
    return str(way["iban"][4:8]) if is_danish else ""


def _mandate(debit: Fields) -> Iterator[etree._Element]:
    if debit.get("mandate") or debit.get("account"):
        yield aggregate(
            "PaymentMandate",
            *some("ID", debit.get("mandate")),
            *make_reference("PayerFinancialAccount", debit.get("account", "")),
        )
