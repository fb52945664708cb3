"""What has to be handed in of who companies are, and what the platform decides of it: one query."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext_lazy

from config.dashboards.parts import AttentionItem
from peppol.models import Identification
from tenants.access import memberships, roles
from tenants.access.roles import Area
from tenants.ui.scoped import scope

State = Identification.State
_MISSING = Q(state__in=Identification.MISSING)


def items(request: HttpRequest) -> Iterator[AttentionItem]:
    """What the caller can do something about."""
    if not roles.changes(request, Area.COMPANIES):
        return
    own = memberships.organization(request)
    decided = Q(state=State.IN_REVIEW) & ~Q(organization=own.pk)
    found = (
        scope(Identification, request)
        .order_by()
        .aggregate(
            missing=Count("pk", filter=_MISSING),
            missing_since=Min("updated_at", filter=_MISSING),
            waiting=Count("pk", filter=decided),
            waiting_since=Min("submitted_at", filter=decided),
        )
    )
    page = reverse("portal:peppol_identification_changelist")
    if found["waiting"] and own.identifies_companies and roles.governs(request):
        text = ngettext_lazy(
            "%d identification waits for your decision",
            "%d identifications wait for your decision",
        )
        said, since = text % found["waiting"], found["waiting_since"]
        yield AttentionItem(said, f"{page}?state=in_review", "badge", since)
    if found["missing"]:
        text = ngettext_lazy(
            "%d company has to hand in who it is", "%d companies have to hand in who they are"
        )
        said, since = text % found["missing"], found["missing_since"]
        yield AttentionItem(said, f"{page}?attention=missing", "person_alert", since)
