"""How statements and where they go are shown, on either site, and which files go with them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from billing import company_table
from billing.models import BillingAddress, Statement
from tenants.ui import display
from tenants.ui.downloads import Downloads, attached
from tenants.ui.pages import Page

# A statement of ten thousand companies is read in a spreadsheet.
_LINES = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AddressColumns(Page):
    """How a billing address is shown, on either site. Goes before the page's own class."""

    @admin.display(description=_("Billing address"), ordering="recipient")
    def title(self, row: BillingAddress) -> str:
        street = ", ".join(filter(None, (row.address_line1, f"{row.postal_code} {row.city}")))
        return display.lines(row.recipient, street)

    @admin.display(description=_("VAT id"), ordering="vat_id")
    def vat(self, row: BillingAddress) -> str:
        if not row.vat_id:
            return "–"
        tone, word = {
            True: ("active", _("Valid")),
            False: ("failed", _("Not valid")),
            None: ("pending", _("Being checked")),
        }[row.vat_id_valid]
        return display.lines(display.code(row.vat_id), display.pill(tone, word))


class StatementColumns(Downloads):
    """How a statement is shown, on either site. Goes before the page's own class."""

    downloads = ("pdf", "ubl", "csv", "xlsx")
    related: tuple[str, ...] = ("organization", "corrects")
    counts_rows = False
    sortable_by = ()
    ordering = ("-id",)
    search_fields = ("=number",)
    search_help_text = _("Number")
    fields: Any = (("issued", "due"), ("plan", "taxed"))
    readonly_fields: Any = ("issued", "due", "taxed")
    change_form_outer_before_template = "ui/statement.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        page_context = {"statement": self.page_context(row)} if row is not None else {}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**page_context, **(extra_context or {})}
        )
        return answer

    def page_context(self, row: Statement) -> dict[str, Any]:
        """The context of what stands above the fields of the page."""
        lines = row.lines.order_by("id")[: _LINES + 1]
        return {
            "row": row,
            "lines": lines[:_LINES],
            "has_more": len(lines) > _LINES,
            "credit_note": row.credited_by(),
            "files": self.download_links(row),
            "shows_companies": row.kind == Statement.Kind.INVOICE,
        }

    # --- Files ------------------------------------------------------------------------------------

    def give_pdf(self, row: Statement) -> Any:
        return attached(row.pdf.open("rb"), f"{row.number}.pdf", "application/pdf")

    def give_ubl(self, row: Statement) -> Any:
        return attached(row.ubl.open("rb"), f"{row.number}.xml", "application/xml")

    def give_csv(self, row: Statement) -> Any:
        """What each company cost, line by line, however many there are."""
        lines = (line.encode() for line in company_table.csv_lines(row))
        return attached(lines, f"{row.number}-companies.csv", "text/csv; charset=utf-8")

    def give_xlsx(self, row: Statement) -> Any:
        return attached((company_table.xlsx(row),), f"{row.number}-companies.xlsx", _XLSX)

    # --- Columns ----------------------------------------------------------------------------------

    @admin.display(description=_("Statement"))
    def title(self, row: Statement) -> str:
        if row.kind == Statement.Kind.INVOICE:
            return row.number
        of = _("Credit note for %(number)s") % {"number": row.corrects and row.corrects.number}
        return display.lines(row.number, of)

    @admin.display(description=_("Month"))
    def period(self, row: Statement) -> str:
        return formats.date_format(row.month, "F Y")

    @admin.display(description=_("Billed to"))
    def owner(self, row: Statement) -> str:
        return row.organization.title

    @admin.display(description=_("Documents"))
    def n_documents(self, row: Statement) -> str:
        return display.number(display.count(row.documents))

    @admin.display(description=_("Total"))
    def n_total(self, row: Statement) -> str:
        return display.number(display.money(row.total, row.currency))

    @admin.display(description=_("Issued"))
    def issued(self, row: Statement) -> str:
        return display.day(row.issued_on)

    @admin.display(description=_("Due"))
    def due(self, row: Statement) -> str:
        return display.day(row.due_on) if row.kind == Statement.Kind.INVOICE else "–"

    @admin.display(description=_("VAT"))
    def taxed(self, row: Statement) -> str:
        return str(_TAXED.get(row.vat_category, f"{display.decimal(row.vat_rate)} %"))


_TAXED = {
    "AE": _("Reverse charge: the buyer pays the VAT"),
    "G": _("Not taxed: the buyer is outside the EU"),
}
