"""The reseller's overview, and what stands around every page of the portal."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apikeys.facts import OLD
from apikeys.models import ApiKey
from billing.checklist import plan_of
from config.dashboards.parts import Figure, Worry, worries
from peppol.models import Participant
from tenants.models import Event, Membership, Organization
from tenants.portal_site import callers, rights
from tenants.portal_site.rights import Area
from tenants.portal_site.scoped import scope
from webhooks.models import Delivery, Endpoint

# Whether an entry of the sidebar is for the caller, by the names that `config/looks.py` uses.
sees_registrations = partial(rights.sees, area=Area.REGISTRATIONS)
sees_documents = partial(rights.sees, area=Area.DOCUMENTS)
sees_keys = partial(rights.sees, area=Area.KEYS)
sees_webhooks = partial(rights.sees, area=Area.WEBHOOKS)
sees_usage = partial(rights.sees, area=Area.USAGE)
sees_billing = partial(rights.sees, area=Area.BILLING)
sees_team = partial(rights.sees, area=Area.TEAM)
sees_history = partial(rights.sees, area=Area.HISTORY)
sees_settings = partial(rights.sees, area=Area.SETTINGS)


def sees_companies(request: HttpRequest) -> bool:
    """Companies are for those that manage some."""
    is_platform = callers.organization(request).is_platform
    return is_platform and rights.sees(request, Area.COMPANIES)


def organization_name(request: HttpRequest) -> str:
    """Whose portal it is."""
    current = callers.membership(request)
    return current.organization.title if current else "Gatehouse"


def organization_kind(request: HttpRequest) -> Any:
    current = callers.membership(request)
    return current.organization.get_kind_display() if current else ""


def registrations_in_trouble(request: HttpRequest) -> str:
    """How many registrations go no further until a person acts; nothing when none."""
    count = scope(Participant, request).needing_attention().count()
    return str(count) if count else ""


@dataclass(frozen=True)
class Step:
    """Something to do before going live, and whether it is done."""

    title: Any
    link: str
    done: bool


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The reseller's first page: how things are, what needs attention, what to do next."""
    counts = _counts(request)
    steps = _steps(request, counts)
    done = sum(step.done for step in steps)
    seen = rights.sees(request, Area.HISTORY)
    events = scope(Event, request).select_related("organization").order_by("-id")[:8]
    return {
        **context,
        "title": _("Overview"),
        "figures": _figures(request, counts),
        "worries": _worries(request, counts),
        "steps": steps if done < len(steps) else [],
        "done": done,
        "progress": round(100 * done / len(steps)),
        "events": events if seen else [],
        "sees_history": seen,
    }


def _counts(request: HttpRequest) -> dict[str, int]:
    """Everything the overview counts: one query per kind, however many rows there are."""
    own = callers.organization(request)
    now = timezone.now()
    companies = scope(Organization, request).filter(parent=own)
    return {
        **companies.aggregate(
            companies=Count("pk"),
            active_companies=Count("pk", filter=Q(status="active")),
            suspended_companies=Count("pk", filter=Q(status="suspended")),
        ),
        **scope(Participant, request).aggregate(
            registered=Count("pk", filter=Q(state="active")),
            under_way=Count("pk", filter=Q(state__in=("pending", "publishing", "waiting"))),
            in_trouble=Count("pk", filter=Q(state__in=("failed", "elsewhere"))),
        ),
        **scope(ApiKey, request)
        .usable()
        .aggregate(
            keys=Count("pk"),
            old_keys=Count("pk", filter=Q(created_at__lt=now - OLD)),
        ),
        **scope(Endpoint, request).aggregate(
            endpoints=Count("pk"),
            failing=Count("pk", filter=Q(status="active", consecutive_failures__gt=0)),
            disabled=Count("pk", filter=Q(status="disabled")),
        ),
        "exhausted": scope(Delivery, request).filter(state="exhausted").count(),
        "people": scope(Membership, request).filter(organization=own).count(),
    }


def _figures(request: HttpRequest, n: dict[str, int]) -> list[Figure]:
    figures = []
    if sees_companies(request):
        note = _("%(active)d active, %(suspended)d suspended") % {
            "active": n["active_companies"],
            "suspended": n["suspended_companies"],
        }
        figures.append(Figure(_("Companies"), n["companies"], note, _list("tenants_company")))
    if sees_registrations(request):
        note = _("%(busy)d under way, %(stuck)d in trouble") % {
            "busy": n["under_way"],
            "stuck": n["in_trouble"],
        }
        figures.append(
            Figure(_("On the network"), n["registered"], note, _list("peppol_participant"))
        )
    if sees_keys(request):
        note = _("%(old)d older than 90 days") % {"old": n["old_keys"]}
        figures.append(Figure(_("Usable keys"), n["keys"], note, _list("apikeys_apikey")))
    if sees_webhooks(request):
        note = _("%(failing)d failing, %(disabled)d disabled") % {
            "failing": n["failing"],
            "disabled": n["disabled"],
        }
        figures.append(Figure(_("Webhooks"), n["endpoints"], note, _list("webhooks_endpoint")))
    return figures


def _worries(request: HttpRequest, n: dict[str, int]) -> list[Worry]:
    failing = n["failing"] + n["disabled"]
    return worries(
        (
            n["in_trouble"] if sees_registrations(request) else 0,
            ngettext_lazy("%d registration needs a decision", "%d registrations need a decision"),
            _list("peppol_participant", "attention=yes"),
            "link_off",
        ),
        (
            failing if sees_webhooks(request) else 0,
            ngettext_lazy("%d webhook fails or is disabled", "%d webhooks fail or are disabled"),
            _list("webhooks_endpoint", "attention=yes"),
            "webhook",
        ),
        (
            n["exhausted"] if sees_webhooks(request) else 0,
            ngettext_lazy("%d delivery was given up", "%d deliveries were given up"),
            _list("webhooks_delivery", "state=exhausted"),
            "running_with_errors",
        ),
        (
            n["old_keys"] if sees_keys(request) else 0,
            ngettext_lazy("%d key is older than 90 days", "%d keys are older than 90 days"),
            _list("apikeys_apikey", "state=old"),
            "key",
        ),
    )


def _steps(request: HttpRequest, n: dict[str, int]) -> list[Step]:
    steps = [
        Step(_("Issue an API key"), _add("apikeys_apikey"), n["keys"] > 0),
        Step(_("Register a Peppol identifier"), _add("peppol_participant"), n["registered"] > 0),
        Step(_("Add a webhook"), _add("webhooks_endpoint"), n["endpoints"] > 0),
        Step(_("Invite a colleague"), _add("tenants_membership"), n["people"] > 1),
        Step(_("Protect your sign-in"), reverse("mfa_index"), _has_second_factor(request)),
    ]
    own = callers.organization(request)
    if own.kind == Organization.Kind.BUSINESS and rights.changes(request, Area.BILLING):
        steps.insert(0, Step(_("Choose a plan"), reverse("start"), bool(plan_of(own))))
    if own.is_platform:
        first = Step(_("Create a company"), _add("tenants_company"), n["companies"] > 0)
        steps.insert(0, first)
    return steps


def _has_second_factor(request: HttpRequest) -> bool:
    return request.user.authenticator_set.exists()  # type: ignore[union-attr]


def _list(page: str, query: str = "") -> str:
    return reverse(f"portal:{page}_changelist") + (f"?{query}" if query else "")


def _add(page: str) -> str:
    return reverse(f"portal:{page}_add")
