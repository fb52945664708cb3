"""A platform's own looks, in place of ours, wherever its users see pages (FLO-65)."""

from typing import Any

from django.http import HttpRequest
from django.http.request import split_domain_port

from tenants.models import CustomDomain, Organization
from tenants.portal_site import callers
from tenants.services.branding import Looks, looks_of

# How much of the colour is in each shade, and with what it is mixed. From 600 on it carries white
# text, so a light colour is darkened there.
_SHADES = {
    "50": ("white", 6), "100": ("white", 12), "200": ("white", 25), "300": ("white", 45),
    "400": ("white", 65), "500": ("white", 85), "600": ("black", 100), "700": ("black", 85),
    "800": ("black", 72), "900": ("black", 60), "950": ("black", 42),
}  # fmt: skip


def of(request: HttpRequest) -> Looks | None:
    """Whose looks a page has: the current organization's platform's, else the host name's."""
    if not hasattr(request, "_looks"):
        request._looks = _find(request)  # type: ignore[attr-defined]
    found: Looks | None = request._looks  # type: ignore[attr-defined]
    return found


def frame(request: HttpRequest) -> dict[str, Any]:
    """What of the sites' frame the looks replace; nothing without them."""
    looks = of(request)
    if looks is None:
        return {}
    replaced: dict[str, Any] = {"site_title": looks.name, "brand": looks}
    if looks.logo:
        replaced["site_icon"] = looks.logo
    return replaced


def palette(looks: Looks) -> dict[str, str]:
    """The shades of the platform's colour, as CSS."""
    base = looks.strong
    return {
        shade: f"color-mix(in oklab, {base} {share}%, {other})"
        for shade, (other, share) in _SHADES.items()
    }


def _find(request: HttpRequest) -> Looks | None:
    current = callers.membership(request) if hasattr(request, "user") else None
    if current is not None:
        return looks_of(current.organization.parent or current.organization)
    platform = _at_host(request)
    return looks_of(platform) if platform is not None else None


def _at_host(request: HttpRequest) -> Organization | None:
    host, _ = split_domain_port(request.get_host())
    domain = CustomDomain.objects.serving(host).select_related("organization").first()
    return domain.organization if domain is not None else None
