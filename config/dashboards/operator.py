"""The operator's first page: is anything wrong, for whom, since when."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from config.dashboards.parts import Figure, worries
from peppol.models import Circuit, Participant
from tenants.models import Event, Heartbeat, Mail, Organization, PlatformApplication
from webhooks.models import Delivery, Endpoint


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
    """Counts of the whole installation, what waits for a person, and how the machinery is."""
    n = _counts()
    return {
        **context,
        "title": _("Overview"),
        "figures": _figures(n),
        "worries": _worries(n),
        "pulses": _pulses(),
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
        "applications": PlatformApplication.objects.waiting().count(),
        "exhausted": Delivery.objects.filter(state="exhausted").count(),
        "lost_mails": Mail.objects.filter(state="failed").count(),
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


def _worries(n: dict[str, int]) -> list[Any]:
    return worries(
        (
            n["applications"],
            ngettext_lazy("%d application waits", "%d applications wait"),
            _list("tenants_platformapplication", "state=submitted"),
            "how_to_reg",
        ),
        (
            n["pending"],
            ngettext_lazy("%d organization to verify", "%d organizations to verify"),
            _list("tenants_organization", "status=pending"),
            "verified",
        ),
        (
            n["in_trouble"],
            ngettext_lazy("%d registration needs a decision", "%d registrations need a decision"),
            _list("peppol_participant", "attention=yes"),
            "link_off",
        ),
        (
            n["failing"] + n["disabled"],
            ngettext_lazy("%d webhook fails or is disabled", "%d webhooks fail or are disabled"),
            _list("webhooks_endpoint", "attention=yes"),
            "webhook",
        ),
        (
            n["exhausted"],
            ngettext_lazy("%d delivery was given up", "%d deliveries were given up"),
            _list("webhooks_delivery", "state=exhausted"),
            "running_with_errors",
        ),
        (
            n["lost_mails"],
            ngettext_lazy("%d mail could not be sent", "%d mails could not be sent"),
            _list("tenants_mail", "state=failed"),
            "unsubscribe",
        ),
    )


def _pulses() -> list[Pulse]:
    """The background processes, the outbox, and the services that calls are held back from."""
    now = timezone.now()
    beats = Heartbeat.objects.order_by("name")
    pulses = [
        Pulse(beat.name, (now - beat.beat_at).total_seconds() < 60, beat.beat_at) for beat in beats
    ]
    waiting = Event.objects.undistributed().aggregate(n=Count("pk"), oldest=Min("occurred_at"))
    late = waiting["oldest"] is not None and (now - waiting["oldest"]).total_seconds() > 60
    pulses.append(
        Pulse(_("Outbox"), not late, waiting["oldest"], _("%(n)d events waiting") % waiting)
    )
    pulses += [
        Pulse(circuit.name, False, circuit.opened_at, circuit.last_error)
        for circuit in Circuit.objects.broken()
    ]
    return pulses


def _list(page: str, query: str = "") -> str:
    return reverse(f"admin:{page}_changelist") + (f"?{query}" if query else "")
