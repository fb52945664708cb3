"""What Unfold's layout needs on the pages outside both sites: sign-in, invitations, errors."""

from typing import Any

from django.http import HttpRequest

from tenants.portal_site.sites import portal


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the portal's looks, without its navigation."""
    return portal.frame(request)
