"""For whom a request to the portal acts: the user's memberships, and the one that is current."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tenants.access.custom_domain import platform_at
from tenants.access.once import once
from tenants.actors import Actor
from tenants.models import Membership, Organization, User
from tenants.row_security import everything

SESSION_KEY = "organization"


def memberships(request: HttpRequest) -> list[Membership]:
    """The caller's memberships in organizations that still exist, read once per request.

    Once per request is a matter of safety too: inside the wall around a page the database hides
    the caller's other organizations. None before it is known who calls: an error may come first.
    """
    if not hasattr(request, "user"):
        return []
    return once(request, "_memberships", _read)


def membership(request: HttpRequest) -> Membership | None:
    """The membership that the caller acts by: the one chosen last, else the first."""
    found = memberships(request)
    if not found:
        return None
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in found if str(m.organization_id) == chosen), found[0])


def organization(request: HttpRequest) -> Organization:
    """The organization that the caller acts for. Only for requests that the site let in."""
    current = membership(request)
    if current is None:
        raise LookupError("The site lets nobody in without a membership.")
    return current.organization


def colleagues(request: HttpRequest) -> QuerySet[User]:
    """The people of the organization that the caller acts for."""
    mine = Membership.objects.filter(organization=organization(request))
    return User.objects.filter(pk__in=mine.values("user_id")).order_by("first_name", "email")


def choose(request: HttpRequest, organization_id: str) -> bool:
    """Act for another of one's organizations from now on; False when it is none of them."""
    ids = {str(m.organization_id) for m in memberships(request)}
    if organization_id in ids:
        request.session[SESSION_KEY] = organization_id
    return organization_id in ids


def user(request: HttpRequest) -> User:
    """The person who asks. Only for requests that the site let in."""
    assert isinstance(request.user, User)  # noqa: S101 — for the type checker; the site checked
    return request.user


def actor(request: HttpRequest) -> Actor:
    """Whom the audit trail names for what this request does."""
    return Actor.user(user(request))


def _read(request: HttpRequest) -> list[Membership]:
    if not (isinstance(request.user, User) and request.user.is_active):
        return []
    mine = Membership.objects.filter(user=request.user, organization__deleted_at=None)
    impersonation = getattr(request, "impersonation", None)
    if impersonation is not None and impersonation.impersonated_id == request.user.pk:
        # Staff were let in to view this organization, and said why for this one.
        mine = mine.filter(organization=impersonation.organization_id)
    platform = platform_at(request)
    if platform is not None:
        mine = mine.filter(Q(organization=platform) | Q(organization__parent=platform))
    found = mine.select_related("organization__parent").order_by("organization__name", "id")
    # All of the caller's own: for whom the request acts is chosen among them.
    with everything():
        return list(found)
