"""The reseller's lost registrations: what moved away or is gone, and what to do about each."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import Loss, Participant
from peppol.portal.transfers import AskKey
from peppol.services.registration import participants, sending, transfers
from peppol.services.registration.losses import host_of
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.ui import display, filters
from tenants.ui.operations import operation
from tenants.ui.pages import Page, ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

State = Participant.State
_ASK = _(
    "Ask the company whether it changed its provider. If it did, let it go. If not, have it "
    "released there, and take it back: it is registered here as soon as it is free. It may also "
    "go on sending from here."
)
_WAITS = _("It is registered here as soon as the other provider has released it.")
_AGAIN = _("Nobody has it: register it again.")
_SENDS = _("It sends from here, and receives with its other provider.")
_UNDER_WAY = _("It is being registered again.")


class LossColumns(Page):
    """How a lost registration is shown, on either site."""

    @admin.display(description=_("Identifier"))
    def number(self, row: Loss) -> str:
        return display.lines(display.code(row.participant.identifier), row.organization.title)

    @admin.display(description=_("State"))
    def state_badge(self, row: Loss) -> str:
        if row.outcome:
            tone = "active" if row.outcome == Loss.Outcome.TAKEN_BACK else "unregistered"
            return display.pill(tone, row.get_outcome_display())
        one = row.participant
        if row.smp and one.state in Participant.UNDER_WAY_STATES:
            return display.pill("waiting", gettext("Waiting to be released"))
        return display.pill(one.state, one.state_said)

    @admin.display(description=_("The other SMP"))
    def holder(self, row: Loss) -> str:
        return display.code(host_of(row.smp)) if row.smp else gettext("Nobody")

    @admin.display(description=_("Lost"), ordering="confirmed_at")
    def since(self, row: Loss) -> str:
        return display.moment(row.confirmed_at)

    @admin.display(description=_("Ended"), ordering="ended_at")
    def until(self, row: Loss) -> str:
        return display.moment(row.ended_at)

    @admin.display(description=_("What to do"))
    def way_out(self, row: Loss) -> Any:
        if row.ended_at is not None:
            return "–"
        if row.participant.state == State.ELSEWHERE:
            return _ASK
        if row.participant.state == State.FAILED:
            return _AGAIN
        if row.participant.state == State.SENDS_ONLY:
            return _SENDS
        return _WAITS if row.participant.state == State.WAITING else _UNDER_WAY


def _is(*states: str) -> Any:
    return lambda row: row.ended_at is None and row.participant.state in states


class TakingBack:
    """What is done about a lost registration, on either site."""

    @operation(
        _("Take it back"),
        description=_(
            "The company has the other provider release it; we look every few minutes, and "
            "register it as soon as it is free. That can be cancelled as a transfer."
        ),
        right=Right.CHANGE,
        when=_is(State.ELSEWHERE),
        icon="undo",
        variant=ActionVariant.PRIMARY,
    )
    def take_back(self, request: HttpRequest, row: Loss, answers: dict[str, Any]) -> str:
        transfers.await_release(row.participant, by=memberships.actor(request))
        names = {"identifier": row.participant.identifier}
        return gettext("%(identifier)s is registered as soon as it is free.") % names

    @operation(
        _("Register again"),
        description=_("Nobody has it, so it goes on the network again at once."),
        right=Right.CHANGE,
        when=_is(State.FAILED),
        icon="refresh",
        variant=ActionVariant.PRIMARY,
    )
    def register_again(self, request: HttpRequest, row: Loss, answers: dict[str, Any]) -> str:
        participants.retry(row.participant, by=memberships.actor(request))
        return gettext("%(identifier)s is tried again.") % {
            "identifier": row.participant.identifier
        }

    @operation(
        _("Take it over"),
        description=_("With the other provider's migration key the identifier moves to us."),
        ask=AskKey,
        right=Right.CHANGE,
        when=_is(State.ELSEWHERE),
        icon="login",
    )
    def take_over(self, request: HttpRequest, row: Loss, answers: dict[str, Any]) -> str:
        transfers.take_over(row.participant, answers["key"], by=memberships.actor(request))
        return gettext("%(identifier)s is being taken over.") % {
            "identifier": row.participant.identifier
        }

    @operation(
        _("Send only"),
        description=_("It receives with its new provider, and goes on sending from here."),
        right=Right.CHANGE,
        when=_is(State.ELSEWHERE),
        icon="outgoing_mail",
    )
    def send_only(self, request: HttpRequest, row: Loss, answers: dict[str, Any]) -> str:
        one = row.participant
        sending.send_only(one.organization, one.identifier, by=memberships.actor(request))
        return gettext("%(identifier)s is only sent under.") % {"identifier": one.identifier}

    @operation(
        _("Let it go"),
        description=_("It stays with its new provider. What is left of it here is taken down."),
        right=Right.CHANGE,
        when=_is(State.ELSEWHERE, State.FAILED, State.WAITING),
        icon="logout",
    )
    def let_go(self, request: HttpRequest, row: Loss, answers: dict[str, Any]) -> str:
        participants.unregister(row.participant, by=memberships.actor(request))
        return gettext("%(identifier)s is let go.") % {"identifier": row.participant.identifier}


@admin.register(Loss, site=portal)
class LossPage(TakingBack, LossColumns, ReadOnly, ScopedAdmin):
    """Identifiers that were registered here and are not any more, without anybody asking for it."""

    area = Area.REGISTRATIONS
    related = ("participant", "organization")
    list_display = ("number", "state_badge", "holder", "since", "way_out")
    list_filter = (
        filters.condition("open", _("open"), {"yes": (_("Not decided"), lambda rows: rows.open())}),
        filters.related("organization", _("company")),
    )
    search_fields = ("participant__value", "organization__name")
    search_help_text = _("Number or company")
    when_empty = _(
        "Every night it is looked whether your registrations are still where they were put. What "
        "another provider has taken over stands here."
    )
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {"fields": (("number", "state_badge"), ("holder", "since"), "until", "way_out")},
        ),
    )
    readonly_fields = ("number", "state_badge", "holder", "since", "until", "way_out")
    actions_detail = ("take_back", "register_again", "take_over", "send_only", "let_go")

    def get_queryset(self, request: HttpRequest) -> Any:
        # Of a doubt nobody is told.
        rows: Any = super().get_queryset(request)
        return rows.certain()
