"""A document's sheet on paper: PDF, the same bytes for the same document and language."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import VAlign, XPos, YPos
from fpdf.fonts import FontFace

from peppol.readable import payment_code
from peppol.readable.page import AttachmentRow, context
from peppol.readable.sheet import PartyBlock, Rows, Sheet

_INK, _FAINT, _RULE = (24, 24, 27), (82, 82, 91), (228, 228, 231)
_COLUMNS = (12, 74, 24, 25, 18, 27)
# Paper has no end either, but its reader does.
_MOST_LINES = 500
# A row of a table does not go on on the next page.
_MOST_LETTERS = 1200
# What the fonts have no letter for would be an empty box.
_UNPRINTABLE = re.compile(
    "[^\u0020-\u024f\u0370-\u052f\u1e00-\u1fff\u2010-\u20bf\u2116\u2122\u2212\n]"
)


class Page(FPDF):
    """A4 with a foot that says which document it is, and counts the pages."""

    def __init__(self, foot: str, language: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        for style, name in (("", "Regular"), ("B", "Medium")):
            font = files("font_roboto") / "files" / f"Roboto-{name}.ttf"
            self.add_font("Roboto", style, str(font))
        self.set_margins(15, 16, 15)
        self.set_auto_page_break(True, margin=18)
        self.set_lang(language)
        # Else the file would tell the time at which it was made.
        self.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("Roboto", size=8)
        self.set_text_color(*_FAINT)
        self.cell(0, 5, f"{self.foot[:90]} · {self.page_no()} / {{nb}}", align="R")

    def write_text(
        self,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        faint: bool = False,
        width: float = 0,
    ) -> None:
        """A paragraph where the pen is; the next begins at the left."""
        self.set_font("Roboto", "B" if bold else "", size)
        self.set_text_color(*(_FAINT if faint else _INK))
        height = size * 0.5
        self.multi_cell(
            width, height, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L"
        )


def printable(text: str) -> str:
    """The text, with a question mark for what cannot be printed."""
    return _UNPRINTABLE.sub("?", text.replace("\t", " ").replace("\r", ""))


def write(sheet: Sheet, *, language: str) -> bytes:
    """The PDF of a sheet that was laid out in `language`."""
    title = printable(f"{sheet.title} {sheet.number}".strip())
    page = Page(title, language)
    page.set_title(title)
    page.add_page()
    page.write_text(title, size=18, bold=True)
    if sheet.verdict:
        page.write_text(f"{sheet.verdict} ({sheet.code})", size=12, bold=True)
    page.write_text(" · ".join(f"{name}: {value}" for name, value in sheet.head), faint=True)
    page.ln(4)
    _parties(page, sheet.parties)
    _rows(page, sheet.facts)
    for reason in sheet.reasons:
        page.write_text(f"{reason.name}: {reason.text}")
        for detail in reason.details:
            page.write_text(detail, faint=True)
    for note in sheet.notes:
        page.write_text(note)
    if sheet.lines:
        _lines(page, sheet)
    if sheet.totals:
        _vat(page, sheet)
        _totals(page, sheet)
    _payment(page, sheet)
    _attachments(page, context(sheet)["attachments"])
    return bytes(page.output())


def _parties(page: Page, parties: tuple[PartyBlock, ...]) -> None:
    for left in range(0, len(parties), 2):
        if page.get_y() > 230:
            page.add_page()
        top, lowest = page.get_y(), 0.0
        for place, party in enumerate(parties[left : left + 2]):
            page.set_y(top)
            for text, bold, faint in (
                (party.role, False, True),
                (party.name, True, False),
                *((line, False, False) for line in party.lines),
            ):
                page.set_x(15 + 95 * place)
                page.write_text(text[:300], bold=bold, faint=faint, width=85)
            lowest = max(lowest, page.get_y())
        page.set_y(lowest + 4)


def _rows(page: Page, rows: Rows) -> None:
    for name, value in rows:
        page.write_text(f"{name}: {value}")
    if rows:
        page.ln(2)


def _lines(page: Page, sheet: Sheet) -> None:
    titles = (_("No."), _("What"), _("Quantity"), _("Price"), _("VAT"), _("Amount"))
    rows = [
        (
            line.id,
            "\n".join((line.name, *line.details)),
            line.quantity,
            line.price,
            line.vat,
            line.amount,
        )
        for line in sheet.lines[:_MOST_LINES]
    ]
    _table(page, titles, rows, _COLUMNS, left=2)
    missing = len(sheet.lines) - _MOST_LINES
    if missing > 0 or sheet.left_out:
        page.write_text(_("More lines stand in the file."), faint=True)


def _vat(page: Page, sheet: Sheet) -> None:
    rows = [
        (
            "\n".join(filter(None, (f"{row.name} {row.rate}".strip(), row.reason))),
            row.taxable,
            row.tax,
        )
        for row in sheet.vat
    ]
    if rows:
        page.ln(4)
        _table(page, (_("VAT"), _("Taxable"), _("Tax")), rows, (110, 35, 35), left=1)


def _table(
    page: Page,
    titles: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    widths: tuple[int, ...],
    *,
    left: int,
) -> None:
    """A table whose first `left` columns are texts, and the others numbers."""
    page.ln(2)
    page.set_font("Roboto", size=8.5)
    page.set_text_color(*_INK)
    page.set_draw_color(*_RULE)
    with page.table(
        col_widths=widths,
        text_align=("LEFT",) * left + ("RIGHT",) * (len(widths) - left),
        headings_style=FontFace(emphasis="", color=_FAINT),
        borders_layout="HORIZONTAL_LINES",
        line_height=4.5,
        padding=(0.8, 0.8),
        v_align=VAlign.T,
    ) as table:
        table.row(titles)
        for row in rows:
            table.row([printable(cell)[:_MOST_LETTERS] for cell in row])


def _totals(page: Page, sheet: Sheet) -> None:
    page.ln(4)
    payable = (*sheet.payable, True)
    rows = [(*row, False) for row in (*sheet.adjustments, *sheet.totals)]
    for name, value, bold in (*rows, payable):
        page.set_font("Roboto", "B" if bold else "", 11 if bold else 9)
        page.set_text_color(*_INK)
        page.multi_cell(
            140, 5.5, printable(name)[:400], align="R", new_x=XPos.RIGHT, new_y=YPos.LAST
        )
        page.cell(40, 5.5, printable(value), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _payment(page: Page, sheet: Sheet) -> None:
    if not (sheet.payments or sheet.terms):
        return
    page.ln(4)
    if page.get_y() > 235:
        page.add_page()
    top = page.get_y()
    page.write_text(_("Payment"), bold=True)
    for rows in sheet.payments:
        for name, value in rows:
            page.write_text(f"{name}: {value}", width=135)
    for term in sheet.terms:
        page.write_text(term, width=135)
    if sheet.payment_code:
        _code(page, payment_code.matrix(sheet.payment_code), top)


def _code(page: Page, modules: list[list[bool]], top: float) -> None:
    below, side = page.get_y(), 30.0
    size = side / len(modules)
    page.set_fill_color(0, 0, 0)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                page.rect(162 + x * size, top + y * size, size, size, style="F")
    page.set_y(max(below, top + side + 2))


def _attachments(page: Page, rows: list[AttachmentRow]) -> None:
    if not rows:
        return
    page.ln(4)
    page.write_text(_("Attachments"), bold=True)
    for row in rows:
        page.write_text(" · ".join(part for part in (row.title, row.details) if part))
