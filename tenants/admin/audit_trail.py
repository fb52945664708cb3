"""The operator's view of what happened: events, mails, and the pulse of the workers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Event, Heartbeat, Mail
from tenants.services import mails
from tenants.ui import display, filters
from tenants.ui.columns import EventColumns, OfType
from tenants.ui.operations import operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage


@admin.register(Event)
class EventPage(EventColumns, ReadOnly, StaffPage):
    """The audit trail of the whole installation, which is the webhooks' outbox too."""

    related = ("organization",)
    list_display = ("what", "about", "who", "why", "happened", "sent_on")
    list_filter = (
        OfType,
        filters.related("organization"),
        filters.family(),
        filters.condition(
            "outbox",
            _("outbox"),
            {"waiting": (_("Not yet fanned out"), lambda rows: rows.undistributed())},
        ),
        filters.period("occurred_at", _("when")),
    )
    search_fields = ("type", "actor_label", "reason", "request_id")
    fields = (
        "what",
        "about",
        "who",
        "exact_time",
        "why",
        "before_and_after",
        "in_request",
        "sent_on",
    )
    readonly_fields = fields
    ordering = ("-id",)

    @admin.display(description=_("Fanned out"))
    def sent_on(self, row: Event) -> str:
        return display.moment(row.distributed_at, _("Waiting"))


@admin.register(Mail)
class MailPage(ReadOnly, StaffPage):
    """Mails on their way. Their text is written when they are sent, and kept nowhere."""

    related = ("organization",)
    list_display = (
        "to",
        "template",
        "organization",
        "state_badge",
        "attempt_count",
        "sent",
        "trouble",
    )
    list_filter = (
        filters.choice("state"),
        filters.condition("due", _("due"), {"yes": (_("Now"), lambda rows: rows.due())}),
        filters.related("organization"),
        filters.family(),
    )
    search_fields = ("to", "template")
    ordering = ("-id",)
    fields = (*list_display, "created_at", "next_attempt_at")
    readonly_fields = ("state_badge", "sent", "trouble")
    actions_detail = ("send_again", "drop")

    @operation(
        _("Send it again"),
        description=_("For a mail that was given up: it is tried from the start."),
        right=Right.CHANGE,
        when=lambda row: row.state == Mail.State.FAILED,
        icon="replay",
    )
    def send_again(self, request: HttpRequest, row: Mail, answers: dict[str, Any]) -> str:
        mails.send_again(row, by=memberships.actor(request))
        return gettext("It is sent again.")

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: Mail) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Sent"), ordering="sent_at")
    def sent(self, row: Mail) -> str:
        return display.moment(row.sent_at)

    @admin.display(description=_("What went wrong"))
    def trouble(self, row: Mail) -> str:
        return row.last_error or "–"

    @operation(
        _("Do not send it"),
        right=Right.CHANGE,
        when=lambda row: row.state == Mail.State.PENDING,
        icon="block",
    )
    def drop(self, request: HttpRequest, row: Mail, answers: dict[str, Any]) -> str:
        mails.drop(row, by=memberships.actor(request))
        return gettext("It is not sent.")


@admin.register(Heartbeat)
class HeartbeatPage(ReadOnly, StaffPage):
    """When each background process was last seen at work."""

    list_display = ("name", "last")
    fields = ("name", "beat_at")

    @admin.display(description=_("Last seen"), ordering="beat_at")
    def last(self, row: Heartbeat) -> str:
        return display.moment(row.beat_at)
