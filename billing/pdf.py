"""A statement on paper: PDF with the seller, the buyer, the totals and a line per company.

It is written from the statement's rows alone and in its language, so that it can be made again.
"""

from datetime import UTC, datetime, time
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from billing import parties
from billing.models import Statement, StatementLine

_INK, _FAINT, _RULE = (24, 24, 27), (113, 113, 122), (228, 228, 231)
# Of the columns, in mm; a credit note counts no documents.
_COUNTED = (54, 15, 18, 19, 24, 23, 27)
_UNCOUNTED = (128, 24, 28)


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


def write(statement: Statement) -> bytes:
    """The PDF of a statement; the same bytes for the same rows."""
    page = _Page(statement.number)
    page.set_lang(statement.language)
    # Else the file would tell the time at which it was made.
    page.set_creation_date(datetime.combine(statement.issued_on, time(), UTC))
    with override(statement.language):
        page.set_title(f"{_name(statement)} {statement.number}")
        page.add_page()
        _head(page, statement)
        _lines(page, statement)
        _totals(page, statement)
    return bytes(page.output())


def _name(statement: Statement) -> str:
    """What the law calls it: a statement is an invoice to the one who pays."""
    return _("Credit note") if statement.kind == Statement.Kind.CREDIT_NOTE else _("Invoice")


def _head(page: _Page, statement: Statement) -> None:
    credit = statement.kind == Statement.Kind.CREDIT_NOTE
    _text(page, _name(statement), size=20, bold=True)
    _text(page, f"{statement.number} · {date_format(statement.month, 'F Y')}", faint=True)
    page.ln(6)
    top = page.get_y()
    _party(page, _("From"), statement.seller, x=15, y=top)
    lowest = page.get_y()
    _party(page, _("To"), statement.buyer, x=110, y=top)
    page.set_xy(15, max(lowest, page.get_y()) + 6)
    dates = [_("Issued %(day)s") % {"day": date_format(statement.issued_on)}]
    if not credit:
        dates.append(_("due %(day)s") % {"day": date_format(statement.due_on)})
    plan = [_("plan %(name)s") % {"name": statement.plan}] if statement.plan else []
    _text(page, " · ".join(dates + plan), faint=True)
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


def _lines(page: _Page, statement: Statement) -> None:
    counted = statement.kind == Statement.Kind.INVOICE
    counts = [_("Sent"), _("Received"), _("Included"), _("Overage")] if counted else []
    titles = ["", *counts, _("Fee"), _("Amount")]
    page.set_font("Roboto", size=8.5)
    page.set_text_color(*_INK)
    page.set_draw_color(*_RULE)
    with page.table(
        col_widths=_COUNTED if counted else _UNCOUNTED,
        text_align=("LEFT", *["RIGHT"] * (len(titles) - 1)),
        headings_style=FontFace(emphasis="", color=_FAINT),
        borders_layout="HORIZONTAL_LINES",
        line_height=5.5,
        padding=(0.6, 1),
    ) as table:
        table.row(titles)
        lines = StatementLine.objects.filter(statement=statement).order_by("id")
        for line in lines.iterator(chunk_size=500):
            table.row(
                [line.description, *(_counts(line) if counted else []), *_amounts(line, statement)]
            )


def _counts(line: StatementLine) -> list[str]:
    if line.company_id is None:
        return [""] * 4
    return [str(n) for n in (line.sent, line.received, line.included, line.overage)]


def _amounts(line: StatementLine, statement: Statement) -> list[str]:
    fee = _money(line.fee, statement.currency) if line.fee else ""
    return [fee, _money(line.amount, statement.currency)]


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
