"""The reseller's deliveries: what is or was due to its webhooks, and every attempt."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.ui import filters
from tenants.ui.operations import operation
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal
from webhooks.columns import DeliveryColumns
from webhooks.models import Delivery
from webhooks.services import replay


@admin.register(Delivery, site=portal)
class DeliveryPage(DeliveryColumns, ReadOnly, ScopedAdmin):
    """What is or was due to the webhooks, with every attempt and its answer."""

    area = Area.WEBHOOKS
    when_empty = _("What is sent to your webhooks, with every attempt.")
    list_filter = (
        filters.choice("state"),
        filters.related("endpoint", _("webhook")),
        filters.period("created_at", _("due since")),
    )
    actions_detail = ("send_again",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        attempts = row.attempts.order_by("number") if row is not None else ()
        more = {"attempts": attempts, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)

    @operation(
        _("Send now"),
        description=_("The same event, with the same id, is sent without waiting."),
        right=Right.CHANGE,
        when=lambda row: row.state != Delivery.State.SENDING,
        icon="replay",
    )
    def send_again(self, request: HttpRequest, row: Delivery, answers: dict[str, Any]) -> str:
        replay.one(row, by=memberships.actor(request))
        return gettext("The event is on its way again.")
