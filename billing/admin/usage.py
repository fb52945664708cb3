"""The operator's usage: which platform exchanged how much in a month, and each of its companies."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing import months
from billing.days import Month, ever_payers
from billing.payers import BILLED, PAYER
from billing.portal.usage_columns import Counted
from billing.services import quotas
from peppol.models import MonthlyUsage
from peppol.models.usage import DOCUMENTS
from peppol.services.documents.limits import Quota
from tenants.models import Environment, Organization
from tenants.ui import filters
from tenants.ui.staff import StaffPage

# Those that exchange most are named above the list.
_MOST = 10


@admin.register(MonthlyUsage)
class UsagePage(Counted, StaffPage):
    """What organizations exchanged in a month, from counters alone."""

    related = ("organization__parent",)
    list_display = ("title", "manager", *Counted.counters)
    list_filter = (
        months.Month,
        filters.family(),
        filters.related("organization"),
        filters.choice("environment"),
    )
    search_help_text = _("Organization")
    fields = (("title", "manager"), ("n_sent", "n_received"), ("n_failed", "n_reports"))
    readonly_fields = ("title", "manager", "n_sent", "n_received", "n_failed", "n_reports")
    list_before_template = "admin/billing/usage_by_payer.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        month = months.chosen(request)
        whole = not {"platform", "organization", "q"} & set(request.GET)
        page_context = {"month": months.name(month), "payers": _payers(month) if whole else ()}
        return super().changelist_view(request, {"usage": page_context, "title": _("Usage")})

    @admin.display(description=_("Organization"), ordering="organization__name")
    def title(self, row: MonthlyUsage) -> str:
        return row.organization.title

    @admin.display(description=_("Platform"))
    def manager(self, row: MonthlyUsage) -> str:
        return row.organization.parent.title if row.organization.parent else "–"


def _payers(month: date) -> list[dict[str, Any]]:
    """Whoever pays for most documents of `month`, with how much of the plan that is."""
    rows = (
        MonthlyUsage.objects.filter(on=month, environment=Environment.LIVE, **BILLED)
        .values(payer=PAYER.of("organization"))
        .annotate(documents=Sum(DOCUMENTS), failed=Sum("failed"), users=Count("organization"))
        .order_by("-documents")[:_MOST]
    )
    found = list(rows)
    named = Organization.objects.in_bulk([row["payer"] for row in found])
    changed = set(ever_payers(Month.of(month)))
    page = reverse("admin:peppol_monthlyusage_changelist")
    return [
        {
            **row,
            "organization": named[row["payer"]],
            "quota": _used(named[row["payer"]], month, row["documents"], changed),
            "link": f"{page}?month={month:%Y-%m}&environment=live&platform={row['payer']}",
        }
        for row in found
    ]


def _used(payer: Organization, month: date, documents: int, changed: set[UUID]) -> Quota:
    """What counts for `payer`; it is the sum where there is neither quota nor change of payer."""
    if payer.document_quota is None and payer.pk not in changed:
        return Quota(documents)
    return quotas.of(payer, month)
