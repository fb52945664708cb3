"""The nightly look at registrations, and what it found lost."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import Loss, WatchRound
from peppol.portal.losses import LossColumns, TakingBack
from peppol.services.registration import watch
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import Creatable, StaffPage


class AskWhere(Ask):
    """Where a round begins."""

    anew = forms.BooleanField(
        label=_("From the beginning"),
        help_text=_("Otherwise it goes on where the last one ended."),
        required=False,
    )


@admin.register(WatchRound)
class WatchPage(Creatable, ReadOnly, StaffPage):
    """Nights of looking at registrations: how many, and what was seen."""

    list_display = ("since", "state_badge", "looked_at", "doubted", "different", "unanswered")
    list_filter = (filters.choice("state"),)
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("since", "state_badge"),
                    ("looked_at", "unanswered"),
                    ("doubted", "different"),
                    "trouble",
                )
            },
        ),
    )
    readonly_fields = ("since", "state_badge", "trouble")
    actions_list = ("begin",)
    actions_detail = ("believe",)

    @admin.display(description=_("Begun"), ordering="created_at")
    def since(self, row: WatchRound) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: WatchRound) -> str:
        tone = {"running": "pending", "done": "active", "stopped": "failed"}[row.state]
        return display.pill(tone, row.get_state_display())

    @admin.display(description=_("What went wrong"))
    def trouble(self, row: WatchRound) -> str:
        return display.said(row.last_error) or "–"

    @creation(
        _("Look now"),
        ask=AskWhere,
        submit=_("Begin"),
        description=_("It runs in the background, at the pace of the nights."),
        icon="visibility",
    )
    def begin(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        return Done(gettext("It has begun."), watch.begin(anew=answers["anew"]))

    @operation(
        _("It is true"),
        description=_("So many really are lost: it counts, and the round goes on."),
        right=Right.CHANGE,
        when=lambda row: row.state == WatchRound.State.STOPPED,
        icon="gavel",
        variant=ActionVariant.DANGER,
    )
    def believe(self, request: HttpRequest, row: WatchRound, answers: dict[str, Any]) -> str:
        watch.believe(row)
        return gettext("It goes on.")


@admin.register(Loss)
class LossPage(TakingBack, LossColumns, ReadOnly, StaffPage):
    """Registrations that were lost, and those that are doubted and looked at again."""

    related = ("participant", "organization__parent")
    list_display = ("number", "sure", "holder", "since", "until")
    list_filter = (
        filters.condition(
            "open",
            _("open"),
            {
                "yes": (_("Not decided"), lambda rows: rows.open().certain()),
                "doubted": (_("Seen once"), lambda rows: rows.doubted()),
            },
        ),
        filters.related("organization"),
    )
    search_fields = ("participant__value", "organization__name")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": (("number", "sure"), ("holder", "since"), "until", "way_out")}),)
    readonly_fields = ("number", "sure", "holder", "since", "until", "way_out")
    actions_detail = ("take_back", "register_again", "take_over", "send_only", "let_go")

    @admin.display(description=_("State"))
    def sure(self, row: Loss) -> str:
        if row.confirmed_at is None:
            return display.pill("waiting", gettext("Seen once"))
        return self.state_badge(row)
