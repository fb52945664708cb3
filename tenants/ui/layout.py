"""What Unfold's layout needs on the pages outside both sites, and what stands above every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tenants.access.once import keep
from tenants.ui import theme
from tenants.ui.sites import portal


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the portal's looks, without its navigation, and whom one views as.

    A page is made of several templates, each of which asks; the looks are put together once.
    """
    own = theme.of(request)
    kept = getattr(request, "_frame", None)
    if kept is None or kept[0] is not own:
        kept = (own, portal.frame(request))
        keep(request, "_frame", kept)
    impersonation = getattr(request, "impersonation", None)
    # Named here: to a template of the portal `admin:` is the portal.
    return {
        **kept[1],
        "impersonation": impersonation,
        "impersonation_end": reverse("admin:impersonation_end"),
    }
