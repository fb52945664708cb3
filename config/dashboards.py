"""What the two sites show around and before their pages: names, counts, the overview."""

from django.conf import settings
from django.http import HttpRequest

from tenants.portal_site import callers


def network(request: HttpRequest) -> list[str] | None:
    """The ribbon that says on which Peppol network this installation is; none in production."""
    ribbons = {"sandbox": ["Sandbox", "warning"], "test": ["Test network", "info"]}
    return ribbons.get(settings.PEPPOL_NETWORK)


def organization_name(request: HttpRequest) -> str:
    """Whose portal it is."""
    current = callers.membership(request) if hasattr(request, "session") else None
    return current.organization.title if current else "Gatehouse"


def organization_kind(request: HttpRequest) -> str:
    current = callers.membership(request) if hasattr(request, "session") else None
    return current.organization.get_kind_display() if current else ""
