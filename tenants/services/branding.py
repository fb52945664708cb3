"""Writes to how a platform looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from tenants import colors, events, persistence
from tenants.actors import Actor
from tenants.errors import Forbidden
from tenants.models import Branding, Logo, Organization
from tenants.services import logos

CHANGED = events.declare("branding.changed", "A platform's branding changed.")

OURS = "#4338ca"


@dataclass(frozen=True)
class Looks:
    """How a platform looks to its users; `logo` is a path of ours."""

    name: str
    logo: str
    color: str
    support: str

    @property
    def strong(self) -> str:
        """The colour, as dark as white text on it needs; ours where there is none."""
        return colors.darkened(self.color or OURS)

    @property
    def light(self) -> str:
        """The colour, as light as text of it needs in the dark theme."""
        return colors.lightened(self.color or OURS)


def ours() -> Looks:
    """How we look where no platform's looks are in place of ours."""
    return Looks(settings.PORTAL["SITE_TITLE"], "", "", "")


def looks_of(platform: Organization) -> Looks | None:
    """A platform's looks, None while it is not entitled to any or has none."""
    if not platform.white_label:
        return None
    found = Branding.objects.filter(organization=platform).first()
    if found is None:
        return None
    name = found.display_name or platform.title
    copy = Logo.objects.filter(organization=platform).first()
    return Looks(name, copy.path if copy else "", found.primary_color, found.support_email)


@transaction.atomic
def change(
    platform: Organization, fields: Mapping[str, Any], *, by: Actor, logo: bytes | None = None
) -> Branding:
    """Set the given parts of a platform's branding and leave the others (FLO-32, FLO-38).

    `logo` is a picture to keep in place of what a URL leads to; an empty one takes it away.
    Raises Forbidden without the white-label entitlement (FLO-36), Invalid by field.
    """
    platform = Organization.objects.select_for_update(no_key=True).get(pk=platform.pk)
    if not platform.white_label:
        raise Forbidden("Branding needs the white-label entitlement.", code="white_label_required")
    if logo is not None:
        fields = {**fields, "logo_url": ""}
    branding = Branding.objects.filter(organization=platform).first()
    branding = branding or Branding(organization=platform)
    changes = {n: [getattr(branding, n), v] for n, v in fields.items() if getattr(branding, n) != v}
    for name, (_, value) in changes.items():
        setattr(branding, name, value)
    if branding._state.adding:
        persistence.insert(branding)
    elif changes:
        persistence.update(branding, [*changes, "updated_at"])
    if "logo_url" in changes:
        logos.want(platform, branding.logo_url)
    if logo is not None:
        changes["logo"] = [None, logos.put(platform, logo)]
    if changes:
        events.record(platform, CHANGED, by=by, changes=changes)
    return branding
