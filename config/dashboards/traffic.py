"""What went through in the last days, and how well: documents from rows of usage, webhooks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, IntegerField, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.dashboards.parts import recent_days
from peppol.services.documents import usage
from tenants.access import memberships
from tenants.ui import charts, display
from tenants.ui.scoped import scope
from webhooks.columns import troubled
from webhooks.models import Endpoint

# So many webhooks have a mark of their own, those in trouble first.
_MOST = 40
_COLORS = {
    "fine": "bg-green-600 dark:bg-green-500",
    "warned": "bg-orange-500",
    "bad": "bg-red-600 dark:bg-red-500",
    "idle": "bg-base-300 dark:bg-base-700",
}


@dataclass(frozen=True)
class Mark:
    """One mark of a tracker: how it is, and in words for those who do not see colours."""

    tone: str
    text: str

    def as_item(self) -> dict[str, str]:
        """The mark as an item of Unfold's tracker."""
        return {"color": _COLORS[self.tone], "tooltip": self.text}


@dataclass(frozen=True)
class Tracker:
    """A row of marks below a title. `said` is the sum of them; `parts` lead to lists."""

    title: Any
    said: str
    marks: list[Mark]
    parts: list[tuple[str, str]]

    @property
    def items(self) -> list[dict[str, str]]:
        return [mark.as_item() for mark in self.marks]


@dataclass(frozen=True)
class Documents:
    """Counts of what was sent and received in the last days, by day."""

    days: Mapping[date, Mapping[str, int]]
    start: date
    end: date

    @property
    def sent(self) -> int:
        return sum(day["sent"] for day in self.days.values())

    @property
    def received(self) -> int:
        return sum(day["received"] for day in self.days.values())

    @property
    def failed(self) -> int:
        return sum(day["failed"] for day in self.days.values())

    def chart(self) -> charts.Chart:
        """A bar for each day."""
        numbers = {on: (day["sent"], day["received"]) for on, day in self.days.items()}
        title = _("Documents of the last 30 days")
        return charts.daily(title, (_("Sent"), _("Received")), numbers, self.start, self.end)

    def tracker(self) -> Tracker:
        """A mark for each day: whether everything that was sent arrived."""
        length = (self.end - self.start).days + 1
        days = [self.start + timedelta(days=n) for n in range(length)]
        said = display.share(self.sent - self.failed, self.sent)
        return Tracker(_("Documents delivered"), said, [self._mark(day) for day in days], [])

    def _mark(self, on: date) -> Mark:
        day = self.days.get(on, {"sent": 0, "failed": 0})
        sent, failed = day["sent"], day["failed"]
        name = formats.date_format(on, "MONTH_DAY_FORMAT")
        if not sent:
            return Mark("idle", gettext("%(day)s: nothing sent") % {"day": name})
        tone = "fine" if not failed else "warned" if failed * 10 < sent else "bad"
        text = gettext("%(day)s: %(arrived)d of %(sent)d delivered") % {
            "day": name,
            "arrived": sent - failed,
            "sent": sent,
        }
        return Mark(tone, text)


def documents(request: HttpRequest) -> Documents:
    """The last days of the organization and its companies."""
    start, end = recent_days()
    rows = usage.days(memberships.organization(request)).filter(environment="live")
    return Documents({row["on"]: row for row in rows.between(start, end).by_day()}, start, end)


def webhooks(request: HttpRequest, n: "Counter[str]") -> Tracker | None:
    """A mark for each webhook, those in trouble first; None when there is none. `n` says how many
    there are by how they fare."""
    if not n.total():
        return None
    rows = scope(Endpoint, request)
    disabled = Case(When(status="disabled", then=0), default=1, output_field=IntegerField())
    shown = list(troubled(rows).order_by(disabled, "-id")[:_MOST])
    if len(shown) < _MOST:
        fine = rows.filter(status="active", consecutive_failures=0)
        shown += fine.order_by("-id")[: _MOST - len(shown)]
    marks = [_mark_of(row) for row in shown]
    said = gettext("%(fine)s of %(all)s fine") % {
        "fine": display.count(n["active"]),
        "all": display.count(n.total()),
    }
    address = reverse("portal:webhooks_endpoint_changelist")
    parts = [
        (gettext("%d failing") % n["failing"], f"{address}?attention=yes&status=active"),
        (gettext("%d disabled") % n["disabled"], f"{address}?status=disabled"),
    ]
    counts = (n["failing"], n["disabled"])
    return Tracker(_("Webhooks"), said, marks, [p for p, c in zip(parts, counts, strict=True) if c])


def _mark_of(row: Endpoint) -> Mark:
    if row.status == Endpoint.Status.DISABLED:
        tone, state = "bad", gettext("disabled")
    elif row.consecutive_failures:
        tone, state = "warned", gettext("failing")
    elif row.last_success_at is None:
        tone, state = "idle", gettext("nothing sent yet")
    else:
        tone, state = "fine", gettext("fine")
    return Mark(tone, f"{row.url}: {state}")
