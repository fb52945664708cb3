"""What a document says, in the tenant API's flat words; null where it is silent."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from config.api.einvoice.tenant.invoices.places import together
from peppol.readable import reading
from peppol.readable.parts import Adjustment, Invoice, Line, Party, Vat
from peppol.readable.skimming import Unreadable

_PARTY = ("name", "email", "address", "address_recipient", "tax_id", "company_id")
TEXTS = (
    *(f"{who}_{name}" for who in ("vendor", "customer") for name in _PARTY),
    *("buyer_reference", "vendor_peppol_id"),
    *("customer_id", "purchase_order", "due_date", "note", "payment_term", "vatex", "vatex_note"),
    *("subtotal", "total_discount", "total_tax", "invoice_total", "amount_due", "tax_code"),
    *("shipping_address", "shipping_address_recipient", "service_start_date", "service_end_date"),
    *("billing_address", "billing_address_recipient", "service_address"),
    *("service_address_recipient", "remittance_address", "remittance_address_recipient"),
)
LISTS = ("items", "tax_details", "payment_details", "allowances", "charges")
# UNTDID 1001: what is charged afterwards.
_DEBIT_NOTE = "383"


def said(content: bytes) -> Mapping[str, Any]:
    """TEXTS and LISTS of a document, UBL or CII, and its type where only it knows that; all of
    them null for what is neither."""
    try:
        found = reading.read([content])
    except Unreadable:
        found = None
    silent = {**dict.fromkeys(TEXTS), **dict.fromkeys(LISTS)}
    return silent | (dict(_said(found)) if isinstance(found, Invoice) else {})


def whole(content: bytes) -> Mapping[str, Any]:
    """What `said` has, with what a document's row would say of it."""
    found = reading.read([content])
    if not isinstance(found, Invoice):
        raise Unreadable("This is no invoice.")
    plain = "CREDIT_NOTE" if found.is_credit_note else "INVOICE"
    head = {
        "document_type": f"SELFBILLING_{plain}" if found.self_billed else plain,
        "invoice_id": found.number or None,
        "invoice_date": found.issued or None,
        "currency": found.currency or None,
        "customer_peppol_id": found.buyer.identifier or None,
    }
    return {**head, **said(content)}


def _said(invoice: Invoice) -> Iterator[tuple[str, Any]]:
    facts, totals = dict(invoice.facts), invoice.totals
    yield from _party("vendor", invoice.seller)
    yield from _party("customer", invoice.buyer)
    if invoice.type_code == _DEBIT_NOTE:
        yield "document_type", "DEBIT_NOTE"
    yield "customer_id", next(iter(invoice.buyer.ids), None)
    yield "purchase_order", facts.get("order")
    yield "buyer_reference", facts.get("buyer_reference")
    yield "vendor_peppol_id", invoice.seller.identifier or None
    yield "due_date", invoice.due or None
    yield "note", "\n".join(invoice.notes) or None
    yield "payment_term", "\n".join(invoice.terms) or None
    yield "subtotal", totals.without_tax.text or None
    yield "total_tax", totals.tax.text or None
    yield "invoice_total", totals.with_tax.text or None
    yield "amount_due", totals.payable.text or None
    start, _, end = facts.get("period", "").partition("/")
    yield "service_start_date", start or None
    yield "service_end_date", end or None
    there = invoice.deliver_to
    yield "shipping_address", together(there.address.lines, there.address.country)
    yield "shipping_address_recipient", there.title or None
    exempt = next((group.vat for group in invoice.vat_groups if group.vat.category), None)
    yield "tax_code", exempt.category if exempt else None
    reasons = [g.vat for g in invoice.vat_groups if g.vat.reason or g.vat.reason_code]
    yield "vatex", reasons[0].reason_code or None if reasons else None
    yield "vatex_note", reasons[0].reason or None if reasons else None
    yield "items", [_item(line) for line in invoice.lines]
    yield (
        "tax_details",
        [
            {"amount": group.tax.text or None, "rate": group.vat.rate or None}
            for group in invoice.vat_groups
        ],
    )
    yield (
        "payment_details",
        [
            {
                "iban": one.account if _is_iban(one.account) else None,
                "bank_account_number": None if _is_iban(one.account) else one.account or None,
                "swift": one.bic or None,
                "payment_reference": one.reference or None,
            }
            for one in invoice.payments
            if one.account or one.reference
        ],
    )
    yield "allowances", list(_adjustments(invoice.adjustments, is_charge=False))
    yield "charges", list(_adjustments(invoice.adjustments, is_charge=True))


def _party(who: str, party: Party) -> Iterator[tuple[str, Any]]:
    mail = next((text for text in party.contact if "@" in text), None)
    person = next((text for text in party.contact if "@" not in text), None)
    yield f"{who}_name", party.title or None
    yield f"{who}_email", mail
    yield f"{who}_address", together(party.address.lines, party.address.country)
    yield f"{who}_address_recipient", person
    yield f"{who}_tax_id", party.vat_number or None
    yield f"{who}_company_id", party.company_number or None


def _item(line: Line) -> dict[str, Any]:
    facts = dict(line.facts)
    return {
        "description": line.description or line.name or None,
        "quantity": line.quantity or None,
        "unit": line.unit or None,
        "unit_price": line.price.text or None,
        **({"price_base_quantity": line.base_quantity} if line.base_quantity else {}),
        "amount": line.amount.text or None,
        "tax": _tax(line),
        "tax_rate": line.vat.rate or None,
        "product_code": facts.get("seller_item"),
        "date": None,
        "allowances": list(_adjustments(line.adjustments, is_charge=False, vat=line.vat)),
        "charges": list(_adjustments(line.adjustments, is_charge=True, vat=line.vat)),
        "item_attributes": [
            {"name": name[1:], "value": value} for name, value in line.facts if name[:1] == "="
        ],
    }


def _tax(line: Line) -> str | None:
    try:
        tax = Decimal(line.amount.text) * Decimal(line.vat.rate or 0) / 100
        return f"{tax.quantize(Decimal('0.01')):f}"
    except InvalidOperation:
        return None


def _adjustments(
    found: Iterable[Adjustment], *, is_charge: bool, vat: Vat | None = None
) -> Iterator[dict[str, Any]]:
    """Allowances or charges; those on a line are taxed as the line is, which is `vat`."""
    for one in found:
        taxed = vat or one.vat
        if one.is_charge == is_charge:
            yield {
                "reason": (one.reason or None) if one.reason != one.reason_code else None,
                "reason_code": one.reason_code or None,
                "multiplier_factor": one.percentage or None,
                "amount": one.amount.text or None,
                "base_amount": one.base.text or None,
                "tax_rate": taxed.rate or None,
                "tax_code": taxed.category or "S",
            }


def _is_iban(account: str) -> bool:
    return account[:2].isalpha() and account[2:4].isdigit()
