"""What came of bulk operations, one registration after the other."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peppol.models import BulkOperation, BulkResult
from tenants.ui import display, filters
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage

# Operations that are longer ago are of no interest.
_OFFERED = 20
_TONES = {"pending": "pending", "done": "active", "noted": "disabled", "failed": "failed"}


class OfOperation(filters.Choice):
    """What came of one operation: its page leads here."""

    title = _("operation")
    parameter_name = field = "operation"
    parameters = ("operation",)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        latest = BulkOperation.objects.exclude(kind=BulkOperation.Kind.RECONCILE)[:_OFFERED]
        return [(str(one.pk), f"{one} · {one.created_at:%Y-%m-%d %H:%M}") for one in latest]


@admin.register(BulkResult)
class BulkResultPage(ReadOnly, StaffPage):
    """What came of a bulk operation for each registration."""

    related = ("participant", "organization", "operation")
    list_display = ("number", "organization", "state_badge", "detail", "settled")
    list_filter = (OfOperation, filters.choice("state"))
    search_fields = ("participant__value", "organization__name")
    ordering = ("-id",)
    fields = ("number", "operation", "state_badge", "detail", "settled")
    readonly_fields = fields

    @admin.display(description=_("Identifier"))
    def number(self, row: BulkResult) -> str:
        return display.code(row.participant.identifier)

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: BulkResult) -> str:
        return display.pill(_TONES[row.state], row.get_state_display())

    @admin.display(description=_("Settled"), ordering="settled_at")
    def settled(self, row: BulkResult) -> str:
        return display.moment(row.settled_at)
