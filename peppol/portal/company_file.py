"""A company's page as its file: its figures, what it needs next, and who its people are."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol import stages
from peppol.models import Document, MonthlyUsage, Participant
from peppol.stages import Stage
from tenants.access import roles
from tenants.access.roles import Area
from tenants.models import Company, Invitation, Membership
from tenants.ui import display
from tenants.ui.scoped import scope

_PEOPLE = 5
# What a company at each stage needs, and the tab on which that is done.
_NEXT: dict[str, tuple[Any, Any, str]] = {
    Stage.NEEDS_YOU: (
        _("It is not on the network yet."),
        _("Register it, or see why that failed"),
        "registrations",
    ),
    Stage.NEEDS_CLIENT: (
        _("Only the client can go on: its number is missing, or another provider has it."),
        _("See what is asked of it"),
        "registrations",
    ),
    Stage.WAITING: (
        _("The network is being asked. Nobody has to do anything."),
        _("See how far it is"),
        "registrations",
    ),
    Stage.TRIAL: (
        _("It is in test mode: nothing of it reaches the network."),
        "",
        "",
    ),
    Stage.SUSPENDED: (_("It is suspended: its keys open nothing until you reactivate it."), "", ""),
    Stage.CLOSED: (_("It is closed for good."), "", ""),
}


@dataclass(frozen=True)
class Figure:
    """A number or a moment that the page begins with, and where there is more of it."""

    title: Any
    text: Any
    link: str
    tone: str = ""


def told(request: HttpRequest, row: Company) -> dict[str, Any]:
    """What stands at the top of a company's page, as far as the caller may see it."""
    at = stages.of(row) or Stage.NEEDS_YOU
    return {
        "stage": (at, Stage(at).label),
        "next": _next(request, row, at),
        "figures": _figures(request, row),
        "people": _people(request, row),
    }


def _next(request: HttpRequest, row: Company, stage: str) -> dict[str, Any] | None:
    if stage not in _NEXT:
        return None
    sentence, way, tab = _NEXT[stage]
    may = way and roles.sees(request, Area.REGISTRATIONS)
    changes = stage == Stage.NEEDS_YOU and roles.changes(request, Area.REGISTRATIONS)
    if changes and not Participant.objects.filter(organization=row).exists():
        link = f"{reverse('portal:peppol_participant_add')}?organization={row.pk}"
        return {"sentence": sentence, "way": _("Register"), "link": link}
    return {"sentence": sentence, "way": way if may else "", "link": _tab(row, tab) if may else ""}


def _figures(request: HttpRequest, row: Company) -> list[Figure]:
    if not roles.sees(request, Area.DOCUMENTS):
        return []
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    used = list(MonthlyUsage.objects.filter(organization=row.pk, on=month.date()))
    number = sum(one.sent + one.received for one in used)
    documents = scope(Document, request).filter(organization=row.pk).order_by("-id")
    came = documents.filter(direction="inbound").values_list("created_at", flat=True).first()
    went = documents.filter(direction="outbound").values_list("created_at", flat=True).first()
    failed = documents.filter(state="failed", created_at__gte=month)[:100].count()
    more = _tab(row, "documents")
    listed = f"{reverse('portal:peppol_document_changelist')}?organization={row.pk}&state=failed"
    return [
        Figure(_("Documents this month"), display.count(number), _tab(row, "usage")),
        Figure(_("Last sent"), display.moment(went), more),
        Figure(_("Last received"), display.moment(came), more),
        Figure(
            _("Failed this month"),
            gettext("100 and more") if failed == 100 else display.count(failed),
            listed,
            "danger" if failed else "",
        ),
    ]


def _people(request: HttpRequest, row: Company) -> dict[str, Any] | None:
    """Who works in it, and who was invited and has not answered."""
    if not roles.sees(request, Area.TEAM):
        return None
    members = scope(Membership, request).filter(organization=row.pk).select_related("user")
    asked = scope(Invitation, request).filter(organization=row.pk).unanswered()
    return {
        "members": list(members.order_by("id")[:_PEOPLE]),
        "asked": list(asked.order_by("-id")[:_PEOPLE]),
        "all": _tab(row, "users"),
    }


def _tab(row: Company, tab: str) -> str:
    return reverse("portal:tenants_company_tab", args=[row.pk, tab])
