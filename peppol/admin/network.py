"""What the operator sees of the network's services, and of what the registers say."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.models import AccessPoint, Circuit, RegisteredCompany, RegisterImport, Transfer
from peppol.portal.transfers import Cancelling, TransferColumns
from peppol.services import circuits
from peppol.services.registration import access_points
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import Creatable, StaffPage


@admin.register(Circuit)
class CircuitPage(ReadOnly, StaffPage):
    """Whether the services of the network answer, as all workers together know it."""

    list_display = (
        "name",
        "state_badge",
        "kind",
        "failures",
        "opened",
        "next_attempt",
        "what_was_wrong",
    )
    list_filter = (filters.choice("state"),)
    fields = list_display
    readonly_fields = ("state_badge", "kind", "opened", "next_attempt", "what_was_wrong")
    actions_detail = ("probe",)

    @operation(
        _("Try it now"),
        description=_("The next call is let through, to see whether it answers again."),
        right=Right.CHANGE,
        when=lambda row: row.state != Circuit.State.CLOSED,
        icon="refresh",
    )
    def probe(self, request: HttpRequest, row: Circuit, answers: dict[str, Any]) -> str:
        circuits.hasten(row.name)
        return gettext("It is tried at the next call.")

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: Circuit) -> str:
        healthy = row.state == Circuit.State.CLOSED
        return display.pill("active" if healthy else "failed", row.get_state_display())

    @admin.display(description=_("Opened"), ordering="opened_at")
    def opened(self, row: Circuit) -> str:
        return display.moment(row.opened_at)

    @admin.display(description=_("Tried again"), ordering="next_probe_at")
    def next_attempt(self, row: Circuit) -> str:
        return display.moment(row.next_probe_at)

    @admin.display(description=_("Trouble"))
    def kind(self, row: Circuit) -> str:
        return row.get_trouble_display() if row.state != Circuit.State.CLOSED else "–"

    @admin.display(description=_("What went wrong"))
    def what_was_wrong(self, row: Circuit) -> str:
        return row.last_error or "–"


class AskAccessPoint(Ask):
    """Where an access point is, and the certificate that it shows."""

    url = forms.URLField(label=_("AS4 address"), max_length=255, assume_scheme="https")
    certificate = forms.CharField(
        label=_("Certificate"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In PEM, or in base64."),
    )
    contact_url = forms.CharField(
        label=_("Technical contact"),
        max_length=500,
        required=False,
        help_text=_("Such as mailto:ops@example.com. Left empty: our own."),
    )


@admin.register(AccessPoint)
class AccessPointPage(Creatable, ReadOnly, StaffPage):
    """Access points other than our own that registrations name."""

    list_display = ("url", "thumb", "since")
    search_fields = ("url", "fingerprint")
    ordering = ("-id",)
    fields = ("url", "contact_url", "fingerprint", "certificate", "created_at")
    actions_list = ("know",)

    @admin.display(description=_("Certificate"))
    def thumb(self, row: AccessPoint) -> str:
        return display.code(row.fingerprint[:16])

    @admin.display(description=_("Known since"), ordering="created_at")
    def since(self, row: AccessPoint) -> str:
        return display.moment(row.created_at)

    @creation(
        _("New access point"),
        ask=AskAccessPoint,
        submit=_("Save"),
        description=_("Registrations can then be moved to it, with a bulk operation."),
        icon="add",
    )
    def know(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        return Done(gettext("It is known now."), access_points.know(**answers))


@admin.register(Transfer)
class TransferPage(Cancelling, TransferColumns, ReadOnly, StaffPage):
    """Every transfer. Migration keys are shown to the companies concerned only."""

    related = ("participant", "organization")
    list_display = ("number", "way", "state_badge", "since", "until", "trouble")
    list_filter = (
        filters.choice("state"),
        filters.choice("direction"),
        filters.related("organization"),
    )
    search_fields = ("participant__value", "organization__name")
    ordering = ("-id",)
    fields = list_display
    readonly_fields = fields
    actions_detail = ("cancel",)


@admin.register(RegisteredCompany)
class RegisteredCompanyPage(ReadOnly, StaffPage):
    """Companies as the imported register knows them."""

    list_display = ("number", "called", "city", "status")
    search_fields = ("number", "city")
    search_help_text = _("Number or city")
    ordering = ("number",)
    fields = (
        "number",
        "called",
        "status",
        "legal_form",
        "started_on",
        "street",
        "postal_code",
        "city",
        "extract",
    )
    readonly_fields = ("called",)

    @admin.display(description=_("Names"))
    def called(self, row: RegisteredCompany) -> str:
        return " / ".join(dict.fromkeys(row.names.values())) or "–"


@admin.register(RegisterImport)
class RegisterImportPage(ReadOnly, StaffPage):
    """Which extracts of the register were imported, and how far."""

    list_display = ("extract", "kind", "snapshot_on", "step", "rows", "done")
    ordering = ("-extract",)
    fields = ("extract", "kind", "snapshot_on", "step", "rows", "started_at", "finished_at")

    @admin.display(description=_("Finished"), ordering="finished_at")
    def done(self, row: RegisterImport) -> str:
        return display.moment(row.finished_at, _("Not yet"))
