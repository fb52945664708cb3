"""The reseller's overview, and what stands around every page of the portal."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apikeys.models import ApiKey
from config.dashboards import traffic
from config.dashboards.parts import RECENT, Figure, numbers
from config.dashboards.reseller import attention, going_live
from peppol.models import Participant
from tenants.access import memberships, roles
from tenants.access.roles import Area
from tenants.models import Event, Membership, Organization
from tenants.ui import display, theme
from tenants.ui.scoped import scope


def sees_companies(request: HttpRequest) -> bool:
    """Companies are for those that manage some."""
    is_platform = memberships.organization(request).is_platform
    return is_platform and roles.sees(request, Area.COMPANIES)


@dataclass(frozen=True)
class CompanyState:
    """How many companies are in a state, and which share of them all."""

    state: str
    label: Any
    number: int
    percent: float
    link: str

    @property
    def tone(self) -> str:
        return display.tone(self.state)


def organization_name(request: HttpRequest) -> str:
    """Whose portal it is; a platform with looks of its own is called as these say."""
    current, own = memberships.membership(request), theme.of(request)
    if current is None:
        return theme.name(request)
    return own.name if own and current.organization.is_platform else current.organization.title


def organization_kind(request: HttpRequest) -> Any:
    """What it is; a company is told with whom, where that has looks."""
    current, own = memberships.membership(request), theme.of(request)
    if current is None:
        return ""
    if own and not current.organization.is_platform:
        return own.name
    return current.organization.get_kind_display()


def registrations_needing_attention(request: HttpRequest) -> str:
    """How many registrations go no further until a person acts; nothing when none."""
    registrations = numbers(request)["participant"]
    count = sum(registrations[state] for state in Participant.HELD_UP_STATES)
    return str(count) if count else ""


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The reseller's first page: how things are, what needs attention, what to do next."""
    counts = _counts(request)
    documents = traffic.documents(request)
    way = going_live.way(request, counts)
    used = counts["companies"] or counts["participants"] or documents.days
    history = roles.sees(request, Area.HISTORY)
    return {
        **context,
        "title": _("Overview"),
        "is_new": not used,
        "may_onboard": sees_companies(request) and roles.changes(request, Area.COMPANIES),
        "figures": _figures(request, counts, documents),
        "attention": attention.items(request, counts["companies"]),
        "chart": documents.chart() if roles.sees(request, Area.USAGE) else None,
        "trackers": _trackers(request, documents),
        "states": _states(counts) if sees_companies(request) else [],
        "way": way,
        "events": scope(Event, request).select_related("organization").order_by("-id")[:8]
        if history
        else [],
        "sees_history": history,
    }


def _counts(request: HttpRequest) -> dict[str, int]:
    """Everything the overview counts; what may be a hundred thousand, nobody counts just now."""
    own = memberships.organization(request)
    kept = numbers(request)
    companies, registrations = kept["managed"], kept["participant"]
    companies = companies if own.is_platform else Counter()
    lately = scope(Organization, request).filter(
        parent=own, created_at__gte=timezone.now() - RECENT
    )
    return {
        "companies": companies.total(),
        "new_companies": lately.count() if own.is_platform else 0,
        **{state: companies[state] for state in Organization.Status.values},
        "participants": registrations.total(),
        "registered": registrations["active"],
        "under_way": sum(registrations[state] for state in Participant.UNDER_WAY_STATES),
        "in_trouble": sum(registrations[state] for state in Participant.HELD_UP_STATES),
        "keys": int(scope(ApiKey, request).usable().exists()),
        "endpoints": kept["endpoint"].total(),
        "people": scope(Membership, request).filter(organization=own).count(),
    }


def _figures(request: HttpRequest, n: dict[str, int], documents: traffic.Documents) -> list[Figure]:
    figures = []
    if sees_companies(request):
        note = _("%(n)s new in 30 days") % {"n": display.count(n["new_companies"])}
        figures.append(Figure(_("Companies"), n["companies"], note, _list("tenants_company")))
    if roles.sees(request, Area.REGISTRATIONS):
        note = _("%(busy)d under way, %(stuck)d in trouble") % {
            "busy": n["under_way"],
            "stuck": n["in_trouble"],
        }
        figures.append(
            Figure(_("On the network"), n["registered"], note, _list("peppol_participant"))
        )
    if roles.sees(request, Area.USAGE):
        usage = _list("peppol_monthlyusage")
        note = _("in 30 days, %(n)s failed") % {"n": display.count(documents.failed)}
        figures.append(Figure(_("Sent"), documents.sent, note, usage))
        figures.append(Figure(_("Received"), documents.received, _("in 30 days"), usage))
    return figures


def _trackers(request: HttpRequest, documents: traffic.Documents) -> list[traffic.Tracker]:
    found = [
        documents.tracker() if roles.sees(request, Area.USAGE) else None,
        traffic.webhooks(request, numbers(request)["endpoint"])
        if roles.sees(request, Area.WEBHOOKS)
        else None,
    ]
    return [tracker for tracker in found if tracker is not None]


def _states(n: dict[str, int]) -> list[CompanyState]:
    """The states that companies are in, with their share of all of them."""
    return [
        CompanyState(
            state,
            label,
            n[state],
            100 * n[state] / n["companies"],
            _list("tenants_company", f"status={state}"),
        )
        for state, label in Organization.Status.choices
        if n[state]
    ]


def _list(page: str, query: str = "") -> str:
    return reverse(f"portal:{page}_changelist") + (f"?{query}" if query else "")
