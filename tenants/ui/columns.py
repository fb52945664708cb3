"""How the audit trail is shown, on either site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants import events
from tenants.models import Event
from tenants.ui import display, filters, labels
from tenants.ui.pages import Page


class OfType(filters.Choice):
    """Offers the types of event that the apps declared."""

    field = parameter_name = "type"
    parameters = ("type",)
    title = _("what happened")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = events.CATALOGUE.values()
        return sorted((kind.name, f"{kind.name} – {gettext(kind.description)}") for kind in known)


class EventColumns(Page):
    """The columns of a list of events and the lines of an event's page."""

    counts_rows = False
    # Whether those who read it are the operator's own.
    tells_staff = True

    @admin.display(description=_("When"))
    def happened(self, row: Event) -> str:
        return display.moment(row.occurred_at)

    @admin.display(description=_("What"))
    def what(self, row: Event) -> str:
        known = events.CATALOGUE.get(row.type)
        sentence = gettext(known.description) if known else row.type
        return display.lines(sentence, labels.subject_of(row), row.type)

    @admin.display(description=_("About"))
    def about(self, row: Event) -> str:
        return row.organization.title

    @admin.display(description=_("Who"))
    def who(self, row: Event) -> str:
        kinds = {"user": _("Person"), "key": _("API key"), "system": _("System")}
        return display.lines(
            labels.actor_of(row, for_staff=self.tells_staff) or "–",
            kinds.get(row.actor_kind, row.actor_kind),
        )

    @admin.display(description=_("Why"))
    def why(self, row: Event) -> str:
        return row.reason or "–"

    @admin.display(description=_("When"))
    def exact_time(self, row: Event) -> str:
        return display.exactly(row.occurred_at)

    @admin.display(description=_("What changed"))
    def before_and_after(self, row: Event) -> str:
        return display.changes(row.changes)

    @admin.display(description=_("Request"))
    def in_request(self, row: Event) -> str:
        return display.code(row.request_id) if row.request_id else "–"
