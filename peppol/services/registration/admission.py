"""Who may be put on the network, and under which name."""

from django.conf import settings
from django.db import models

from tenants.errors import WrongState
from tenants.models import Environment, Organization
from tenants.prepared import Prepared

_LOCKED = Prepared(
    lambda id: (
        Organization.objects.live()
        .select_related("parent", "company_card")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=id)
    ),
    id=models.UUIDField(),
)


def admit(organization: Organization, *, to_wait: bool = False) -> Organization:
    """Lock and return the organization, unless it has no business on the network.

    With `to_wait` one is let through that only has to be verified yet.
    Raises WrongState: `deleted`, `test_mode`, `test_environment` or `not_active`.
    """
    locked = _LOCKED.first(id=organization.pk)
    if locked is None:
        raise WrongState("This company was deleted.", code="deleted")
    refusal = obstacle(locked)
    if refusal and not (to_wait and awaits(locked)):
        raise refusal
    return locked


def awaits(organization: Organization) -> bool:
    """Whether nothing but its verification keeps an organization from acting. Reads `parent`."""
    refusal = obstacle(organization)
    if refusal is None or refusal.code != "not_active":
        return False
    above = organization.parent is None or organization.parent.is_open
    return above and organization.status == Organization.Status.PENDING


def obstacle(organization: Organization) -> WrongState | None:
    """What keeps an organization off the network now, if anything. Reads `parent`."""
    if organization.test_mode:
        return WrongState(
            "This company is in test mode, which keeps it off the Peppol network.",
            code="test_mode",
        )
    if organization.environment == Environment.TEST and settings.PEPPOL_NETWORK == "production":
        return WrongState(
            "A company of the test environment stays off the production network.",
            code="test_environment",
        )
    if not organization.is_open:
        return WrongState(
            "Only an active company of an active platform can be on the network.",
            code="not_active",
        )
    return None
