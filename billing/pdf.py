"""A statement on paper: PDF with the seller, the buyer, the totals and a line per company.

It is written in the current language, which is that of the one who is billed.
"""

from collections.abc import Iterable
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from billing import parties
from billing.charges import Charge
from billing.models import Statement

_INK, _FAINT, _RULE = (24, 24, 27), (113, 113, 122), (228, 228, 231)
_WIDTHS = (62, 16, 18, 16, 16, 24, 28)


class _Page(FPDF):
    """A4 with a foot that counts the pages."""

    def __init__(self, number: str) -> None:
        super().__init__(format="A4")
        self.statement_number = number
        for style, name in (("", "Regular"), ("B", "Medium")):
            font = files("font_roboto") / "files" / f"Roboto-{name}.ttf"
            self.add_font("Roboto", style, str(font))
        self.set_margins(15, 16, 15)
        self.set_auto_page_break(True, margin=18)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("Roboto", size=8)
        self.set_text_color(*_FAINT)
        self.cell(0, 5, f"{self.statement_number} · {self.page_no()} / {{nb}}", align="R")


def write(statement: Statement, charges: Iterable[Charge]) -> bytes:
    """The PDF of a statement, with `charges` as its lines."""
    page = _Page(statement.number)
    page.set_lang(get_language() or "en")
    page.set_title(_("Statement %(number)s") % {"number": statement.number})
    page.add_page()
    _head(page, statement)
    _lines(page, statement, charges)
    _totals(page, statement)
    return bytes(page.output())


def _head(page: _Page, statement: Statement) -> None:
    credit = statement.kind == Statement.Kind.CREDIT_NOTE
    _text(page, _("Credit note") if credit else _("Statement"), size=20, bold=True)
    _text(page, f"{statement.number} · {date_format(statement.month, 'F Y')}", faint=True)
    page.ln(6)
    top = page.get_y()
    _party(page, _("From"), statement.seller, x=15, y=top)
    lowest = page.get_y()
    _party(page, _("To"), statement.buyer, x=110, y=top)
    page.set_xy(15, max(lowest, page.get_y()) + 6)
    facts = [
        _("Issued %(day)s") % {"day": date_format(statement.issued_on)},
        _("due %(day)s") % {"day": date_format(statement.due_on)},
    ]
    if statement.plan:
        facts.append(_("plan %(name)s") % {"name": statement.plan})
    _text(page, " · ".join(facts), faint=True)
    if statement.corrects:
        corrects = _("Corrects %(number)s.") % {"number": statement.corrects.number}
        _text(page, f"{corrects} {statement.reason}")
    page.ln(4)


def _party(page: _Page, title: str, party: dict[str, Any], *, x: float, y: float) -> None:
    address = party["address"]
    rows = [
        party["name"],
        address.get("street"),
        address.get("additional"),
        f"{address.get('postalCode', '')} {address.get('city', '')}".strip(),
        address["country"],
        _("VAT %(number)s") % {"number": party["vatNumber"]} if party["vatNumber"] else "",
    ]
    page.set_xy(x, y)
    _text(page, title, faint=True, width=85)
    for row in rows:
        if row:
            page.set_x(x)
            _text(page, row, width=85)


def _lines(page: _Page, statement: Statement, charges: Iterable[Charge]) -> None:
    page.set_font("Roboto", size=8.5)
    page.set_text_color(*_INK)
    page.set_draw_color(*_RULE)
    head = FontFace(emphasis="", color=_FAINT)
    with page.table(
        col_widths=_WIDTHS,
        text_align=("LEFT", *["RIGHT"] * 6),
        headings_style=head,
        borders_layout="HORIZONTAL_LINES",
        line_height=5.5,
        padding=(0.6, 1),
    ) as table:
        table.row(["", _("Sent"), _("Received"), _("Included"), _("Extra"), _("Fee"), _("Amount")])
        for charge in charges:
            table.row(_cells(charge, statement.currency))


def _cells(charge: Charge, currency: str) -> list[str]:
    counts = (
        [str(n) for n in (charge.sent, charge.received, charge.included, charge.overage)]
        if charge.company
        else [""] * 4
    )
    fee = _money(charge.fee, currency) if charge.fee else ""
    return [charge.description, *counts, fee, _money(charge.amount, currency)]


def _totals(page: _Page, statement: Statement) -> None:
    page.ln(4)
    rows = (
        (_("Net"), statement.net, False),
        (_vat(statement), statement.vat, False),
        (_("Total"), statement.total, True),
    )
    for title, amount, bold in rows:
        page.set_font("Roboto", "B" if bold else "", 11 if bold else 9)
        page.cell(150, 6.5, title, align="R")
        page.cell(
            30,
            6.5,
            _money(amount, statement.currency),
            align="R",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )
    page.ln(4)
    iban = statement.seller.get("iban")
    if iban and statement.kind == Statement.Kind.INVOICE:
        pay = _("Please pay to %(iban)s, stating %(number)s.")
        _text(page, pay % {"iban": iban, "number": statement.number}, faint=True)


def _vat(statement: Statement) -> str:
    rate = _("VAT %(rate)s %%") % {"rate": number_format(f"{statement.vat_rate.normalize():f}")}
    exempt = parties.exemption(statement.vat_category)
    return f"{rate} ({exempt[0]})" if exempt else rate


def _money(amount: Decimal, currency: str) -> str:
    return f"{number_format(amount, 2, force_grouping=True)} {currency}"


def _text(
    page: _Page,
    text: str,
    *,
    size: float = 9.5,
    bold: bool = False,
    faint: bool = False,
    width: float = 0,
) -> None:
    page.set_font("Roboto", "B" if bold else "", size)
    page.set_text_color(*(_FAINT if faint else _INK))
    page.multi_cell(width, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
