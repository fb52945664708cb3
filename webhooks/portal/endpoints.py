"""The reseller's webhooks: where events are sent, and how that fares."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.ui import filters
from tenants.ui.choices import target
from tenants.ui.confirming import AskPassword
from tenants.ui.operations import creation, more, operation
from tenants.ui.outcomes import Redirect
from tenants.ui.revelations import Revelation
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal
from webhooks import captures
from webhooks.columns import EndpointColumns, Replaying, revelation, troubled
from webhooks.forms import (
    AskCapture,
    AskEndpoint,
    AskOverlap,
    AskReason,
    EventTypes,
    RetrySchedule,
)
from webhooks.models import Endpoint
from webhooks.portal.captures import checked
from webhooks.services import endpoints

Status = Endpoint.Status


@admin.register(Endpoint, site=portal)
class EndpointPage(Replaying, EndpointColumns, ScopedAdmin):
    """The webhooks of the organization and its companies. Their secrets are nowhere to be seen."""

    area = Area.WEBHOOKS
    when_empty = _("Addresses of yours that we tell what happens.")
    in_events = "endpoint"
    labels = {"url": _("URL"), "timeout_seconds": _("Time out in seconds")}
    in_search = 4
    related = ("organization",)
    list_display = ("title", "owner", "state_badge", "subscribed", "health", "last_success")
    list_filter = (
        filters.choice("status", _("state")),
        filters.condition(
            "attention", _("attention"), {"yes": (_("Failing or disabled"), troubled)}
        ),
        filters.related("organization", _("organization")),
        filters.choice("environment"),
    )
    search_fields = ("url", "description")
    search_help_text = _("Address or description")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {"fields": ("url", "description", "event_types", "timeout_seconds", "retry_schedule")},
        ),
        (
            _("Facts"),
            {
                "fields": (
                    ("owner", "state_badge"),
                    ("health", "last_success"),
                    ("failures", "disabled_reason_text"),
                    ("retries", "sign_in"),
                )
            },
        ),
    )
    readonly_fields = (
        "owner",
        "state_badge",
        "health",
        "last_success",
        "failures",
        "disabled_reason_text",
        "retries",
        "sign_in",
    )
    actions_list = ("create",)
    actions_detail = (
        "test",
        "replay_failed",
        "enable",
        more("replay_missed", "verify", "show_secret", "rotate", "disable", "delete"),
    )

    change_form_outer_after_template = "portal/webhooks/deliveries.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        newest = row.deliveries.newest() if row is not None else ()
        more = {"deliveries": newest, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "event_types":
            return EventTypes()
        if db_field.name == "retry_schedule":
            return RetrySchedule()
        if db_field.name == "url":
            kwargs["widget"] = UnfoldAdminTextInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def apply(self, request: HttpRequest, row: Endpoint, changes: Mapping[str, Any]) -> None:
        endpoints.update(row, changes, by=memberships.actor(request))

    @creation(
        _("Add a webhook"),
        ask=AskEndpoint,
        submit=_("Add"),
        icon="add_link",
    )
    def create(self, request: HttpRequest, answers: dict[str, Any]) -> Revelation:
        organization = self.chosen(request, target(request, answers))
        covers = answers.pop("covers_companies", False) and organization.is_platform
        endpoint, secret = endpoints.create(
            organization, by=memberships.actor(request), covers_companies=covers, **answers
        )
        return revelation(endpoint, secret)

    @operation(
        _("Send a test event"),
        right=Right.CHANGE,
        description=_("A signed event of type “endpoint.test” is sent to this address."),
        when=lambda row: row.status == Status.ACTIVE,
        icon="send",
    )
    def test(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> Redirect:
        """Leads to where the answer appears by itself."""
        sent = endpoints.send_test(row, by=memberships.actor(request))
        messages.success(request, gettext("A test event is on its way."))
        return Redirect(reverse("portal:webhooks_delivery_change", args=[sent.pk]))

    @operation(
        _("Show the signing secret"),
        right=Right.CHANGE,
        description=_("The audit trail says that you have seen it."),
        ask=AskPassword,
        submit=_("Show"),
        icon="visibility",
        dialog=False,
    )
    def show_secret(
        self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]
    ) -> Revelation:
        return revelation(row, endpoints.reveal_secret(row, by=memberships.actor(request)))

    @operation(
        _("Rotate the secret"),
        right=Right.CHANGE,
        description=_("Makes a new signing secret. Both sign until the old one ends."),
        ask=AskOverlap,
        icon="autorenew",
        dialog=False,
        once=True,
    )
    def rotate(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> Revelation:
        overlap = timedelta(hours=int(answers["hours"]))
        return revelation(
            row, endpoints.rotate_secret(row, by=memberships.actor(request), overlap=overlap)
        )

    @operation(
        _("Check a captured delivery"),
        description=_("Paste what your receiver got: you are told which step of the check fails."),
        ask=AskCapture,
        submit=_("Check"),
        right=Right.SEE,
        icon="fact_check",
        dialog=False,
    )
    def verify(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> HttpResponse:
        finding = captures.examine(row, answers["headers"], answers["body"])
        return checked(self, request, row, finding)

    @operation(
        _("Disable"),
        right=Right.CHANGE,
        description=_("Nothing is sent until it is enabled again; what happens is kept."),
        ask=AskReason,
        when=lambda row: row.status == Status.ACTIVE,
        icon="pause",
    )
    def disable(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> str:
        endpoints.disable(row, reason=answers["reason"], by=memberships.actor(request))
        return gettext("The webhook is disabled.")

    @operation(
        _("Enable"),
        right=Right.CHANGE,
        when=lambda row: row.status == Status.DISABLED,
        icon="play_arrow",
    )
    def enable(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> str:
        endpoints.enable(row, by=memberships.actor(request))
        return gettext("The webhook is enabled.")

    @operation(
        _("Delete"),
        right=Right.CHANGE,
        description=_("Nothing is sent here any more. What was sent stays in the list."),
        icon="delete",
        variant=ActionVariant.DANGER,
    )
    def delete(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> str:
        endpoints.delete(row, by=memberships.actor(request))
        return gettext("The webhook is deleted.")
