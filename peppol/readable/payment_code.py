"""The code that a bank's app reads to pay an invoice: EPC069-12, version 2."""

import re

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from stdnum import iban

from peppol.readable.parts import Invoice, Payment
from peppol.readable.values import number_of

# What is paid by transfer: to an account, by SEPA, or not said how.
_TRANSFERS = ("", "1", "30", "31", "42", "58")
_CREDITOR_REFERENCE = re.compile(r"RF\d\d[A-Z0-9]{1,21}")
_MOST = 999_999_999


def payload(invoice: Invoice) -> str:
    """What the code says; nothing where nothing is to be paid by transfer in euro."""
    to_pay = number_of(invoice.totals.payable.text)
    payment = next((one for one in invoice.payments if _is_payable(one)), None)
    if payment is None or to_pay is None or invoice.is_credit_note:
        return ""
    currency = invoice.totals.payable.currency or invoice.currency
    if currency != "EUR" or not 0 < to_pay <= _MOST or to_pay != round(to_pay, 2):
        return ""
    name = payment.account_name or invoice.payee.title or invoice.seller.title
    reference = _line(payment.reference or invoice.number, 140)
    structured = reference if _CREDITOR_REFERENCE.fullmatch(reference) else ""
    return "\n".join(
        (
            "BCD",
            "002",
            "1",
            "SCT",
            _bic(payment.bic),
            _line(name, 70),
            iban.compact(payment.account),
            f"EUR{to_pay:.2f}",
            "",
            structured,
            "" if structured else reference,
        )
    )


def matrix(text: str) -> list[list[bool]]:
    """The modules of the code, row by row, without a border."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    found: list[list[bool]] = code.get_matrix()
    return found


def drawing(modules: list[list[bool]]) -> str:
    """The code as SVG."""
    size = len(modules) + 8
    path = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z"
        for y, row in enumerate(modules)
        for x, dark in enumerate(row)
        if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _is_payable(payment: Payment) -> bool:
    return payment.means in _TRANSFERS and bool(iban.is_valid(payment.account))


def _bic(text: str) -> str:
    bare = text.replace(" ", "").upper()
    return bare if re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", bare) else ""


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
