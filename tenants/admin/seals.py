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

from tenants.errors import Conflict
from tenants.models import Seal
from tenants.portal_site import shown
from tenants.portal_site.operations import Ask, operation
from tenants.portal_site.pages import ReadOnly
from tenants.portal_site.staff import StaffPage
from tenants.services import trail

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


@admin.register(Seal)
class SealPage(ReadOnly, StaffPage):
    """What each day of the audit trail came to when it was over."""

    list_display = ("when", "standing", "total", "short", "made")
    ordering = ("-day",)
    fieldsets = (
        (None, {"fields": (("when", "standing"), ("total", "made"), "own", "before")}),
    )  # fmt: skip
    readonly_fields = ("when", "standing", "total", "made", "own", "before")
    actions_list = ("verify", "seal")

    @admin.display(description=_("Day"), ordering="day")
    def when(self, row: Seal) -> str:
        return shown.day(row.day)

    @admin.display(description=_("State"))
    def standing(self, row: Seal) -> str:
        if row.doubted_at:
            return shown.pill("failed", _("Differs"))
        if not row.whole:
            return shown.pill("open", _("So far"))
        return shown.pill("active", _("Sealed"))

    @admin.display(description=_("Events"), ordering="count")
    def total(self, row: Seal) -> str:
        return shown.number(row.count)

    @admin.display(description=_("SHA-256"))
    def short(self, row: Seal) -> str:
        return shown.code(f"{row.digest[:16]}…")

    @admin.display(description=_("SHA-256"))
    def own(self, row: Seal) -> str:
        return shown.code(row.digest)

    @admin.display(description=_("Follows"))
    def before(self, row: Seal) -> str:
        return shown.code(row.previous) if row.previous else gettext("Nothing: it is the first.")

    @admin.display(description=_("Sealed"), ordering="sealed_at")
    def made(self, row: Seal) -> str:
        return shown.moment(row.sealed_at)

    @operation(
        _("Compare"),
        description=_("Computes every day anew and names the first that is not as it was sealed."),
        ask=AskSince,
        right="run",
        path="verify",
        icon="policy",
        variant=ActionVariant.PRIMARY,
    )
    def verify(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        verdict = trail.verify(answers["since"], most_events=_MOST)
        facts = {"days": verdict.days, "events": verdict.events, "day": verdict.day}
        if not verdict.holds:
            sentence = gettext("%(day)s is not as it was sealed.") % {"day": shown.day(verdict.day)}
            whole = f"{sentence} {verdict.wrong}"
            raise Conflict("trail_differs", whole)
        if verdict.onward:
            told = gettext("%(days)d days with %(events)d events are as they were sealed. "
                           "Go on from %(onward)s.")  # fmt: skip
            return told % {**facts, "onward": shown.day(verdict.onward)}
        if not verdict.days:
            return gettext("There is no sealed day to compare.")
        return gettext("All is as it was sealed: %(days)d days, %(events)d events.") % facts

    @operation(
        _("Seal now"),
        description=_(
            "Days that are over are sealed by themselves. This seals what has happened today "
            "until five minutes ago; the seal grows until the day is over."
        ),
        right="run",
        path="seal",
        icon="verified_user",
    )
    def seal(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        made = trail.seal_today()
        if made is None:
            return gettext("Nothing has happened yet.")
        return gettext("%(n)d events of today are sealed.") % {"n": made.count}
