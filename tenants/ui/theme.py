"""A platform's own looks, in place of ours, wherever its users see pages (FLO-65)."""

from typing import Any

from django.http import HttpRequest
from unfold.dataclasses import Favicon

from tenants.access import memberships
from tenants.access.custom_domain import platform_at
from tenants.access.once import keep, once
from tenants.models import Organization
from tenants.row_security import everything
from tenants.services.branding import Looks, looks_of, ours

# How much of the colour is in each shade, and with what it is mixed. From 600 on it carries white
# text, so a light colour is darkened there; 400 and 500 are text of the dark theme.
_PALE = {"50": 6, "100": 12, "200": 25, "300": 45}
_ON_DARK = {"400": 85, "500": 100}
_DEEP = {"600": 100, "700": 85, "800": 72, "900": 60, "950": 42}


def of(request: HttpRequest) -> Looks | None:
    """Whose looks a page has: the current organization's platform's, else the host name's."""
    return once(request, "_looks", _find)


def borrow(request: HttpRequest, organization: Organization) -> None:
    """Show a page in the looks that the people of `organization` know, whoever looks at it."""
    keep(request, "_looks", looks_of(organization.parent or organization))


def borrow_name(request: HttpRequest, organization: Organization) -> None:
    """The same, and the name alone where there are no looks: for whom nobody else is known."""
    platform = organization.parent or organization
    keep(request, "_looks", looks_of(platform) or Looks(platform.title, "", "", ""))


def name(request: HttpRequest) -> str:
    """What people on this page call whoever it is by."""
    return (of(request) or ours()).name


def frame(request: HttpRequest) -> dict[str, Any]:
    """What of the sites' frame the looks replace; nothing without them."""
    looks = of(request)
    if looks is None:
        return {}
    replaced: dict[str, Any] = {"site_title": looks.name, "brand": looks}
    if looks.logo:
        replaced["site_icon"] = looks.logo
        replaced["site_favicons"] = [Favicon(href=looks.logo, rel="icon")]
    return replaced


def palette(looks: Looks) -> dict[str, str]:
    """The shades of the platform's colour, as CSS, readable in both themes."""
    return {
        **_mixed(looks.strong, _PALE, "white"),
        **_mixed(looks.light, _ON_DARK, "white"),
        **_mixed(looks.strong, _DEEP, "black"),
    }


def _mixed(color: str, shares: dict[str, int], other: str) -> dict[str, str]:
    return {
        shade: f"color-mix(in oklab, {color} {share}%, {other})" for shade, share in shares.items()
    }


@everything()  # a company's people see their platform's looks, and strangers those of a host
def _find(request: HttpRequest) -> Looks | None:
    current = memberships.membership(request)
    if current is not None:
        return looks_of(current.organization.parent or current.organization)
    platform = platform_at(request)
    return looks_of(platform) if platform is not None else None
