"""The operator's view of how platforms look, and of their own domains."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Branding, CustomDomain
from tenants.services import domains
from tenants.ui import display, filters
from tenants.ui.operations import operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage


@admin.register(Branding)
class BrandingPage(ReadOnly, StaffPage):
    """How platforms look to their users."""

    related = ("organization",)
    list_display = ("organization", "display_name", "primary_color", "support_email")
    search_fields = ("organization__name", "display_name")
    fields = (
        "organization",
        "display_name",
        "logo_url",
        "primary_color",
        "support_email",
        "updated_at",
    )


@admin.register(CustomDomain)
class DomainPage(ReadOnly, StaffPage):
    """The host names of platforms, and whether DNS proves them."""

    related = ("organization",)
    list_display = ("host", "organization", "state_badge", "proven", "trouble")
    list_filter = (filters.choice("state"),)
    search_fields = ("host", "organization__name")
    ordering = ("-id",)
    fields = ("host", "organization", "state_badge", "proven", "trouble", "next_check_at")
    readonly_fields = ("state_badge", "proven", "trouble")
    actions_detail = ("look_again", "release")

    @operation(
        _("Check now"),
        description=_("Its DNS records are looked at without waiting for their turn."),
        right=Right.CHANGE,
        when=lambda row: row.state != CustomDomain.State.RELEASED,
        icon="refresh",
    )
    def look_again(self, request: HttpRequest, row: CustomDomain, answers: dict[str, Any]) -> str:
        domains.check_soon(row)
        return gettext("We are looking at the records now.")

    @operation(
        _("Release"),
        description=_("Nothing is served there any more, and another platform may have the name."),
        right=Right.CHANGE,
        when=lambda row: row.state != CustomDomain.State.RELEASED,
        icon="link_off",
        variant=ActionVariant.DANGER,
    )
    def release(self, request: HttpRequest, row: CustomDomain, answers: dict[str, Any]) -> str:
        domains.release(row, by=memberships.actor(request))
        return gettext("%(host)s is released.") % {"host": row.host}

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: CustomDomain) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Proven"), ordering="proven_at")
    def proven(self, row: CustomDomain) -> str:
        return display.moment(row.proven_at)

    @admin.display(description=_("What is missing"))
    def trouble(self, row: CustomDomain) -> str:
        return row.last_error or "–"
