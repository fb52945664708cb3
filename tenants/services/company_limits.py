"""Whether a platform may have one more company."""

from django.db import models

from tenants import tallies
from tenants.errors import Forbidden, LimitReached
from tenants.models import Organization
from tenants.prepared import Prepared

_READ = Prepared(lambda id: Organization.objects.filter(pk=id), id=models.UUIDField())
_LOCKED = Prepared(
    lambda id: Organization.objects.select_for_update(no_key=True).filter(pk=id),
    id=models.UUIDField(),
)


def with_room(platform: Organization) -> Organization:
    """The platform as it stands, which may have one more company.

    One whose companies are limited is nobody else's until the transaction ends: two calls for the
    last free place take turns. Those of one without a limit do not wait for each other. Raises
    Forbidden when it is no platform, LimitReached when its plan is full.
    """
    asked = _READ if platform.company_limit is None else _LOCKED
    found = asked.one(id=platform.pk)
    if found.company_limit is not None and asked is _READ:
        found = _LOCKED.one(id=platform.pk)
    if not found.is_platform:
        raise Forbidden("Only a platform manages companies.", code="not_a_platform")
    limit = found.company_limit
    if limit is not None and tallies.number("managed", found) >= limit:
        raise LimitReached(
            "The plan allows %(limit)d companies.",
            values={"limit": limit},
            code="company_limit_reached",
            limit=limit,
        )
    return found
