"""The reseller's usage: by company and month, day by day, and how much of the plan is used."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource

from billing import charges, months
from billing.charges import Account
from billing.portal.usage_columns import Counted
from billing.services import quotas
from peppol.models import DailyUsage, MonthlyUsage
from peppol.services.documents import limits
from peppol.services.documents import usage as documents
from peppol.services.documents.limits import WARNING, Quota
from peppol.services.documents.usage import month_of
from tenants.access import memberships, roles
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.ui import charts, display, filters
from tenants.ui.exports import Exportable
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.sites import portal


@dataclass(frozen=True)
class Meter:
    """How much of the documents of a month is used, and what the overage costs so far."""

    quota: Quota
    plan: str
    overage: int = 0
    price: str = ""

    @property
    def width(self) -> int:
        return min(self.quota.percent or 0, 100)


class UsageResource(ModelResource):
    """A company's month in a download."""

    month = Field(attribute="on", column_name="month")
    company = Field(attribute="organization__title", column_name="company")
    company_id = Field(attribute="organization_id", column_name="company_id")
    documents = Field(attribute="documents", column_name="documents")

    class Meta:
        model = MonthlyUsage
        fields = (
            "month",
            "company",
            "company_id",
            "environment",
            "sent",
            "received",
            "failed",
            "documents",
            "compliance_reports",
        )
        export_order = fields


@admin.register(MonthlyUsage, site=portal)
class UsagePage(Exportable, Counted, ScopedAdmin):
    """What the organization and its companies exchanged in a month, from counters alone."""

    area = Area.USAGE
    when_empty = _("Nothing was sent or received in this month.")
    related = ("organization",)
    resource_classes = (UsageResource,)
    list_display = ("company", *Counted.counters)
    list_filter = (
        months.Month,
        filters.related("organization", _("company")),
        filters.choice("environment"),
        filters.condition(
            "quota",
            _("quota"),
            {"near": (_("80 % used"), lambda rows: rows.near_quota(WARNING))},
        ),
    )
    search_help_text = _("Company")
    fields = (("environment", "compliance_reports"),)
    list_before_template = "portal/billing/usage.html"
    change_form_outer_before_template = "portal/billing/company_usage.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        month = months.chosen(request)
        page_context = {"usage": self.page_context(request, month), "title": _("Usage")}
        return super().changelist_view(request, {**page_context, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        page_context = {"usage": self.facts_of(request, row)} if row is not None else {}
        return super().change_view(
            request, object_id, form_url, {**page_context, **(extra_context or {})}
        )

    # --- What stands above the list ---------------------------------------------------------------

    def page_context(self, request: HttpRequest, month: date) -> dict[str, Any]:
        """The month as a whole: sums, days, the plan, and the months beside it."""
        own = memberships.organization(request)
        days = documents.days(own).filter(environment="live")
        totals = days.between(*month_of(month)).totals()
        return {
            "month": months.name(month),
            "figures": _figures(totals),
            "chart": _chart(days, month),
            "meter": _meter(request, own, month),
            "is_over": month != months.offered()[0],
            "file": f"{reverse('portal:peppol_monthlyusage_export')}?month={month:%Y-%m}&as=",
            **self._neighbours(month),
        }

    def facts_of(self, request: HttpRequest, row: MonthlyUsage) -> dict[str, Any]:
        """One company's month."""
        days = scope(DailyUsage, request).filter(
            organization=row.organization_id, environment=row.environment
        )
        totals = {n: getattr(row, n) for n in ("sent", "received", "failed", "compliance_reports")}
        return {
            "month": months.name(row.on),
            "company": row.organization,
            "figures": _figures(totals),
            "chart": _chart(days, row.on),
        }

    def _neighbours(self, month: date) -> dict[str, str]:
        offered = months.offered()
        place = offered.index(month)
        address = reverse("portal:peppol_monthlyusage_changelist")
        before = offered[place + 1] if place + 1 < len(offered) else None
        after = offered[place - 1] if place else None
        return {
            "before": f"{address}?month={before:%Y-%m}" if before else "",
            "after": f"{address}?month={after:%Y-%m}" if after else "",
        }

    # --- Columns ----------------------------------------------------------------------------------

    @admin.display(description=_("Company"), ordering="organization__name")
    def company(self, row: MonthlyUsage) -> str:
        return row.organization.title


def _figures(totals: dict[str, int]) -> list[tuple[Any, Any, Any]]:
    """Name, number and note of each sum."""
    sent, failed = totals["sent"], totals["failed"]
    rate = display.share(sent - failed, sent)
    return [
        (_("Sent"), display.count(sent), _("%(n)d failed") % {"n": failed}),
        (_("Received"), display.count(totals["received"]), ""),
        (_("Delivered"), rate, _("of what was sent")),
        (
            _("Counted"),
            display.count(sent + totals["received"] - failed),
            _("sent and received, less failed"),
        ),
    ]


def _chart(days: Any, month: date) -> charts.Chart:
    start, end = month_of(month)
    numbers = {
        row["on"]: (row["sent"], row["received"]) for row in days.between(start, end).by_day()
    }
    return charts.daily(_("Documents by day"), (_("Sent"), _("Received")), numbers, start, end)


def _meter(request: HttpRequest, own: Organization, month: date) -> Meter | None:
    """What there is to see of a month's quota: of one's own plan, or what one's platform allows."""
    if own.parent_id is not None:
        quota = limits.of_company(own, month)
        return Meter(quota, "") if quota.limit is not None else None
    account = charges.of(own, month)
    if account is None:
        quota = quotas.of(own, month)
        return Meter(quota, "") if quota.limit is not None else None
    price = _price(request, account)
    return Meter(quotas.of_account(account), account.terms.name, account.overage, price)


def _price(request: HttpRequest, account: Account) -> str:
    """What the overage costs so far, for those who may know."""
    if not account.overage or not roles.sees(request, Area.BILLING):
        return ""
    return display.money(account.overage_amount, account.terms.currency)
