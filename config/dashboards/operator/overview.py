"""The operator's first page: is anything wrong, for whom, since when."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.dashboards.operator.incidents import current
from config.dashboards.parts import Figure, page
from config.health import OUTBOX_AGE, WORKER_SILENCE
from peppol.models import Identification, Participant
from tenants import tallies
from tenants.models import Event, Heartbeat, Organization, PlatformApplication


@dataclass(frozen=True)
class PartStatus:
    """A part of the system and how it is."""

    title: Any
    fine: bool
    since: Any
    link: str
    note: Any = ""


def applications_waiting(request: HttpRequest) -> str:
    """How many applicants wait for an answer; nothing when none."""
    count = PlatformApplication.objects.waiting().count()
    return str(count) if count else ""


def identifications_waiting(request: HttpRequest) -> str:
    """How many companies' identifications wait for a decision; nothing when none."""
    count = Identification.objects.waiting().count()
    return str(count) if count else ""


def registrations_needing_attention(request: HttpRequest) -> str:
    """How many registrations go no further until a person acts; nothing when none."""
    registrations = tallies.of()["participant"]
    count = sum(registrations[state] for state in Participant.HELD_UP_STATES)
    return str(count) if count else ""


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Counts of the whole installation, everything that is wrong, and how the system is."""
    n = _counts()
    found, more = current()
    return {
        **context,
        "title": _("Overview"),
        "figures": _figures(n),
        "outages": [incident for incident in found if incident.grave],
        "incidents": [incident for incident in found if not incident.grave],
        "more_incidents": more,
        "parts": _statuses(),
        "system_status": reverse("admin_system_status"),
        "trail": page("tenants_event"),
        "events": Event.objects.select_related("organization").order_by("-id")[:8],
    }


def _counts() -> dict[str, int]:
    kept = tallies.of()
    organizations = [kept[kind] for kind in Organization.Kind.values]
    registrations, hooks = kept["participant"], kept["endpoint"]
    return {
        "platforms": kept["platform"].total(),
        "companies": kept["managed"].total(),
        "pending": sum(states["pending"] for states in organizations),
        "suspended": sum(states["suspended"] for states in organizations),
        "registered": registrations["active"],
        "under_way": sum(registrations[state] for state in Participant.UNDER_WAY_STATES),
        "in_trouble": sum(registrations[state] for state in Participant.HELD_UP_STATES),
        "endpoints": hooks.total(),
        "failing": hooks["failing"],
        "disabled": hooks["disabled"],
    }


def _figures(n: dict[str, int]) -> list[Figure]:
    organizations, hooks = "tenants_organization", "webhooks_endpoint"
    registrations = "peppol_participant"
    return [
        Figure(
            _("Platforms"),
            n["platforms"],
            "",
            page(organizations, "kind=platform&deleted=no"),
            _parts(
                n,
                organizations,
                ("pending", _("%d to verify"), "status=pending&deleted=no"),
                ("suspended", _("%d suspended"), "status=suspended&deleted=no"),
            ),
        ),
        Figure(_("Companies"), n["companies"], "", page(organizations, "kind=managed&deleted=no")),
        Figure(
            _("On the network"),
            n["registered"],
            "",
            page(registrations, "state=active"),
            _parts(
                n,
                registrations,
                ("under_way", _("%d under way"), "attention=under_way"),
                ("in_trouble", _("%d in trouble"), "attention=yes"),
            ),
        ),
        Figure(
            _("Webhooks"),
            n["endpoints"],
            "",
            page(hooks, "deleted=no"),
            _parts(
                n,
                hooks,
                ("failing", _("%d failing"), "health=failed"),
                ("disabled", _("%d disabled"), "health=disabled"),
            ),
        ),
    ]


def _parts(
    n: dict[str, int], name: str, *wanted: tuple[str, Any, str]
) -> tuple[tuple[Any, str], ...]:
    """Those parts of a number of which there are any, each with the list of them."""
    return tuple((text % n[key], page(name, query)) for key, text, query in wanted if n[key])


def _statuses() -> list[PartStatus]:
    """Whether workers work and the outbox is emptied: the rest has a page of its own."""
    now = timezone.now()
    beat = Heartbeat.objects.filter(name="worker").first()
    seen = beat.beat_at if beat else None
    fine = seen is not None and now - seen < WORKER_SILENCE
    link = page("tenants_heartbeat")
    parts = [PartStatus(_("Workers"), fine, seen, link, "" if seen else _("None was seen yet."))]
    waiting = Event.objects.undistributed().aggregate(n=Count("pk"), oldest=Min("occurred_at"))
    late = waiting["oldest"] is not None and now - waiting["oldest"] > OUTBOX_AGE
    note = ngettext("%(n)d event waiting", "%(n)d events waiting", waiting["n"]) % waiting
    link = page("tenants_event", "outbox=waiting")
    parts.append(PartStatus(_("Outbox"), not late, waiting["oldest"], link, note))
    return parts
