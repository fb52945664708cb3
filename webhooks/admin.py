"""The operator's view of webhooks: endpoints and deliveries, written by programs. No secrets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants import tallies
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Organization
from tenants.ui import filters
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage
from tenants.ui.tiles import Tile, counted, tile
from webhooks.columns import DeliveryColumns, EndpointColumns, Replaying, troubled
from webhooks.models import Delivery, Endpoint
from webhooks.services import endpoints

HEALTH = {
    "active": (_("Fine"), lambda rows: rows.active().filter(consecutive_failures=0)),
    "failed": (_("Failing"), lambda rows: rows.active().filter(consecutive_failures__gt=0)),
    "disabled": (_("Disabled"), lambda rows: rows.live().filter(status=Endpoint.Status.DISABLED)),
}


@tile(60)
def webhooks_at_a_glance(row: Organization) -> Tile:
    """Its webhooks by how they fare."""
    n = tallies.of(row)["endpoint"]
    counts = {"active": n["active"], "failed": n["failing"], "disabled": n["disabled"]}
    found = [(key, name, counts[key]) for key, (name, _narrow) in HEALTH.items()]
    facts = counted("webhooks_endpoint", row, "health", found)
    return Tile(_("Webhooks"), facts, empty=_("None yet."))


class AskReason(Ask):
    """Why; the endpoint's organization reads it."""

    reason = forms.CharField(label=_("Reason"), max_length=255)


@admin.register(Endpoint)
class EndpointPage(Replaying, EndpointColumns, ReadOnly, StaffPage):
    """Every webhook and how it fares."""

    in_events = "endpoint"
    in_search = 5
    related = ("organization",)
    list_display = (
        "title",
        "owner",
        "state_badge",
        "subscribed",
        "health",
        "failures",
        "last_success",
    )
    list_filter = (
        filters.choice("status", _("state")),
        filters.condition(
            "attention",
            _("attention"),
            {"yes": (_("Failing or disabled"), lambda rows: troubled(rows.live()))},
        ),
        filters.condition("health", _("health"), HEALTH),
        filters.condition("deleted", _("deleted"), {"no": (_("No"), lambda rows: rows.live())}),
        filters.related("organization"),
        filters.family(),
        filters.choice("environment"),
    )
    search_fields = ("url", "organization__name")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    ("owner", "state_badge"),
                    ("health", "last_success"),
                    ("failures", "disabled_reason_text"),
                    "event_types",
                    ("timeout_seconds", "concurrency"),
                    "retries",
                )
            },
        ),
    )
    readonly_fields = (
        "title",
        "owner",
        "state_badge",
        "health",
        "last_success",
        "failures",
        "disabled_reason_text",
        "retries",
    )
    actions_detail = ("replay_failed", "replay_missed", "disable", "enable")

    @operation(
        _("Disable"),
        ask=AskReason,
        right=Right.CHANGE,
        when=lambda row: row.status == Endpoint.Status.ACTIVE,
        icon="pause",
    )
    def disable(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> str:
        endpoints.disable(row, reason=answers["reason"], by=memberships.actor(request))
        return gettext("The webhook is disabled.")

    @operation(
        _("Enable"),
        right=Right.CHANGE,
        when=lambda row: row.status == Endpoint.Status.DISABLED,
        icon="play_arrow",
    )
    def enable(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> str:
        endpoints.enable(row, by=memberships.actor(request))
        return gettext("The webhook is enabled.")


@admin.register(Delivery)
class DeliveryPage(DeliveryColumns, ReadOnly, StaffPage):
    """What is or was due to any webhook."""

    list_filter = (
        filters.choice("state"),
        filters.condition("due", _("due"), {"yes": (_("Now"), lambda rows: rows.due())}),
        filters.related("endpoint", _("webhook")),
        filters.related("organization"),
        filters.family(),
        filters.period("created_at", _("due since")),
    )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        attempts = row.attempts.order_by("number") if row is not None else ()
        return super().change_view(request, object_id, form_url, {"attempts": attempts})
