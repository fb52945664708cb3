"""Writes to how a platform looks."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Forbidden
from tenants.models import Branding, Organization

CHANGED = events.declare("branding.changed", "A platform's branding changed.")


@transaction.atomic
def change(platform: Organization, fields: Mapping[str, Any], *, by: Actor) -> Branding:
    """Set the given parts of a platform's branding and leave the others (FLO-32, FLO-38).

    Raises Forbidden without the white-label entitlement (FLO-36), Invalid by field.
    """
    platform = Organization.objects.select_for_update().get(pk=platform.pk)
    if not platform.white_label:
        raise Forbidden("Branding needs the white-label entitlement.", code="white_label_required")
    branding = Branding.objects.filter(organization=platform).first()
    branding = branding or Branding(organization=platform)
    changes = {n: [getattr(branding, n), v] for n, v in fields.items() if getattr(branding, n) != v}
    for name, (_, value) in changes.items():
        setattr(branding, name, value)
    if branding._state.adding:
        persistence.insert(branding)
    elif changes:
        persistence.update(branding, [*changes, "updated_at"])
    if changes:
        events.record(platform, CHANGED, by=by, changes=changes)
    return branding
