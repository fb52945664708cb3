"""Of a company's events, which were its platform's doing: its people deal with the platform.

Whoever is none of the company's own is called by the platform's name. That is the closed way
round: nobody of the platform's is shown for want of being known as one of theirs.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When
from django.db.models import Q as Condition
from django.http import HttpRequest

from tenants.access import memberships, roles
from tenants.access.once import once
from tenants.models import Membership, Organization
from tenants.services import people
from tenants.ui import theme

_ACTORS = ("user", "key")
_OF_CONNECTIONS = reduce(
    or_, (Condition(type__startswith=f"{of}.") for of in ("key", "client", "endpoint"))
)


def by_name(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Events that each say as `by_platform` what the platform is called where it was its doing.

    Of keys and webhooks that are the platform's matter they tell nothing. Nothing is done for who
    is no company of a platform: there everybody is shown.
    """
    platform = memberships.organization(request).parent
    if platform is None:
        return rows
    if not roles.is_open_to(memberships.organization(request), roles.Area.KEYS):
        rows = rows.exclude(_OF_CONNECTIONS)
    said = Case(
        When(theirs(request), then=Value(name_of(platform, request))),
        default=Value(""),
        output_field=CharField(),
    )
    return rows.annotate(by_platform=said)


def name_of(platform: Organization, request: HttpRequest) -> str:
    """What the people of a platform's companies call it."""
    looks = theme.of(request)
    return looks.name if looks else platform.title


def inviters(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Invitations that each say as `by_platform` what the platform is called, where none of the
    company's own people has invited."""
    own = memberships.organization(request)
    if own.parent is None:
        return rows
    colleague = Membership.objects.filter(organization=own, user=OuterRef("invited_by"))
    said = Case(
        When(Exists(colleague), then=Value("")),
        default=Value(name_of(own.parent, request)),
        output_field=CharField(),
    )
    return rows.annotate(by_platform=said)


def theirs(request: HttpRequest) -> Condition:
    """That an event was the doing of nobody of the company that reads; of none for a platform."""
    if memberships.organization(request).parent is None:
        return Condition(pk__in=())
    return Condition(actor_kind__in=_ACTORS) & ~Condition(actor_id__in=once(request, "_own", _own))


def _own(request: HttpRequest) -> list[str]:
    """The ids of the company's people, those of earlier too, and of its keys."""
    company: Any = memberships.organization(request)
    members = Membership.objects.filter(organization=company).values_list("user_id", flat=True)
    joined = company.events.filter(type=people.JOINED, actor_kind="user")
    keys = company.api_keys.values_list("pk", flat=True)
    return [str(id) for id in (*members, *joined.values_list("actor_id", flat=True), *keys)]
