"""Reports to OpenPeppol: what the access point made, what speaks against it, filed or late."""

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import NetworkReport
from peppol.services import network_reports
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.downloads import Downloads, attached
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import Creatable, StaffPage

State = NetworkReport.State
_TONES = {"due": "pending", "ready": "active", "doubtful": "waiting", "filed": "disabled"}
_FIGURES = {
    "sending": _("End users who sent"),
    "receiving": _("End users who received"),
    "either": _("End users in all"),
    "incoming": _("Transactions in"),
    "outgoing": _("Transactions out"),
}


class AskMonth(Ask):
    """Of which month the reports are wanted."""

    month = forms.DateField(
        label=_("Any day of the month"), widget=forms.DateInput(attrs={"type": "date"})
    )


class AskFiled(Ask):
    """What is kept of the filing."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=255,
        required=False,
        help_text=_("Such as the message id that the access point has of it."),
    )


@admin.register(NetworkReport)
class NetworkReportPage(Creatable, Downloads, ReadOnly, StaffPage):
    """The reports of each month, and whether they were filed."""

    when_empty = _("What OpenPeppol is told of each month, from the first of the next one on.")
    list_display = ("title", "state_badge", "counted", "in_time", "trouble")
    list_filter = (filters.choice("state"), filters.choice("kind"))
    ordering = ("-month", "kind")
    fieldsets = (
        (None, {"fields": (("title", "state_badge"), ("in_time", "filed"), "trouble")}),
        (_("Figures"), {"fields": ("counted", "judged_by", "fetched", "file_link", "against")}),
    )
    readonly_fields = (
        "title",
        "state_badge",
        "in_time",
        "filed",
        "trouble",
        "counted",
        "judged_by",
        "fetched",
        "file_link",
        "against",
    )
    downloads = ("xml",)
    actions_list = ("ask_for",)
    actions_detail = ("file", "fetch_again")

    @admin.display(description=_("Report"), ordering="month")
    def title(self, row: NetworkReport) -> str:
        return display.lines(f"{row.month:%Y-%m}", row.get_kind_display())

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: NetworkReport) -> str:
        return display.pill(_TONES[row.state], row.get_state_display())

    @admin.display(description=_("Counted: in the report / here"))
    def counted(self, row: NetworkReport) -> str:
        lines = [
            (name, row.figures.get(key, "–"), row.own_figures[key])
            for key, name in _FIGURES.items()
            if key in row.own_figures
        ]
        return format_html_join("", "<div>{}: {} / {}</div>", lines) or "–"

    @admin.display(description=_("Due"))
    def in_time(self, row: NetworkReport) -> str:
        late = display.pill("failed", _("Late")) if row.is_late else ""
        return display.lines(f"{row.due_on:%Y-%m-%d}", late)

    @admin.display(description=_("Filed"))
    def filed(self, row: NetworkReport) -> str:
        if row.filed_at is None:
            return "–"
        return display.lines(display.moment(row.filed_at), row.filed_by, row.reference)

    @admin.display(description=_("What went wrong"))
    def trouble(self, row: NetworkReport) -> str:
        return row.last_error or "–"

    @admin.display(description=_("Judged by"))
    def judged_by(self, row: NetworkReport) -> Any:
        if row.officially:
            return _("The official schema and rules")
        return _("Our own look at it: no installed release has rules for reports")

    @admin.display(description=_("Fetched"), ordering="fetched_at")
    def fetched(self, row: NetworkReport) -> str:
        return display.moment(row.fetched_at)

    @admin.display(description=_("File"))
    def file_link(self, row: NetworkReport) -> str:
        if not row.content:
            return "–"
        link = '<a href="{}" class="text-link">{}</a>'
        return format_html(link, self.download_links(row)["xml"], self._name(row))

    @admin.display(description=_("What speaks against it"))
    def against(self, row: NetworkReport) -> str:
        found = format_html_join("", "<li>{}</li>", ((one,) for one in row.findings))
        return format_html('<ul class="gh-list">{}</ul>', found) if found else "–"

    def give_xml(self, row: NetworkReport) -> HttpResponseBase:
        return attached(BytesIO(row.content.encode()), self._name(row), "application/xml")

    def _name(self, row: NetworkReport) -> str:
        return f"{row.kind}-{row.month:%Y-%m}.xml"

    @creation(
        _("Fetch the reports of a month"),
        ask=AskMonth,
        submit=_("Fetch"),
        description=_("The month before this one is fetched by itself."),
        icon="download",
    )
    def ask_for(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        row = network_reports.ask_for(answers["month"])
        return Done(gettext("They are being fetched from the access point."), row)

    @operation(
        _("Fetch it again"),
        description=_("What came late is in it then."),
        right=Right.CHANGE,
        when=lambda row: row.state != State.FILED,
        icon="refresh",
    )
    def fetch_again(self, request: HttpRequest, row: NetworkReport, answers: Any) -> str:
        network_reports.ask_for(row.month)
        return gettext("They are being fetched from the access point.")

    @operation(
        _("Note that it was filed"),
        description=_("The access point sends it to OpenPeppol; here it is noted that it did."),
        ask=AskFiled,
        right=Right.CHANGE,
        when=lambda row: row.state != State.FILED,
        icon="check_circle",
        variant=ActionVariant.PRIMARY,
    )
    def file(self, request: HttpRequest, row: NetworkReport, answers: dict[str, Any]) -> str:
        network_reports.file(row, by=memberships.actor(request), **answers)
        return gettext("It is noted.")
