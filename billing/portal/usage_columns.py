"""What a list of usage shows, to the one and to the other public."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peppol.models import MonthlyUsage
from peppol.models.usage import DOCUMENTS
from tenants.ui import display
from tenants.ui.pages import ReadOnly


class Counted(ReadOnly):
    """A list of months, whoever exchanged most first, with a column for every counter.

    Goes before the page's own class.
    """

    counts_rows = False
    search_fields = ("organization__name", "organization__display_name")
    counters = ("n_sent", "n_received", "n_failed", "n_counted", "n_reports")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.with_documents()

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (DOCUMENTS.desc(), "id")

    @admin.display(description=_("Sent"), ordering="sent")
    def n_sent(self, row: MonthlyUsage) -> str:
        return display.number(display.count(row.sent))

    @admin.display(description=_("Received"), ordering="received")
    def n_received(self, row: MonthlyUsage) -> str:
        return display.number(display.count(row.received))

    @admin.display(description=_("Failed"), ordering="failed")
    def n_failed(self, row: MonthlyUsage) -> str:
        return display.number(display.count(row.failed))

    @admin.display(description=_("Counted"), ordering="documents")
    def n_counted(self, row: Any) -> str:
        return display.number(display.count(row.documents))

    @admin.display(description=_("Reports"), ordering="compliance_reports")
    def n_reports(self, row: MonthlyUsage) -> str:
        return display.number(display.count(row.compliance_reports))
