"""The operator's first page: is anything wrong, for whom, since when."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.dashboards.parts import Figure
from config.dashboards.troubles import troubles
from config.health import OUTBOX_AGE, WORKER_SILENCE
from peppol.models import Participant
from tenants.models import Event, Heartbeat, Organization, PlatformApplication
from webhooks.models import Endpoint


@dataclass(frozen=True)
class Pulse:
    """A part of the machinery and how it is."""

    title: Any
    fine: bool
    since: Any
    note: Any = ""


def applications_waiting(request: HttpRequest) -> str:
    """How many applicants wait for an answer; nothing when none."""
    count = PlatformApplication.objects.waiting().count()
    return str(count) if count else ""


def registrations_in_trouble(request: HttpRequest) -> str:
    """How many registrations go no further until a person acts; nothing when none."""
    count = Participant.objects.needing_attention().count()
    return str(count) if count else ""


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Counts of the whole installation, everything that is wrong, and how the machinery is."""
    n = _counts()
    found, more = troubles()
    return {
        **context,
        "title": _("Overview"),
        "figures": _figures(n),
        "troubles": found,
        "more_troubles": more,
        "pulses": _pulses(),
        "machinery": reverse("admin_machinery"),
        "events": Event.objects.select_related("organization").order_by("-id")[:8],
    }


def _counts() -> dict[str, int]:
    live = Organization.objects.live()
    return {
        **live.aggregate(
            platforms=Count("pk", filter=Q(kind="platform")),
            companies=Count("pk", filter=Q(kind="managed")),
            pending=Count("pk", filter=Q(status="pending")),
            suspended=Count("pk", filter=Q(status="suspended")),
        ),
        **Participant.objects.aggregate(
            registered=Count("pk", filter=Q(state="active")),
            under_way=Count("pk", filter=Q(state__in=("pending", "publishing", "waiting"))),
            in_trouble=Count("pk", filter=Q(state__in=("failed", "elsewhere"))),
        ),
        **Endpoint.objects.live().aggregate(
            endpoints=Count("pk"),
            failing=Count("pk", filter=Q(status="active", consecutive_failures__gt=0)),
            disabled=Count("pk", filter=Q(status="disabled")),
        ),
    }


def _figures(n: dict[str, int]) -> list[Figure]:
    return [
        Figure(
            _("Platforms"),
            n["platforms"],
            _("%(pending)d to verify, %(suspended)d suspended") % n,
            _list("tenants_organization", "kind=platform"),
        ),
        Figure(_("Companies"), n["companies"], "", _list("tenants_organization", "kind=managed")),
        Figure(
            _("On the network"),
            n["registered"],
            _("%(under_way)d under way, %(in_trouble)d in trouble") % n,
            _list("peppol_participant"),
        ),
        Figure(
            _("Webhooks"),
            n["endpoints"],
            _("%(failing)d failing, %(disabled)d disabled") % n,
            _list("webhooks_endpoint"),
        ),
    ]


def _pulses() -> list[Pulse]:
    """Whether workers work and the outbox is emptied: the rest has a page of its own."""
    now = timezone.now()
    beat = Heartbeat.objects.filter(name="worker").first()
    seen = beat.beat_at if beat else None
    fine = seen is not None and now - seen < WORKER_SILENCE
    pulses = [Pulse(_("Workers"), fine, seen, "" if seen else _("None was seen yet."))]
    waiting = Event.objects.undistributed().aggregate(n=Count("pk"), oldest=Min("occurred_at"))
    late = waiting["oldest"] is not None and now - waiting["oldest"] > OUTBOX_AGE
    pulses.append(
        Pulse(_("Outbox"), not late, waiting["oldest"], _("%(n)d events waiting") % waiting)
    )
    return pulses


def _list(page: str, query: str = "") -> str:
    return reverse(f"admin:{page}_changelist") + (f"?{query}" if query else "")
