"""Lays an invoice or a credit note out."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from stdnum import iban

from peppol.readable import payment_code, values, words
from peppol.readable.parts import Adjustment, Invoice, Line, Payment, Totals, Vat, VatGroup
from peppol.readable.sheet import LineRow, Rows, Sheet, VatRow, facts, filled, party


def lay_out(invoice: Invoice) -> Sheet:
    """The sheet of an invoice."""
    left_out = invoice.lines_left_out
    return Sheet(
        title=_title(invoice),
        number=invoice.number,
        head=filled(
            (_("Issued on"), values.day(invoice.issued)),
            (_("Due on"), values.day(invoice.due)),
        ),
        parties=tuple(
            party(role, found)
            for role, found in (
                (_("Seller"), invoice.seller),
                (_("Buyer"), invoice.buyer),
                (_("Payee"), invoice.payee),
                (_("Tax representative of the seller"), invoice.tax_representative),
                (_("Delivered to"), invoice.deliver_to),
            )
            if found
        ),
        currency=invoice.currency,
        facts=facts(invoice.facts),
        notes=invoice.notes,
        lines=tuple(_line(line) for line in invoice.lines),
        left_out=ngettext(
            "%(n)s more line stands in the file.", "%(n)s more lines stand in the file.", left_out
        )
        % {"n": left_out}
        if left_out
        else "",
        adjustments=tuple(_adjustment(one) for one in invoice.adjustments),
        vat=tuple(_vat_row(group) for group in invoice.vat_groups),
        totals=_totals(invoice.totals),
        payable=(
            _("To be credited") if invoice.is_credit_note else _("To be paid"),
            values.amount(invoice.totals.payable, currency=True),
        ),
        payments=tuple(rows for one in invoice.payments if (rows := _payment(one))),
        terms=invoice.terms,
        attachments=invoice.attachments,
        payment_code=payment_code.payload(invoice),
    )


def _title(invoice: Invoice) -> str:
    if invoice.self_billed:
        return str(words.SELF_BILLED[invoice.kind])
    plain = _("Credit note") if invoice.is_credit_note else _("Invoice")
    return str(words.TITLES.get(invoice.type_code, plain))


def _vat(vat: Vat) -> str:
    """A short word for how a line is taxed."""
    if not vat.category:
        return values.percent(vat.rate)
    rate = values.percent(vat.rate) if vat.category != "O" else ""
    return rate if vat.category == "S" and rate else f"{vat.category} {rate}".strip()


def _line(line: Line) -> LineRow:
    details = (
        line.description,
        line.note,
        *(f"{name}: {text}" for name, text in facts(line.facts)),
        *(f"{name}: {text}" for name, text in map(_adjustment, line.adjustments)),
    )
    price = values.amount(line.price)
    if line.base_quantity and values.number_of(line.base_quantity) != 1:
        price = _("%(price)s for %(quantity)s") % {
            "price": price,
            "quantity": values.number(line.base_quantity),
        }
    return LineRow(
        id=line.id,
        name=line.name,
        details=tuple(text for text in details if text),
        quantity=f"{values.number(line.quantity)} {words.of(words.UNITS, line.unit)}".strip(),
        price=price,
        vat=_vat(line.vat),
        amount=values.amount(line.amount),
    )


def _adjustment(one: Adjustment) -> tuple[str, str]:
    """What an allowance or a charge is called, and how much it is; an allowance is taken off."""
    kind = _("Charge") if one.is_charge else _("Allowance")
    of_base = ""
    if one.percentage:
        base = values.amount(one.base)
        rate = values.percent(one.percentage)
        of_base = _("%(rate)s of %(base)s") % {"rate": rate, "base": base} if base else rate
    name = " · ".join(part for part in (kind, one.reason, of_base, _vat(one.vat)) if part)
    sign = "" if one.is_charge or not one.amount else "− "
    return name, sign + values.amount(one.amount)


def _vat_row(group: VatGroup) -> VatRow:
    vat = group.vat
    return VatRow(
        name=words.of(words.VAT_CATEGORIES, vat.category),
        rate=values.percent(vat.rate) if vat.category != "O" else "",
        taxable=values.amount(group.taxable),
        tax=values.amount(group.tax),
        reason=" · ".join(part for part in (vat.reason, vat.reason_code) if part),
    )


def _totals(totals: Totals) -> Rows:
    said = (
        (_("Sum of the lines"), totals.lines),
        (_("Allowances"), totals.allowances),
        (_("Charges"), totals.charges),
        (_("Total without VAT"), totals.without_tax),
        (_("VAT"), totals.tax),
        (_("Total with VAT"), totals.with_tax),
        (_("Paid already"), totals.prepaid),
        (_("Rounding"), totals.rounding),
    )
    own = filled(*((name, values.amount(found)) for name, found in said))
    other = totals.tax_in_accounting_currency
    if not other:
        return own
    name = _("VAT in %(currency)s") % {"currency": other.currency}
    return (*own, (name, values.amount(other, currency=True)))


def _payment(one: Payment) -> Rows:
    means, is_iban = words.of(words.MEANS, one.means), iban.is_valid(one.account)
    if means == one.means:
        means = one.means_name or means
    return filled(
        (_("How"), means),
        ("IBAN", iban.format(one.account)) if is_iban else (_("Account"), one.account),
        (_("Account holder"), one.account_name),
        ("BIC", one.bic),
        (_("Payment reference"), one.reference),
        (_("Card"), one.card),
        (_("Direct debit mandate"), one.mandate),
        (_("Debited account"), one.debited_account),
    )
