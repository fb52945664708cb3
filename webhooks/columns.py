"""How webhooks and deliveries are shown, on either site: everything but the secrets."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Environment
from tenants.ui import display
from tenants.ui.operations import operation
from tenants.ui.pages import Page
from tenants.ui.revelations import Revelation, Secret
from webhooks import schedule
from webhooks.forms import AskPast
from webhooks.models import Delivery, Endpoint
from webhooks.services import replay

Status = Endpoint.Status


def troubled(rows: QuerySet[Endpoint]) -> QuerySet[Endpoint]:
    """Endpoints that somebody should look at."""
    return rows.filter(Q(status=Status.DISABLED) | Q(consecutive_failures__gt=0))


class EndpointColumns(Page):
    """How an endpoint is shown, on either site."""

    @admin.display(description=_("Webhook"), ordering="url")
    def title(self, row: Endpoint) -> str:
        return display.lines(display.code(row.url), row.description)

    @admin.display(description=_("Belongs to"), ordering="organization__name")
    def owner(self, row: Endpoint) -> str:
        reach = _("and its companies") if row.covers_companies else ""
        return display.lines(row.organization.title, reach)

    @admin.display(description=_("State"), ordering="status")
    def state_badge(self, row: Endpoint) -> str:
        test = [("test", _("Test"))] if row.environment == Environment.TEST else []
        return display.pills((row.status, row.get_status_display()), *test)

    @admin.display(description=_("Health"), ordering="consecutive_failures")
    def health(self, row: Endpoint) -> str:
        if row.consecutive_failures:
            since = display.moment(row.first_failure_at)
            return display.lines(
                display.pill("failed", _("%(n)d failures") % {"n": row.consecutive_failures}), since
            )
        return display.pill("active", _("Fine")) if row.last_success_at else "–"

    @admin.display(description=_("Last success"), ordering="last_success_at")
    def last_success(self, row: Endpoint) -> str:
        return display.moment(row.last_success_at, _("Never"))

    @admin.display(description=_("Events"))
    def subscribed(self, row: Endpoint) -> Any:
        return _("All") if "*" in row.event_types else len(row.event_types)

    @admin.display(description=_("Failures in all"))
    def failures(self, row: Endpoint) -> int:
        return row.failure_count

    @admin.display(description=_("Retries"))
    def retries(self, row: Endpoint) -> str:
        return schedule.explained(row.retry_schedule)

    @admin.display(description=_("Sign-in"))
    def sign_in(self, row: Endpoint) -> Any:
        return _("A user name and a password are sent along.") if row.credentials else "–"

    @admin.display(description=_("Why it is disabled"))
    def disabled_reason_text(self, row: Endpoint) -> str:
        return row.disabled_reason or "–"


class DeliveryColumns(Page):
    """How a delivery is shown, on either site."""

    counts_rows = False
    related: tuple[str, ...] = ("endpoint", "event__organization", "organization")
    list_display = ("what", "where", "state_badge", "tries", "since", "next_attempt")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("what", "state_badge"),
                    "where",
                    ("since", "arrived"),
                    ("tries", "next_attempt"),
                )
            },
        ),
    )
    readonly_fields = ("what", "state_badge", "where", "since", "arrived", "tries", "next_attempt")
    change_form_outer_after_template = "ui/delivery_attempts.html"

    @admin.display(description=_("Event"))
    def what(self, row: Delivery) -> str:
        return display.lines(row.event.type, row.event.organization.title)

    @admin.display(description=_("Webhook"))
    def where(self, row: Delivery) -> str:
        return display.code(row.endpoint.url)

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: Delivery) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Attempts"), ordering="attempt_count")
    def tries(self, row: Delivery) -> int:
        return row.attempt_count

    @admin.display(description=_("Due since"))
    def since(self, row: Delivery) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Next attempt"), ordering="next_attempt_at")
    def next_attempt(self, row: Delivery) -> str:
        late = row.next_attempt_at is not None and row.next_attempt_at <= timezone.now()
        return gettext("Now") if late else display.moment(row.next_attempt_at)

    @admin.display(description=_("Delivered"), ordering="delivered_at")
    def arrived(self, row: Delivery) -> str:
        return display.moment(row.delivered_at)


def revelation(endpoint: Endpoint, secret: str) -> Revelation:
    """How a signing secret is shown."""
    return Revelation(
        title=gettext("The signing secret of the webhook"),
        note=gettext("Deliveries to %(url)s are signed with it.") % {"url": endpoint.url},
        secrets=(secret_of(secret),),
        row=endpoint,
    )


def secret_of(secret: str) -> Secret:
    return Secret(_("Signing secret"), secret, "webhook-secret.txt")


def again(count: int) -> str:
    """How many events are on their way once more."""
    if not count:
        return gettext("There was nothing to send.")
    return ngettext("%d event is on its way again.", "%d events are on their way again.", count) % (
        count
    )


class Replaying:
    """How events that did not arrive are sent again, on either site."""

    @operation(
        _("Send failed events again"),
        description=_("Everything that was given up in the time you choose is sent once more."),
        ask=AskPast,
        right=Right.CHANGE,
        when=lambda row: row.status == Endpoint.Status.ACTIVE,
        icon="replay",
    )
    def replay_failed(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> str:
        since, until = answers["hours"], timezone.now()
        return again(replay.failed(row, since=since, until=until, by=memberships.actor(request)))

    @operation(
        _("Send missed events"),
        description=_("Everything that happened while the webhook was disabled is sent."),
        right=Right.CHANGE,
        when=lambda row: row.status == Endpoint.Status.ACTIVE,
        icon="history",
    )
    def replay_missed(self, request: HttpRequest, row: Endpoint, answers: dict[str, Any]) -> str:
        return again(replay.missed(row, by=memberships.actor(request)))
