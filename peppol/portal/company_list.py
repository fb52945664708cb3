"""The list of the reseller's companies: who is live, who is stuck, and whose turn it is."""

from typing import Any

from django.contrib import admin
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from peppol import stages
from peppol.models import MonthlyUsage
from peppol.portal.company_links import NEEDS_CLIENT
from peppol.portal.identified import IDENTIFIED
from peppol.services.registration import participants
from peppol.stages import Stage
from tenants.access import memberships
from tenants.models import Company
from tenants.ui import display, filters
from tenants.ui.list_views import ListViews
from tenants.ui.profile_fields import PROFILE_COLUMNS

_TABS = (
    Stage.NEEDS_YOU,
    Stage.NEEDS_CLIENT,
    Stage.WAITING,
    Stage.LIVE,
    Stage.TRIAL,
    Stage.SUSPENDED,
    Stage.CLOSED,
)
# These are told of only where there are some.
_SELDOM = (Stage.TRIAL, Stage.CLOSED)


class CompanyResource(ModelResource):
    """A company in a download."""

    class Meta:
        model = Company
        fields = ("id", "status", "environment", *PROFILE_COLUMNS, "created_at")
        export_order = fields


def _in_states(rows: QuerySet[Company], *states: str) -> QuerySet[Company]:
    """Companies with a registration in one of `states`; each once, however many it has."""
    return rows.filter(participants__state__in=states).distinct()


def _at(stage: str) -> Any:
    return lambda rows: stages.within(rows, stage)


class CompanyList(ListViews):
    """The columns, tabs and filters of the list of companies. Goes before the page's own class."""

    list_display = ("title", "stage_pill", "state_badge", "on_the_network", "numbers", "since")
    columns_to_choose = (
        "stage_pill",
        "state_badge",
        "on_the_network",
        "numbers",
        "this_month",
        "place",
        "mail",
        "own_handle",
        "since",
    )
    list_filter = (
        filters.condition(
            "stage", _("whose turn it is"), {one.value: (one.label, _at(one)) for one in _TABS}
        ),
        filters.choice("status", _("state")),
        filters.choice("environment"),
        filters.condition(
            "network",
            _("network"),
            {
                "registered": (_("Registered"), lambda rows: _in_states(rows, "active")),
                "trouble": (
                    _("In trouble"),
                    lambda rows: _in_states(rows, "failed", "elsewhere"),
                ),
                "none": (
                    _("Not registered"),
                    lambda rows: rows.exclude(participants__state="active"),
                ),
            },
        ),
        NEEDS_CLIENT,
        IDENTIFIED,
        filters.period("created_at", _("created")),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).filter(parent=memberships.organization(request))
        rows = rows.prefetch_related("participants")
        match = request.resolver_match
        is_list = match is not None and (match.url_name or "").endswith("_changelist")
        return self._with_columns(request, rows) if is_list else rows

    def _with_columns(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the columns of the list read besides; no other page pays for it."""
        shown = self.get_list_display(request)
        if "stage_pill" in shown:
            rows = stages.told(rows)
        if "this_month" in shown:
            month = timezone.now().date().replace(day=1)
            used = MonthlyUsage.objects.filter(organization=OuterRef("pk"), on=month)
            summed = (
                used.order_by().values("organization").annotate(n=Sum(F("sent") + F("received")))
            )
            rows = rows.annotate(n_documents=Subquery(summed.values("n")))
        return rows

    def stage_tabs(self, request: HttpRequest, changelist: Any) -> list[dict[str, Any]]:
        found = stages.counts(memberships.organization(request))
        open_now = changelist.params.get("stage", "")

        def tab(stage: str, title: Any, number: int) -> dict[str, Any]:
            link = changelist.get_query_string({"stage": stage} if stage else {}, _others(stage))
            here = stage == open_now
            return {
                "title": title,
                "number": display.count(number),
                "link": link,
                "here": here,
            }

        shown = [one for one in _TABS if found[one] or one not in _SELDOM]
        every = tab("", _("All"), sum(found.values()))
        return [every, *(tab(one.value, one.label, found[one]) for one in shown)]

    @admin.display(description=_("Company"), ordering="name")
    def title(self, row: Company) -> str:
        if row.legal_name in ("", row.title):
            return row.title
        return display.lines(row.title, row.legal_name)

    @admin.display(description=_("Whose turn it is"))
    def stage_pill(self, row: Any) -> str:
        stage = row.stage or Stage.NEEDS_YOU
        return display.pill(stage, Stage(stage).label)

    @admin.display(description=_("State"), ordering="status")
    def state_badge(self, row: Company) -> str:
        test = row.test_mode or row.environment == "test"
        return display.pills(
            (row.status, row.get_status_display()), *([("test", _("Test"))] if test else [])
        )

    @admin.display(description=_("Peppol"))
    def on_the_network(self, row: Company) -> str:
        leading = participants.leading(list(row.participants.all()))
        if leading is None:
            return "–"
        return display.lines(
            display.pill(leading.state, leading.get_state_display()),
            display.code(leading.identifier),
        )

    @admin.display(description=_("Numbers"))
    def numbers(self, row: Company) -> str:
        number = row.company_number or row.vat_number
        return display.lines(number, row.country) if number else row.country

    @admin.display(description=_("Documents this month"))
    def this_month(self, row: Any) -> str:
        return display.number(display.count(row.n_documents or 0))

    @admin.display(description=_("City"))
    def place(self, row: Company) -> str:
        return row.city or "–"

    @admin.display(description=_("E-mail address"))
    def mail(self, row: Company) -> str:
        return row.email or "–"

    @admin.display(description=_("Handle"))
    def own_handle(self, row: Company) -> str:
        return row.handle or "–"

    @admin.display(description=_("Created"), ordering="created_at")
    def since(self, row: Company) -> str:
        return display.moment(row.created_at)


def _others(stage: str) -> list[str]:
    """What of the address a tab drops: the page one is on and, for all, the tab."""
    return ["p"] if stage else ["p", "stage"]
