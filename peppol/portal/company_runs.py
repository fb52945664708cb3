"""What is done to many companies at once: asked for once, followed, and undone where it can be."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import CompanyRun
from peppol.portal import run_pages
from peppol.portal.run_forms import AskRun
from peppol.services.company_runs import runs
from peppol.services.company_runs.kinds import KINDS
from tenants.access import memberships
from tenants.access.gate import Right, takes
from tenants.access.roles import Area
from tenants.ui import display, filters
from tenants.ui.operations import operation
from tenants.ui.outcomes import Redirect
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

State = CompanyRun.State
# What starting one takes, besides changing companies.
_TAKES = {
    "register": (Right.CHANGE, Area.REGISTRATIONS),
    "suspend": (Right.GOVERN, Area.COMPANIES),
    "reactivate": (Right.GOVERN, Area.COMPANIES),
    "limits": (Right.GOVERN, Area.COMPANIES),
    "keys": (Right.CHANGE, Area.KEYS),
    "invite": (Right.CHANGE, Area.TEAM),
}


@admin.register(CompanyRun, site=portal)
class RunPage(ReadOnly, ScopedAdmin):
    """What was done to many companies, and what became of each."""

    area = Area.COMPANIES
    in_events = "run"
    when_empty = _("What you do to many companies at once: tick them in their list.")
    list_display = ("what", "state_badge", "companies", "maker", "made")
    list_filter = (filters.choice("state"),)
    ordering = ("-id",)
    fieldsets = ((None, {"fields": (("maker", "begun"), ("ended",))}),)
    readonly_fields = ("maker", "begun", "ended")
    change_form_outer_before_template = "portal/runs/run.html"
    actions_detail = ("start", "stop", "go_on", "retry", "undo", "keys")

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "peppol_companyrun"
        return [
            path("<path:object_id>/progress/", view(self.progress), name=f"{name}_progress"),
            path("<path:object_id>/result.csv", view(self.result), name=f"{name}_result"),
            *super().get_urls(),
        ]

    @admin.display(description=_("What"), ordering="kind")
    def what(self, row: CompanyRun) -> str:
        return str(row)

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: CompanyRun) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Companies"), ordering="total")
    def companies(self, row: CompanyRun) -> str:
        return display.number(display.count(row.total))

    @admin.display(description=_("By"))
    def maker(self, row: CompanyRun) -> str:
        return row.actor_label or "–"

    @admin.display(description=_("Chosen"), ordering="created_at")
    def made(self, row: CompanyRun) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Started"))
    def begun(self, row: CompanyRun) -> str:
        return display.moment(row.started_at)

    @admin.display(description=_("Ended"))
    def ended(self, row: CompanyRun) -> str:
        return display.moment(row.finished_at)

    def may(self, request: HttpRequest, op: Any, row: Any) -> bool:
        """Whoever may do it to one company may do it to many."""
        if not super().may(request, op, row):
            return False
        right, area = _TAKES.get(_forward(row), (op.right, self.area)) if row else (op.right, None)
        return self.opens(request, right, area=area)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        page_context = run_pages.context(row) if row is not None else {}
        return super().change_view(
            request, object_id, form_url, {**page_context, **(extra_context or {})}
        )

    @takes(Right.SEE)
    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far a run is; the page that follows it shows the answer."""
        context = run_pages.progress_of(self._visible(request, object_id))
        headers = {"Cache-Control": "no-store"}
        return TemplateResponse(request, "portal/runs/progress.html", context, headers=headers)

    @takes(Right.SEE)
    def result(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A line per company: what became of it."""
        return run_pages.result(self._visible(request, object_id), {})

    def _visible(self, request: HttpRequest, object_id: str) -> CompanyRun:
        row: CompanyRun | None = self.row(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return row

    @operation(
        _("Go ahead"),
        ask=AskRun,
        right=Right.CHANGE,
        when=lambda row: row.state == State.CHOSEN,
        icon="play_arrow",
        dialog=False,
    )
    def start(self, request: HttpRequest, row: CompanyRun, answers: dict[str, Any]) -> Redirect:
        runs.start(row, answers, by=memberships.actor(request))
        return Redirect(reverse("portal:peppol_companyrun_change", args=[row.pk]))

    @operation(
        _("Stop"),
        description=_("What was done stays; the rest can be done later."),
        right=Right.CHANGE,
        when=lambda row: row.state == State.RUNNING,
        icon="stop",
    )
    def stop(self, request: HttpRequest, row: CompanyRun, answers: dict[str, Any]) -> str:
        runs.stop(row, by=memberships.actor(request))
        return gettext("It is stopped.")

    @operation(
        _("Go on"),
        right=Right.CHANGE,
        when=lambda row: row.state == State.STOPPED,
        icon="play_arrow",
    )
    def go_on(self, request: HttpRequest, row: CompanyRun, answers: dict[str, Any]) -> str:
        runs.go_on(row, by=memberships.actor(request))
        return gettext("It is under way. You need not wait for it.")

    @operation(
        _("Try failed ones again"),
        right=Right.CHANGE,
        when=lambda row: run_pages.is_over(row) and row.lines.filter(state="failed").exists(),
        icon="replay",
    )
    def retry(self, request: HttpRequest, row: CompanyRun, answers: dict[str, Any]) -> str:
        runs.retry(row, by=memberships.actor(request))
        return gettext("It is under way. You need not wait for it.")

    @operation(
        _("Undo"),
        description=_("For every company to which it was done, by a run of its own."),
        right=Right.CHANGE,
        when=run_pages.can_be_undone,
        icon="undo",
        variant=ActionVariant.DANGER,
    )
    def undo(self, request: HttpRequest, row: CompanyRun, answers: dict[str, Any]) -> Redirect:
        back = runs.undo(row, by=memberships.actor(request))
        return Redirect(reverse("portal:peppol_companyrun_change", args=[back.pk]))

    @operation(
        _("Download the keys"),
        description=_(
            "The result with the API keys of all companies. This is the only time: they are not "
            "kept afterwards. Keep the file where secrets belong."
        ),
        submit=_("Download"),
        right=Right.CHANGE,
        when=lambda row: run_pages.is_over(row) and row.lines.exclude(secret="").exists(),
        icon="key",
        dialog=False,
    )
    def keys(self, request: HttpRequest, row: CompanyRun, answers: dict[str, Any]) -> HttpResponse:
        return run_pages.result(row, runs.take_secrets(row, by=memberships.actor(request)))


def _forward(row: CompanyRun) -> str:
    """The kind of a run or, of one that undoes, of what it undoes."""
    ways = {kind.undo: name for name, kind in KINDS.items() if kind.undo}
    return row.kind if row.kind in _TAKES else ways.get(row.kind, row.kind)
