"""What Unfold's layout needs on the pages outside both sites, and what stands above every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tenants.portal_site.sites import portal


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the portal's looks, without its navigation, and the visit one is on."""
    visit = getattr(request, "visit", None)
    # Named here: to a template of the portal `admin:` is the portal.
    return {**portal.frame(request), "visit": visit, "visit_end": reverse("admin:visit_end")}
