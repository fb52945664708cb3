"""The operator's view of the audit trail's seals: make them, and compare the trail with them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.errors import Conflict
from tenants.models import Seal
from tenants.services import audit_trail
from tenants.ui import display
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage

# What a request can compare before whoever asked thinks that nothing happens.
_MOST = 200_000


class AskSince(Ask):
    """From which day on."""

    since = forms.DateField(label=_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["since"]
        field.widget.input_type = "date"
        asked = self.request.GET.get("since", "")
        field.initial = asked or (timezone.now() - timedelta(days=30)).date().isoformat()


class AskAcceptance(Ask):
    """Which day's difference is accepted, and why."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea)


@admin.register(Seal)
class SealPage(ReadOnly, StaffPage):
    """What each day of the audit trail came to when it was over."""

    list_display = ("when", "state_badge", "total", "short", "made")
    ordering = ("-day",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("when", "state_badge"),
                    ("total", "made"),
                    "own",
                    "before",
                    "accepted_why",
                )
            },
        ),
    )
    readonly_fields = ("when", "state_badge", "total", "made", "own", "before", "accepted_why")
    actions_list = ("verify", "seal", "accept")

    @admin.display(description=_("Day"), ordering="day")
    def when(self, row: Seal) -> str:
        return display.day(row.day)

    @admin.display(description=_("State"))
    def state_badge(self, row: Seal) -> str:
        if row.doubted_at:
            return display.pill("failed", _("Differs"))
        if row.accepted:
            return display.pill("open", _("Accepted"))
        if not row.whole:
            return display.pill("open", _("So far"))
        return display.pill("active", _("Sealed"))

    @admin.display(description=_("Events"), ordering="count")
    def total(self, row: Seal) -> str:
        return display.number(row.count)

    @admin.display(description=_("Digest"))
    def short(self, row: Seal) -> str:
        return display.code(f"{row.digest[:16]}…")

    @admin.display(description=_("Digest"))
    def own(self, row: Seal) -> str:
        return display.code(row.digest)

    @admin.display(description=_("Follows"))
    def before(self, row: Seal) -> str:
        return display.code(row.previous) if row.previous else gettext("Nothing: it is the first.")

    @admin.display(description=_("Accepted difference"))
    def accepted_why(self, row: Seal) -> str:
        return f"{row.accepted_by}: {row.accepted_reason}" if row.accepted else "–"

    @admin.display(description=_("Sealed"), ordering="sealed_at")
    def made(self, row: Seal) -> str:
        return display.moment(row.sealed_at)

    @operation(
        _("Compare"),
        description=_("Computes every day anew and names the first that is not as it was sealed."),
        ask=AskSince,
        right=Right.CHANGE,
        path="verify",
        icon="policy",
        variant=ActionVariant.PRIMARY,
    )
    def verify(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        verdict = audit_trail.verify(answers["since"], most_events=_MOST)
        facts = {"days": verdict.days, "events": verdict.events, "day": verdict.day}
        if not verdict.holds:
            sentence = gettext("%(day)s is not as it was sealed.") % {
                "day": display.day(verdict.day)
            }
            whole = f"{sentence} {verdict.wrong}"
            raise Conflict("trail_differs", whole)
        if verdict.next_day:
            told = gettext(
                "%(days)d days with %(events)d events are as they were sealed. "
                "Go on from %(onward)s."
            )
            return told % {**facts, "onward": display.day(verdict.next_day)}
        if not verdict.days:
            return gettext("There is no sealed day to compare.")
        return gettext("All is as it was sealed: %(days)d days, %(events)d events.") % facts

    @operation(
        _("Accept a difference"),
        description=_(
            "Says that a day differs from its seal for a reason that is known, such as a backup "
            "that was restored. Only the difference that is there now is accepted."
        ),
        ask=AskAcceptance,
        right=Right.CHANGE,
        path="accept",
        icon="gavel",
    )
    def accept(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        by = memberships.actor(request)
        accepted = audit_trail.accept(answers["day"], reason=answers["reason"], by=by)
        return gettext("The difference of %(day)s is accepted.") % {
            "day": display.day(accepted.day)
        }

    @operation(
        _("Seal now"),
        description=_(
            "Days that are over are sealed by themselves. This seals what has happened today "
            "until five minutes ago; the seal grows until the day is over."
        ),
        right=Right.CHANGE,
        path="seal",
        icon="verified_user",
    )
    def seal(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        made = audit_trail.seal_today()
        if made is None:
            return gettext("Nothing has happened yet.")
        return gettext("%(n)d events of today are sealed.") % {"n": made.count}
