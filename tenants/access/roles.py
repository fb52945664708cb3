"""What each role may see and change in the portal. No `auth.Permission` has a say in it."""

from enum import StrEnum

from django.http import HttpRequest

from tenants.access import memberships
from tenants.models import Organization, Role


class Area(StrEnum):
    """A part of the portal that rights are given for."""

    COMPANIES = "companies"
    REGISTRATIONS = "registrations"
    DOCUMENTS = "documents"
    KEYS = "keys"
    WEBHOOKS = "webhooks"
    USAGE = "usage"
    BILLING = "billing"
    TEAM = "team"
    HISTORY = "history"
    SETTINGS = "settings"


_TECHNICAL = {Area.REGISTRATIONS, Area.DOCUMENTS, Area.KEYS, Area.WEBHOOKS}
_SECRET = {Area.KEYS, Area.WEBHOOKS}
# Under what a platform's defaults say what its companies' own people find in the portal.
PORTAL = "clientPortal"

CHANGES: dict[str, set[Area]] = {
    Role.OWNER: set(Area),
    Role.ADMIN: set(Area),
    Role.DEVELOPER: _TECHNICAL | {Area.COMPANIES},
    Role.BILLING: {Area.BILLING},
    Role.VIEWER: set(),
}
SEES: dict[str, set[Area]] = {
    Role.OWNER: set(Area),
    Role.ADMIN: set(Area),
    Role.DEVELOPER: set(Area) - {Area.BILLING},
    Role.BILLING: set(Area) - _TECHNICAL,
    Role.VIEWER: set(Area) - {Area.BILLING},
}
# What stops or ends a company's business takes more than the right to correct its address.
GOVERNORS = {Role.OWNER, Role.ADMIN}


def sees(request: HttpRequest, area: Area) -> bool:
    """Whether the caller may open pages of `area`."""
    current = memberships.membership(request)
    if current is None or area not in SEES[current.role]:
        return False
    return is_open_to(current.organization, area)


def changes(request: HttpRequest, area: Area) -> bool:
    """Whether the caller may change things in `area`: while the organization may act at all."""
    current = memberships.membership(request)
    if current is None or area not in CHANGES[current.role]:
        return False
    return may_act(current.organization) and is_open_to(current.organization, area)


def governs(request: HttpRequest) -> bool:
    """Whether the caller may suspend, close and delete."""
    current = memberships.membership(request)
    return current is not None and current.role in GOVERNORS and may_act(current.organization)


def is_open_to(organization: Organization, area: Area) -> bool:
    """Whether an area is the business of an organization at all.

    A company's people read no prices of what their platform pays for it. Keys and webhooks, which
    are most often the platform's connection with it, are theirs where the platform wants it so.
    """
    if organization.parent is None:
        return True
    if area == Area.BILLING:
        return organization.bill_to_id == organization.pk
    return area not in _SECRET or lets_connect(organization.parent)


def lets_connect(platform: Organization) -> bool:
    """Whether a platform has its companies' own people make keys and webhooks."""
    wanted = platform.defaults.get(PORTAL)
    return isinstance(wanted, dict) and wanted.get("connect") is True


def may_act(organization: Organization) -> bool:
    """Suspended and closed organizations look on; pending ones prepare."""
    return halted_by(organization) is None


def halted_by(organization: Organization) -> Organization | None:
    """The organization whose state keeps this one from acting: itself, its platform, or none."""
    if organization.status in (Organization.Status.ACTIVE, Organization.Status.PENDING):
        return organization.parent and halted_by(organization.parent)
    return organization
