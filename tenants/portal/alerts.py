"""The bell: what a person was told of, and the choice of what that is and how."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants import events
from tenants.access import memberships, roles
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.alert_kinds import KINDS, known_to
from tenants.models import Alert, AlertChoice, Company
from tenants.services import alerts
from tenants.ui import display, filters, labels
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import Page, ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

How = AlertChoice.How


class AskHow(Ask):
    """Of what to be told, and how."""

    as_for_all = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose = (memberships.organization(self.request), memberships.user(self.request))
        said = alerts.chosen(*whose, self.row if self.as_for_all else None)
        for kind in KINDS.values():
            if not roles.sees(self.request, kind.area):
                continue
            choices: list[tuple[str, Any]] = list(How.choices)
            usual: str = How.BELL
            if self.as_for_all:
                choices, usual = [("", _("As for all companies")), *choices], ""
            field = forms.ChoiceField(
                label=kind.title,
                choices=choices,
                required=False,
                initial=said.get(kind.name, usual),
            )
            self.add(kind.name, field)


class AskHowOfOne(AskHow):
    """The same of one company."""

    as_for_all = True


@admin.register(Alert, site=portal)
class AlertPage(ReadOnly, ScopedAdmin):
    """What the person who looks was told of, newest first."""

    area = Area.HISTORY
    counts_rows = False
    when_empty = _("What you asked to be told of: failed documents, lost registrations and so on.")
    related = ("event__organization",)
    list_display = ("what", "company", "state", "when")
    list_filter = (
        filters.choice("kind", _("kind"), options=[(k.name, k.title) for k in KINDS.values()]),
        filters.condition(
            "seen", _("seen"), {"no": (_("Not seen yet"), lambda rows: rows.unseen())}
        ),
    )
    ordering = ("-id",)
    fields = ("what", "company", "when")
    readonly_fields = fields
    actions_list = ("choose", "see_all")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        current = memberships.membership(request)
        rows = super().get_queryset(request).filter(user=memberships.user(request))
        return rows.filter(kind__in=known_to(current)) if current else rows.none()

    @admin.display(description=_("What"))
    def what(self, row: Alert) -> str:
        known = events.CATALOGUE.get(row.event.type)
        sentence = gettext(known.description) if known else row.event.type
        return display.lines(sentence, labels.subject_of(row.event))

    @admin.display(description=_("Company"))
    def company(self, row: Alert) -> str:
        return row.event.organization.title

    @admin.display(description=_("State"))
    def state(self, row: Alert) -> str:
        return "" if row.seen_at else display.pill("open", gettext("New"))

    @admin.display(description=_("When"))
    def when(self, row: Alert) -> str:
        return display.moment(row.created_at)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Lead to what it is about; by that it is seen, unless staff look on."""
        row = self.row(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        if getattr(request, "impersonation", None) is None:
            alerts.see(row)
        return redirect(alerts.link_of(row))

    @operation(
        _("Choose alerts"),
        description=_("What you are told of, and how. It is yours alone."),
        ask=AskHow,
        submit=_("Save"),
        right=Right.SEE,
        icon="tune",
        dialog=False,
    )
    def choose(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        alerts.choose(memberships.organization(request), memberships.user(request), answers)
        return gettext("Saved.")

    @operation(_("Mark all as seen"), right=Right.SEE, icon="done_all")
    def see_all(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        alerts.see_all(memberships.organization(request), memberships.user(request))
        return gettext("Nothing is new any more.")


class CompanyAlerts(Page):
    """What one is told of one company. Goes before the page's own class."""

    @operation(
        _("Alerts"),
        description=_("What you are told of this company, and how. It is yours alone."),
        ask=AskHowOfOne,
        submit=_("Save"),
        right=Right.SEE,
        icon="notifications",
    )
    def alert_me(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        whose = (memberships.organization(request), memberships.user(request))
        alerts.choose(*whose, answers, company=row)
        return gettext("Saved.")
