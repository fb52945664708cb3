"""The routes of the registered vendors, for the walks that try them all."""

import re

from apikeys.models import ApiKey
from config.api import registry
from tenants.models import Event, Organization

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def template(pattern):
    """A pattern as a template, `api/admin/tenants/{tenant_id}`; None of one that leads nowhere."""
    text = str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("/?")
    return None if text.endswith("(?:/.*)?") else re.sub(r"\(\?P<(\w+)>[^)]+\)", r"{\1}", text)


def routes(*names, below=""):
    """The routes of the vendors of these names, of all without any, that begin with `below`."""
    vendors = [registry.of(name) for name in names] or registry.VENDORS
    patterns = [pattern for vendor in vendors for pattern in vendor.urls.urlpatterns]
    found = filter(None, map(template, patterns))
    return sorted(route for route in found if route.startswith(below))


def fingerprint():
    """Everything that a write would change."""
    return (
        Event.objects.count(),
        list(Organization.objects.order_by("pk").values_list("pk", "name", "updated_at")),
        list(ApiKey.objects.order_by("pk").values_list("pk", "name", "revoked_at")),
    )
