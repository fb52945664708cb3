"""What an organization may do: a plan brings it, and staff may give other than that (FLO-63)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tenants import events, persistence
from tenants.actors import Actor
from tenants.models import Organization

CHANGED = events.declare("company.entitled", "What an organization may do was changed.")

NAMES = (
    "company_limit",
    "document_quota",
    "quota_is_hard",
    "documents_per_day",
    "white_label",
    "verify_companies",
    "identification_policy",
    "identifies_companies",
    "mandate_policy",
    "may_withhold_billing",
    "requests_per_minute",
    "requests_per_hour",
)


@transaction.atomic
def give(
    organization: Organization, entitlements: Mapping[str, Any], *, reason: str = "", by: Actor
) -> Organization:
    """Give an organization other entitlements than its plan, or its platform's settings, say. No
    change, no event.

    They hold until it is put on another plan.
    """
    unknown = set(entitlements) - set(NAMES)
    if unknown:
        raise TypeError(f"No entitlement: {', '.join(sorted(unknown))}")
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    changes = {
        name: [getattr(organization, name), value]
        for name, value in entitlements.items()
        if getattr(organization, name) != value
    }
    if changes:
        for name, (_was, value) in changes.items():
            setattr(organization, name, value)
        persistence.update(organization, [*changes, "updated_at"])
        events.record(organization, CHANGED, by=by, reason=reason, changes=changes)
    return organization
