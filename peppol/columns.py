"""How registrations are shown, on either site."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from peppol.models import Participant
from peppol.services.registration import participants, reserved
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.errors import DomainError
from tenants.ui import display
from tenants.ui.operations import operation
from tenants.ui.pages import Page

State = Participant.State
_WAY_OUT = _(
    "Take it over with the other provider's migration key, or have it released there: it is "
    "registered here once it is free, if you say so."
)
_OUR_WAY_OUT = _("Take it off the network there and try again here, or dismiss it here.")


SENDS_HERE = _("It sends from here, and receives with its other provider.")


class ParticipantColumns(Page):
    """How a participant is shown, on either site."""

    @admin.display(description=_("Identifier"), ordering="value")
    def number(self, row: Participant) -> str:
        return display.lines(display.code(row.identifier), row.organization.title)

    @admin.display(description=_("Company"), ordering="organization__name")
    def owner(self, row: Participant) -> str:
        return row.organization.title

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: Participant) -> str:
        note = SENDS_HERE if row.state == State.SENDS_ONLY else ""
        return display.lines(display.pill(row.state, row.state_said), note)

    @admin.display(description=_("Business card"), ordering="card_state")
    def card(self, row: Participant) -> str:
        return display.lines(
            display.pill(row.card_state, row.get_card_state_display()), row.card_name
        )

    @admin.display(description=_("Directory"), ordering="directory_state")
    def directory(self, row: Participant) -> str:
        return display.pill(row.directory_state, row.get_directory_state_display())

    @admin.display(description=_("Registered"), ordering="registered_at")
    def since(self, row: Participant) -> str:
        return display.moment(row.registered_at)

    @admin.display(description=_("Next attempt"), ordering="next_attempt_at")
    def next_attempt(self, row: Participant) -> str:
        return display.moment(row.next_attempt_at)

    @admin.display(description=_("What went wrong"))
    def trouble(self, row: Participant) -> str:
        if row.state == State.ELSEWHERE:
            way_out = _OUR_WAY_OUT if is_with_us(row) else _WAY_OUT
            why = display.said(row.last_error) or _("Registered elsewhere")
            return display.lines(why, way_out)
        return display.said(row.last_error) or "–"

    @admin.display(description=_("Warnings"))
    def cautions(self, row: Participant) -> str:
        items = format_html_join("", "<li>{}</li>", ((text,) for text in row.warnings))
        return format_html('<ul class="gh-list">{}</ul>', items) if items else "–"


def is_held_up(row: Participant) -> bool:
    """Whether trying again makes sense."""
    aspects = {row.metadata_state, row.card_state, row.directory_state}
    unpublished = aspects & {"failed", "pending"}
    return row.state in (State.FAILED, State.ELSEWHERE, State.WAITING, State.UNREGISTERING) or bool(
        row.state == State.ACTIVE and unpublished
    )


def is_with_us(row: Participant) -> bool:
    """Whether it is a company of the same platform that has the identifier, no other provider."""
    return row.last_error.startswith(reserved.OURS)


def can_be_dismissed(row: Participant) -> bool:
    """Whether it is not on the network, nor on its way there or off it."""
    return row.state in (State.DRAFT, State.SENDS_ONLY, *Participant.HELD_UP_STATES)


def try_all_again(request: HttpRequest, rows: QuerySet[Participant]) -> None:
    """Retry every one of `rows`, and say for how many that made no sense, and why."""
    done, refused = _for_each(request, rows, participants.retry)
    messages.success(request, ngettext("%d is tried again.", "%d are tried again.", done) % done)
    _warn(request, refused)


def publish_all_again(request: HttpRequest, rows: QuerySet[Participant]) -> None:
    """Publish every one of `rows` anew, and say for which that cannot be."""
    done, refused = _for_each(request, rows, participants.republish)
    told = ngettext("%d is published again.", "%d are published again.", done)
    messages.success(request, told % done)
    _warn(request, refused)


def _for_each(
    request: HttpRequest, rows: QuerySet[Participant], change: Callable[..., Participant]
) -> tuple[int, list[str]]:
    refused = []
    for row in rows:
        try:
            change(row, by=memberships.actor(request))
        except DomainError as refusal:
            refused.append(display.refusal(refusal))
    return len(rows) - len(refused), refused


def _warn(request: HttpRequest, refused: list[str]) -> None:
    for sentence in refused[:5]:
        messages.warning(request, sentence)


class Dismissing:
    """How what needs a decision is dismissed, on either site."""

    @operation(
        _("Dismiss"),
        description=_("It leaves what needs a decision. What there may be of it is taken down."),
        right=Right.CHANGE,
        when=can_be_dismissed,
        icon="do_not_disturb_on",
    )
    def dismiss(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        reserved.dismiss(row, by=memberships.actor(request))
        return gettext("%(identifier)s is dismissed.") % {"identifier": row.identifier}
