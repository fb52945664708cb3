"""Which field of our JSON shape a broken rule is about, and what to do there."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from peppol import code_lists
from peppol.invoices.places import field_at
from peppol.rules.findings import Breach, Judgement
from peppol.rules.judging import SCHEME_RULES

# By rule: the field (behind a dot, of the place found), and what to do. A rule that says something
# is missing is placed at what it is missing from.
_TABLE: Mapping[str, tuple[str, str]] = {
    "PEPPOL-EN16931-R003": (
        "buyerReference",
        "Give the reference that the buyer asked for, or the number of an order (orderReference).",
    ),
    "PEPPOL-EN16931-R010": ("buyer.peppolId", "Give the buyer's Peppol identifier."),
    "PEPPOL-EN16931-R020": ("seller.peppolId", "Give the seller's Peppol identifier."),
    "PEPPOL-EN16931-R040": (".amount", "It is baseAmount × percentage / 100."),
    "PEPPOL-EN16931-R041": (".baseAmount", "Give baseAmount beside percentage."),
    "PEPPOL-EN16931-R042": (".percentage", "Give percentage beside baseAmount."),
    "PEPPOL-EN16931-R046": (".priceDiscount", "unitPrice is grossPrice less priceDiscount."),
    "PEPPOL-EN16931-R053": ("taxCurrency", "Give the VAT total once in each currency."),
    "PEPPOL-EN16931-R054": ("taxCurrency", "Give taxCurrency with currency and amount."),
    "PEPPOL-EN16931-R061": ("payment.directDebit.mandate", "Give the number of the mandate."),
    "PEPPOL-EN16931-R110": (".period.start", "A line's days lie in those of the document."),
    "PEPPOL-EN16931-R111": (".period.end", "A line's days lie in those of the document."),
    "PEPPOL-EN16931-P0112": ("typeCode", "Use 380 unless seller and buyer are both German."),
    "BR-CO-09": ("", "A VAT number begins with the two letters of its country, such as BE."),
    "BR-CO-26": ("seller.companyNumber", "Give companyNumber, vatNumber or ids of the seller."),
    "BR-29": ("period.end", "The end is not before the start."),
    "BR-30": (".period.end", "The end is not before the start."),
    "BR-33": (".reason", "Say why, with reason or reasonCode."),
    "BR-38": (".reason", "Say why, with reason or reasonCode."),
    "BR-42": (".reason", "Say why, with reason or reasonCode."),
    "BR-44": (".reason", "Say why, with reason or reasonCode."),
    "BR-50": ("payment.iban", "Give the account."),
    "BR-53": ("taxCurrency.amount", "Give the VAT total in the currency of account."),
    "BR-61": ("payment.iban", "Give the account, or another meansCode than 30 or 58."),
    "BR-IC-11": ("delivery.date", "Give the day of the delivery, or the period."),
    "BR-IC-12": ("delivery.address", "Give at least the country that the goods go to."),
    "BR-CL-04": ("currency", "Give a code of ISO 4217 that is in use."),
    "BR-CL-19": (".reasonCode", "Give a code of UNTDID 5189, or reason alone."),
    "BR-CL-20": (".reasonCode", "Give a code of UNTDID 7161, or reason alone."),
    "BR-CL-22": (".exemptionReasonCode", "Give a code of the list VATEX, or exemptionReason."),
    "BR-CL-23": (".unit", "Give a code of UN/ECE Recommendation 20, such as C62 or HUR."),
    "UBL-SR-47": ("payments", "All ways to pay have the same meansCode."),
    "DE-R-001": ("payment", "Say how to pay."),
    "DE-R-002": ("seller.contact", "Give name, phone and email, or note them at the company."),
    "DE-R-005": ("seller.contact.name", "Give it, or note a contact at the company."),
    "DE-R-006": ("seller.contact.phone", "Give it, or note it at the company."),
    "DE-R-007": ("seller.contact.email", "Give it, or note it at the company."),
    "DE-R-003": ("seller.address.city", ""),
    "DE-R-004": ("seller.address.postalCode", ""),
    "DE-R-008": ("buyer.address.city", ""),
    "DE-R-009": ("buyer.address.postalCode", ""),
    "DE-R-010": ("delivery.address.city", ""),
    "DE-R-011": ("delivery.address.postalCode", ""),
    "DE-R-015": ("buyerReference", "German buyers want one; public ones give a Leitweg-ID."),
    "DE-R-016": ("seller.vatNumber", "Give it, or taxRegistration."),
    "DE-R-018": ("payment.terms", ""),
    "NL-R-001": ("precedingInvoices", "Name the invoice that is taken back."),
    "NL-R-002": ("seller.address", "Give street, city and postal code."),
    "NL-R-003": ("seller.companyNumber", "Give a KVK number (0106) or an OIN (0190)."),
    "NL-R-004": ("buyer.address", "Give street, city and postal code."),
    "NL-R-005": ("buyer.companyNumber", "Give a KVK number (0106) or an OIN (0190)."),
    "NL-R-007": ("payment", "Say how to pay."),
    "NL-R-008": ("payment.meansCode", "Use 30, 48, 49, 57, 58 or 59."),
    "DK-R-002": ("seller.companyNumber", "Give the CVR number."),
    "DK-R-005": ("payment.meansCode", "Use one that Denmark has, such as 30, 31 or 58."),
    "DK-R-014": ("seller.companyNumberScheme", "It is 0184 for a CVR number."),
    "DK-R-017": ("buyer.companyNumberScheme", "It is 0184 for a CVR number."),
    "IS-R-002": ("seller.companyNumber", "Give the kennitala (0196)."),
    "NO-R-001": ("seller.vatNumber", "It ends in MVA."),
    "NO-R-002": ("seller.taxRegistration", "Give “Foretaksregisteret”."),
    "SE-R-005": ("seller.taxRegistration", "Give “Godkänd för F-skatt”."),
    "SE-R-013": ("seller.companyNumber", "A digit is mistyped."),
    "GR-R-004": (
        "attachments",
        "Add the MARK: an attachment with description “##M.AR.K##” and the MARK as its id.",
    ),
}
_EXEMPT = re.compile(r"BR-(E|AE|IC|G|O)-10")
_NUMBERED = re.compile(r"BR-(S|Z|E|AE|IC|G)-0[234]")
_RATED = re.compile(r"BR-(S|Z|E|AE|IC|G|O)-0[567]")


def explained(judged: Judgement, invoice: Mapping[str, Any]) -> Judgement:
    """The judgement on an invoice in our shape, each breach with its field and what to do."""
    return replace(judged, breaches=[_explained(one, invoice) for one in judged.breaches])


def _explained(breach: Breach, invoice: Mapping[str, Any]) -> Breach:
    place = field_at(breach.location, invoice)
    field, advice = _said(breach.rule, place, invoice)
    if field == ".unit":  # which is an attribute of the quantity
        place = place.removesuffix(".quantity")
    if field.startswith("."):
        field = f"{place}{field}" if place and not place.endswith(field) else place
    return replace(breach, field=field or place, advice=advice, line=0)


def _said(rule: str, place: str, invoice: Mapping[str, Any]) -> tuple[str, str]:
    if rule in SCHEME_RULES:
        return place, code_lists.instead_of(_value(invoice, place).partition(":")[0])
    if _EXEMPT.fullmatch(rule):
        return ".exemptionReason", "Say why no VAT is charged, or give an exemptionReasonCode."
    if _NUMBERED.fullmatch(rule):
        missing = "seller" if not invoice["seller"].get("vatNumber") else "buyer"
        return f"{missing}.vatNumber", f"This VAT category needs the {missing}'s VAT number."
    if _RATED.fullmatch(rule):
        return ".rate", "Above 0 in category S; 0 in the others."
    return _TABLE.get(rule, ("", ""))


def _value(invoice: Mapping[str, Any], path: str) -> str:
    found: Any = invoice
    for step in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(step, "")
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
    return found if isinstance(found, str) else ""
