"""The newest API calls on the developers' page: did mine arrive, and what did it get?"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config import recent_calls
from config.recent_calls import Call, OutOfReach
from tenants.models import Organization
from tenants.models.organizations import Environment

# What is narrowed to, by the parameter of the page's address and its values.
_KEYS = {Environment.LIVE: _("Live keys"), Environment.TEST: _("Test keys")}
_WHICH = {"all": _("All"), "failed": _("Only failed")}


@dataclass(frozen=True)
class Calls:
    """What the page shows of them; `in_memory` where a restart forgets them."""

    rows: list[Call] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)
    only_failed: bool = False
    out_of_reach: bool = False
    in_memory: bool = False


def shown(request: HttpRequest, organization: Organization) -> Calls:
    """The organization's own calls, as the address narrows them. No query."""
    which = "failed" if request.GET.get("calls") == "failed" else "all"
    asked = request.GET.get("keys", "")
    try:
        found = {
            keys: recent_calls.newest(organization.pk, keys, failed=which == "failed")
            for keys in ([asked] if asked in _KEYS else _KEYS)
        }
    except OutOfReach:
        return Calls(out_of_reach=True)
    # Unless asked, those with whatever keys were used last.
    keys = max(found, key=lambda one: found[one][0].seconds if found[one] else 0.0)
    return Calls(
        found[keys],
        _tabs(keys, which),
        only_failed=which == "failed",
        in_memory=not settings.REDIS_URL,
    )


def _tabs(keys: str, which: str) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{title}: {narrowed}" if name == "failed" else title,
            "link": f"?keys={one}&calls={name}#calls",
            "here": (one, name) == (keys, which),
        }
        for one, title in _KEYS.items()
        for name, narrowed in _WHICH.items()
    ]
