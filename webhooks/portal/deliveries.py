"""The reseller's deliveries: what is or was due to its webhooks, and every attempt."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.ui import filters
from tenants.ui.followed import Followed
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal
from webhooks.columns import DeliveryColumns
from webhooks.forms import public_types
from webhooks.models import Delivery
from webhooks.sent import sent
from webhooks.services import replay


class AskSend(Ask):
    """Shows what is going to be sent, and where."""

    @property
    def render_before_template(self) -> str:
        shown = {"delivery": self.row, "sent": sent(self.row, timezone.now())}
        below = render_to_string("portal/webhooks/sent.html", shown)
        return format_html("{}{}", super().render_before_template, below)


def _tried(row: Delivery) -> dict[str, Any]:
    """Every attempt beside what it sent, and what goes out next or would."""
    attempts: list[Any] = list(row.attempts.order_by("number"))
    for attempt in attempts:
        attempt.sent = sent(row, attempt.started_at)
    return {"attempts": attempts, "sent": sent(row, timezone.now()), "delivery": row}


@admin.register(Delivery, site=portal)
class DeliveryPage(Followed, DeliveryColumns, ReadOnly, ScopedAdmin):
    """What is or was due to the webhooks, with every attempt and its answer."""

    area = Area.WEBHOOKS
    follows = (Delivery.State.PENDING, Delivery.State.SENDING)
    further = ("attempt_count",)
    when_empty = _("What is sent to your webhooks, with every attempt.")
    list_filter = (
        filters.choice("state"),
        filters.related("endpoint", _("webhook")),
        filters.choice("event__type", _("event"), options=staticmethod(public_types)),
        filters.related("event__organization", _("company")),
        filters.period("created_at", _("due since")),
    )
    actions_detail = ("send_again",)
    change_form_outer_after_template = "portal/webhooks/delivery.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        may = row is not None and self.has_view_permission(request, row)
        may = may and "part" not in request.GET
        more = {**(_tried(row) if may else {}), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)

    @operation(
        _("Send now"),
        ask=AskSend,
        description=_("The same event, with the same id, is sent without waiting."),
        right=Right.CHANGE,
        when=lambda row: row.state != Delivery.State.SENDING,
        icon="replay",
    )
    def send_again(self, request: HttpRequest, row: Delivery, answers: dict[str, Any]) -> str:
        replay.one(row, by=memberships.actor(request))
        return gettext("The event is on its way again.")
