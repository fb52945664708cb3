"""Downloads of lists: the rows that the page shows, in the columns that its resource names."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, JSON, XLSX
from tablib import Dataset
from unfold.contrib.import_export.forms import ExportForm

from tenants.formulas import harmless


class Exportable(ExportMixin):
    """A list that can be downloaded by whoever may see it. Goes before the page's own class.

    `resource_classes` names one resource with explicit `fields`: a column that nobody named,
    such as a hash, is never in a download.
    """

    export_form_class = ExportForm
    formats = [CSV, XLSX, JSON]
    skip_export_form_from_action = True

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The file at once where the address says which (`?as=csv`), else the question."""
        asked: Any = request.GET.copy()
        wanted = "".join(asked.pop("as", []))
        # The list itself would take it for one of its filters.
        request.GET = asked
        for kind in (kind() for kind in self.formats):
            if kind.get_extension() == wanted and self.has_export_permission(request):
                return self._do_file_export(kind, request, self.get_export_queryset(request))
        answer: HttpResponse = super().export_action(request)
        return answer

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
