"""The month that a page of usage is about: this one, or one of the last two years."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from peppol.services.documents.usage import this_month
from tenants.ui.filters import Choice

_MOST = 24


def offered() -> list[date]:
    """The first days of the months that can be chosen, this month's first."""
    first = this_month()
    return [_back(first, n) for n in range(_MOST)]


def chosen(request: HttpRequest) -> date:
    """The month that `?month=2026-11` names; this one for anything else."""
    asked = request.GET.get("month", "")
    months = offered()
    return next((month for month in months if f"{month:%Y-%m}" == asked), months[0])


def name(month: date) -> str:
    """A month as people of the current language write it."""
    return formats.date_format(month, "F Y")


class Month(Choice):
    """The rows of one month; there is always one chosen."""

    title = _("month")
    parameter_name = "month"
    parameters = ("month",)
    field = "on"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        self.month = chosen(request)
        return [(f"{month:%Y-%m}", name(month)) for month in offered()]

    def value(self) -> str:
        return f"{self.month:%Y-%m}"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(on=self.month)


def _back(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)
