"""The operator's registrations: every identifier, and how far it is on the network."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.columns import (
    Dismissing,
    ParticipantColumns,
    is_held_up,
    publish_all_again,
    try_all_again,
)
from peppol.models import Participant
from peppol.services.registration import adoption, participants
from tenants import tallies
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui import filters
from tenants.ui.operations import bulk, more, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage


@admin.register(Participant)
class ParticipantPage(Dismissing, ParticipantColumns, ReadOnly, StaffPage):
    """Every identifier and how far it is on the network."""

    in_events = "participant"
    in_search = 3
    related = ("organization__parent",)
    list_display = ("number", "state_badge", "card", "directory", "next_attempt", "trouble")
    list_filter = (
        filters.choice("state"),
        filters.condition(
            "attention",
            _("attention"),
            {
                "yes": (_("Needs a decision"), lambda rows: rows.needing_attention()),
                "unpublished": (_("Not all published"), lambda rows: rows.unpublished()),
                "under_way": (_("Under way"), lambda rows: rows.under_way()),
            },
        ),
        filters.related("organization"),
        filters.family(),
        filters.choice("environment"),
        filters.period("requested_at", _("asked for")),
    )
    search_fields = ("value", "organization__name", "card_name")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("number", "state_badge"), ("card", "directory"), "cautions")}),
        (
            _("Progress"),
            {
                "fields": (
                    ("since", "next_attempt"),
                    ("attempt_count", "error_code"),
                    "trouble",
                    "raw_answer",
                )
            },
        ),
    )
    readonly_fields = (
        "number",
        "state_badge",
        "card",
        "directory",
        "cautions",
        "since",
        "next_attempt",
        "trouble",
    )
    actions = ("try_again", "publish_again")
    actions_detail = ("retry", "adopt", "republish", "dismiss", more("unregister"))
    list_before_template = "ui/key_figures.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"figures": self.figures()})

    def figures(self) -> list[dict[str, Any]]:
        """How many are in each state that there are any in."""
        counts = tallies.of()["participant"]
        page = reverse("admin:peppol_participant_changelist")
        return [
            {"title": name, "number": counts[state], "link": f"{page}?state={state}"}
            for state, name in Participant.State.choices
            if state in counts
        ]

    @operation(_("Try again"), right=Right.CHANGE, when=is_held_up, icon="refresh")
    def retry(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        participants.retry(row, by=memberships.actor(request))
        return gettext("%(identifier)s is tried again.") % {"identifier": row.identifier}

    @operation(
        _("Adopt"),
        description=_(
            "What the SMP has under this identifier is ours: it is published anew from here. "
            "Dismiss it instead to leave it there as it is."
        ),
        right=Right.CHANGE,
        when=adoption.can_be_adopted,
        icon="assignment_turned_in",
    )
    def adopt(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        adoption.adopt(row, by=memberships.actor(request))
        return gettext("%(identifier)s is adopted.") % {"identifier": row.identifier}

    @operation(
        _("Publish again"),
        description=_("Everything is published anew, whatever the SMP has."),
        right=Right.CHANGE,
        when=lambda row: row.is_registered,
        icon="publish",
    )
    def republish(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        participants.republish(row, by=memberships.actor(request))
        return gettext("%(identifier)s is published again.") % {"identifier": row.identifier}

    @operation(
        _("Take off the network"),
        right=Right.CHANGE,
        when=lambda row: row.state in Participant.HOLDING_STATES and row.state != "unregistering",
        icon="link_off",
        variant=ActionVariant.DANGER,
    )
    def unregister(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        participants.unregister(row, by=memberships.actor(request))
        return gettext("%(identifier)s is being taken off.") % {"identifier": row.identifier}

    @bulk(_("Try again"), right=Right.CHANGE)
    def try_again(self, request: HttpRequest, rows: QuerySet[Participant]) -> None:
        try_all_again(request, rows)

    @bulk(_("Publish again"), right=Right.CHANGE)
    def publish_again(self, request: HttpRequest, rows: QuerySet[Participant]) -> None:
        publish_all_again(request, rows)
