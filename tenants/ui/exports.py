"""Downloads of lists: the rows that the page shows, in the columns that its resource names."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, JSON, XLSX
from tablib import Dataset
from unfold.contrib.import_export.forms import ExportForm

from tenants.formulas import harmless

_REMEMBERED = "export_format"
# Where a decimal comma is written, spreadsheets divide by semicolons.
_SEPARATORS = {"en": ","}


class SpreadsheetCsv(CSV):
    """CSV as the reader's spreadsheet opens it: marked as UTF-8, and divided as their language
    divides."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        kwargs.setdefault("delimiter", _SEPARATORS.get((get_language() or "en")[:2], ";"))
        return "\ufeff" + str(super().export_data(dataset, **kwargs))


class Exportable(ExportMixin):
    """A list that can be downloaded by whoever may see it. Goes before the page's own class.

    `resource_classes` names one resource with explicit `fields`: a column that nobody named,
    such as a hash, is never in a download.
    """

    export_form_class = ExportForm
    formats = [SpreadsheetCsv, XLSX, JSON]
    list_after_template = "ui/export_links.html"
    skip_export_form_from_action = True

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The file at once: as the address says (`?as=csv`), else as it was wanted last."""
        asked: Any = request.GET.copy()
        wanted = "".join(asked.pop("as", []))
        # The list itself would take it for one of its filters.
        request.GET = asked
        if request.method == "GET":
            wanted = wanted or request.session.get(_REMEMBERED, "csv")
        for kind in (kind() for kind in self.formats):
            if kind.get_extension() == wanted and self.has_export_permission(request):
                request.session[_REMEMBERED] = wanted
                return self._do_file_export(kind, request, self.get_export_queryset(request))
        answer: HttpResponse = super().export_action(request)
        return answer

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        """What it is a list of, and of which day."""
        here = reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist"
        )
        named = self.admin_site.navigation.title(here) or self.opts.verbose_name_plural
        day = timezone.localdate().isoformat()
        return f"{slugify(str(named)) or 'export'}-{day}.{file_format.get_extension()}"

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: Any, **options: Any
    ) -> Any:
        is_sheet = not isinstance(file_format, JSON)
        return super().get_export_data(file_format, request, queryset, is_sheet=is_sheet, **options)

    def get_data_for_export(
        self, request: HttpRequest, queryset: Any, *, is_sheet: bool, **options: Any
    ) -> Dataset:
        """The rows, of which no cell is a formula where spreadsheets open them."""
        rows: Dataset = super().get_data_for_export(request, queryset, **options)
        return _harmless(rows) if is_sheet else rows

    def get_export_resource_classes(self, request: HttpRequest) -> list[Any]:
        for resource in self.resource_classes:
            assert resource._meta.fields, f"{resource.__name__} has to name its fields"  # noqa: S101
        return list(self.resource_classes)


def _harmless(rows: Dataset) -> Dataset:
    cells = ([_cell(value) for value in row] for row in rows)
    return Dataset(*cells, headers=[_cell(name) for name in rows.headers], title=rows.title)


def _cell(value: Any) -> Any:
    """Without the sign that makes a formula of it to every program, and marked for the others."""
    return harmless(value.lstrip("=") if isinstance(value, str) else value)
