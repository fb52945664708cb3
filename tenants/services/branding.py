"""Writes to how a platform looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Forbidden
from tenants.models import Branding, Logo, Organization
from tenants.services import logos

CHANGED = events.declare("branding.changed", "A platform's branding changed.")

OURS = "#4338ca"
# White text on a colour is readable up to this luminance (4.5 to 1, WCAG 2).
_BRIGHTEST = 0.183


@dataclass(frozen=True)
class Looks:
    """How a platform looks to its users; `strong` carries white text, `logo` is a path of ours."""

    name: str
    logo: str
    color: str
    support: str

    @property
    def strong(self) -> str:
        """The colour, darkened until white text is readable on it; ours where there is none."""
        red, green, blue = (int((self.color or OURS)[n : n + 2], 16) for n in (1, 3, 5))
        while _luminance(red, green, blue) > _BRIGHTEST:
            red, green, blue = (int(part * 0.95) for part in (red, green, blue))
        return f"#{red:02x}{green:02x}{blue:02x}"


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


def _luminance(*parts: int) -> float:
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
        for p in (part / 255 for part in parts)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


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
    if "logo_url" in changes:
        logos.want(platform, branding.logo_url)
    if changes:
        events.record(platform, CHANGED, by=by, changes=changes)
    return branding
