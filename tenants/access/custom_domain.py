"""Whose host name a request came to, and who is at home there."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from tenants.access.once import once
from tenants.models import CustomDomain, Organization, User
from tenants.row_security import everything


def platform_at(request: HttpRequest) -> Organization | None:
    """The platform whose custom domain the request came to; None at a host name of ours."""
    return once(request, "_platform_at_host", _find)


@everything()  # to be at home there is what opens one's rows
def is_at_home(user: object, platform: Organization | None) -> bool:
    """Whether somebody may be signed in where that platform has its domain; anybody at ours.

    Its people and those of its companies are; the operator's staff have no business there.
    """
    if platform is None:
        return True
    if not isinstance(user, User) or user.is_staff or user.is_superuser:
        return False
    theirs = Q(organization=platform) | Q(organization__parent=platform)
    return user.memberships.filter(theirs, organization__deleted_at=None).exists()


@everything()  # a name is everybody's to ask
def _find(request: HttpRequest) -> Organization | None:
    host, _ = split_domain_port(request.get_host())
    if validate_host(host, settings.OWN_HOSTS):
        return None
    domain = CustomDomain.objects.serving(host).select_related("organization").first()
    return domain.organization if domain is not None else None
