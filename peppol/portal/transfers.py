"""The reseller's transfers: registrations that come from, or go to, another provider."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.models import Transfer
from peppol.services.registration import transfers
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.ui import display, filters
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import Page, ReadOnly
from tenants.ui.revelations import Revelation, Secret
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal


class AskKey(Ask):
    """The migration key that the other provider gave."""

    key = forms.CharField(
        label=_("Migration key"),
        max_length=24,
        strip=True,
        help_text=_("The provider that holds the identifier gives it to the company."),
    )


class TransferColumns(Page):
    """How a transfer is shown, on either site."""

    @admin.display(description=_("Identifier"))
    def number(self, row: Transfer) -> str:
        return display.lines(display.code(row.participant.identifier), row.organization.title)

    @admin.display(description=_("Direction"), ordering="direction")
    def way(self, row: Transfer) -> str:
        return row.get_direction_display()

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: Transfer) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Begun"), ordering="created_at")
    def since(self, row: Transfer) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Ended"), ordering="finished_at")
    def until(self, row: Transfer) -> str:
        return display.moment(row.finished_at)

    @admin.display(description=_("What went wrong"))
    def trouble(self, row: Transfer) -> str:
        return display.said(row.last_error) or "–"


def can_be_cancelled(row: Transfer) -> bool:
    """Whether it has begun and nothing of it is final yet."""
    return row.state in (Transfer.State.PENDING, Transfer.State.READY)


def _is_ready(row: Transfer) -> bool:
    return row.state == Transfer.State.READY and row.direction == Transfer.Direction.OUTBOUND


class Cancelling:
    """How a transfer is called off while nothing of it is final, on either site."""

    @operation(
        _("Cancel the transfer"),
        description=_("Nothing moves: the registration stays where it is."),
        right=Right.CHANGE,
        when=can_be_cancelled,
        icon="undo",
    )
    def cancel(self, request: HttpRequest, row: Transfer, answers: dict[str, Any]) -> str:
        transfers.cancel(row, by=memberships.actor(request))
        return gettext("The transfer is being cancelled.")


@admin.register(Transfer, site=portal)
class TransferPage(Cancelling, TransferColumns, ReadOnly, ScopedAdmin):
    """Transfers under way and past. The migration key is shown to whoever asks, and noted."""

    area = Area.REGISTRATIONS
    related = ("participant", "organization")
    list_display = ("number", "way", "state_badge", "since", "until", "trouble")
    list_filter = (
        filters.choice("state"),
        filters.choice("direction"),
        filters.related("organization", _("company")),
    )
    search_fields = ("participant__value", "organization__name")
    search_help_text = _("Number or company")
    when_empty = _("Identifiers that move to us from another provider, or away from us.")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("number", "state_badge"), ("way", "since"), "until", "trouble")}),
    )
    readonly_fields = ("number", "way", "state_badge", "since", "until", "trouble")
    actions_detail = ("show_key", "finish", "cancel")

    @operation(
        _("Show the migration key"),
        description=_("Give it to the new provider only: it opens the identifier to them."),
        right=Right.CHANGE,
        when=_is_ready,
        icon="key",
        dialog=False,
    )
    def show_key(self, request: HttpRequest, row: Transfer, answers: dict[str, Any]) -> Revelation:
        key = transfers.reveal_key(row, by=memberships.actor(request))
        return Revelation(
            title=gettext("The migration key of %(identifier)s")
            % {"identifier": row.participant.identifier},
            note=gettext("It works until the transfer ends. The audit trail says who saw it."),
            secrets=(Secret(_("Migration key"), key, "migration-key.txt"),),
        )

    @operation(
        _("The other provider has it"),
        description=_("The registration here ends; the other provider serves it from now on."),
        right=Right.CHANGE,
        when=_is_ready,
        icon="done_all",
    )
    def finish(self, request: HttpRequest, row: Transfer, answers: dict[str, Any]) -> str:
        transfers.finish(row, by=memberships.actor(request))
        return gettext("The registration here is being ended.")
