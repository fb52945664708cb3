"""The operator's statements: the runs that make them, and crediting one."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from billing import months
from billing.columns import StatementColumns
from billing.models import QuotaNotice, Statement, StatementRun
from billing.services import statement_runs, statements
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Organization
from tenants.ui import display, filters
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly, Told
from tenants.ui.staff import Creatable, StaffPage

# Of those that were refused so many are named on a run's page.
_MOST = 200


def _over() -> list[tuple[str, str]]:
    """The months that can be billed, the last one first."""
    return [(month.isoformat(), months.name(month)) for month in months.offered()[1:]]


class AskMonth(Ask):
    """Which month to bill."""

    month = forms.ChoiceField(label=_("Month"), choices=_over)


class AskNumber(Ask):
    """Why a statement is credited, and its number typed out: a credit note cannot be undone."""

    reason = forms.CharField(
        label=_("Reason, which the organization reads"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_final = forms.BooleanField(
        label=_("Do not bill the month again"),
        help_text=_("Else it is billed again at once, with what is known today."),
        required=False,
    )
    number = forms.CharField(label=_("Type the statement's number"), max_length=32)

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"].strip()
        if typed != self.row.number:
            raise forms.ValidationError(
                _("This is not the number. It is %(number)s."), params={"number": self.row.number}
            )
        return typed


class OfMonth(filters.Choice):
    """Statements of one month."""

    field = parameter_name = "month"
    parameters = ("month",)
    title = _("month")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(month.isoformat(), months.name(month)) for month in months.offered()]


@admin.register(StatementRun)
class RunPage(Creatable, Told, StaffPage):
    """The statements of a month in the making: how far, and who was refused."""

    list_display = ("title", "state_badge", "advance", "n_refused", "since", "until")
    list_filter = (filters.choice("state"),)
    ordering = ("-month",)
    actions_list = ("start",)
    actions_detail = ("retry",)
    change_form_outer_before_template = "admin/billing/statement_run.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        may = row is not None and self.has_view_permission(request, row)
        if may and "part" in request.GET:
            return TemplateResponse(
                request,
                "admin/billing/statement_run_progress.html",
                {"run": self.page_context(row)},
            )
        page_context = {"run": self.page_context(row)} if may else {}
        return super().change_view(request, object_id, form_url, page_context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatementRun]:
        return super().get_queryset(request).prefetch_related("refusals")

    def page_context(self, row: StatementRun) -> dict[str, Any]:
        """How far it is, what it came to, and who has no statement for which reason."""
        refused = row.refused
        named = Organization.objects.in_bulk(list(refused)[:_MOST])
        query = f"month={row.month:%Y-%m-%d}&kind=invoice"
        return {
            "row": row,
            "month": months.name(row.month),
            "sums": row.statements.sums(),
            "statements": f"{reverse('admin:billing_statement_changelist')}?{query}",
            "refused": [(named[pk], why) for pk, why in refused.items() if pk in named],
            "n_refused": len(refused),
            "others": max(len(refused) - _MOST, 0),
        }

    @admin.display(description=_("Month"), ordering="month")
    def title(self, row: StatementRun) -> str:
        return months.name(row.month)

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: StatementRun) -> str:
        return display.pill("done" if row.finished_at else "running", row.get_state_display())

    @admin.display(description=_("Progress"))
    def advance(self, row: StatementRun) -> str:
        text = ngettext(
            "%(done)d of %(total)d organization", "%(done)d of %(total)d organizations", row.total
        )
        return display.bar(row.done, row.total, text % {"done": row.done, "total": row.total})

    @admin.display(description=_("Refused"))
    def n_refused(self, row: StatementRun) -> str:
        number = len(row.refused)
        return display.number(display.pill("failed", display.count(number)) if number else "0")

    @admin.display(description=_("Started"), ordering="started_at")
    def since(self, row: StatementRun) -> str:
        return display.moment(row.started_at)

    @admin.display(description=_("Finished"), ordering="finished_at")
    def until(self, row: StatementRun) -> str:
        return display.moment(row.finished_at)

    @creation(
        _("Issue a month's statements"),
        dialog=True,
        ask=AskMonth,
        submit=_("Start"),
        description=_(
            "Everybody on a plan gets the statement of the month. It runs in the background; "
            "nobody gets two."
        ),
        icon="receipt_long",
    )
    def start(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        run = statement_runs.start(date.fromisoformat(answers["month"]))
        # A run belongs to no organization, so no audit trail of one would tell of this.
        ModelAdmin.log_addition(self, request, run, "start")
        return Done(gettext("The statements of the month are being made."), run)

    @operation(
        _("Try the refused again"),
        description=_("Those who have their statement keep it; the others get theirs."),
        right=Right.CHANGE,
        when=lambda row: row.state == StatementRun.State.FINISHED and bool(row.refused),
        icon="refresh",
        variant=ActionVariant.PRIMARY,
    )
    def retry(self, request: HttpRequest, row: StatementRun, answers: dict[str, Any]) -> str:
        statement_runs.retry(row)
        ModelAdmin.log_change(self, request, row, "retry")
        return gettext("It is gone through again.")


@admin.register(Statement)
class StatementPage(StatementColumns, ReadOnly, StaffPage):
    """Every statement and credit note."""

    in_search = 7
    related = ("organization", "corrects", "credit_note")
    list_display = ("title", "owner", "period", "state_badge", "n_total", "issued", "due")
    list_filter = (
        filters.choice("kind", _("kind")),
        OfMonth,
        filters.condition(
            "credited",
            _("credited"),
            {
                "yes": (_("Credited"), lambda rows: rows.exclude(credit_note=None)),
                "no": (_("Not credited"), lambda rows: rows.filter(credit_note=None)),
            },
        ),
        filters.related("organization"),
        filters.family(),
        filters.period("issued_on", _("issued")),
    )
    actions_detail = ("credit",)

    def page_context(self, row: Statement) -> dict[str, Any]:
        page = reverse("admin:tenants_organization_change", args=[row.organization_id])
        return {**super().page_context(row), "owner": page}

    @admin.display(description=_("State"))
    def state_badge(self, row: Statement) -> str:
        if row.kind == Statement.Kind.CREDIT_NOTE:
            return display.pill("open", _("Credit note"))
        if hasattr(row, "credit_note"):
            return display.pill("stopped", _("Credited"))
        return display.pill("done", _("Issued"))

    @operation(
        _("Credit"),
        ask=AskNumber,
        submit=_("Issue the credit note"),
        description=_("A credit note over all of it is issued. It cannot be undone."),
        right=Right.CHANGE,
        when=lambda row: row.kind == Statement.Kind.INVOICE and not hasattr(row, "credit_note"),
        icon="undo",
        variant=ActionVariant.DANGER,
    )
    def credit(self, request: HttpRequest, row: Statement, answers: dict[str, Any]) -> Done:
        is_final, reason = answers["is_final"], answers["reason"]
        by = memberships.actor(request)
        note = statements.credit(row, reason=reason, by=by, is_final=is_final)
        if not is_final:
            statement_runs.bill_again(row)
        said = gettext("%(number)s is credited by %(note)s.")
        return Done(said % {"number": row.number, "note": note.number}, note)


@admin.register(QuotaNotice)
class NoticePage(ReadOnly, StaffPage):
    """Who was told that the documents of its plan are nearly, or wholly, used up."""

    related = ("organization",)
    counts_rows = False
    list_display = ("organization", "period", "reached", "told")
    list_filter = (
        filters.choice("period"),
        filters.period("on", _("time")),
        filters.related("organization"),
    )
    ordering = ("-id",)
    fields = list_display
    readonly_fields = ("period", "reached", "told")

    @admin.display(description=_("Period"))
    def period(self, row: QuotaNotice) -> str:
        by_day = row.period == QuotaNotice.Period.DAY
        return display.day(row.on) if by_day else months.name(row.on)

    @admin.display(description=_("Used"), ordering="percentage")
    def reached(self, row: QuotaNotice) -> str:
        tone = "failed" if row.percentage >= 100 else "pending"
        return display.pill(tone, f"{row.percentage} %")

    @admin.display(description=_("Told"), ordering="sent_at")
    def told(self, row: QuotaNotice) -> str:
        return display.moment(row.sent_at)
