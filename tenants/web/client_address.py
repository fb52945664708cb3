"""From where a request comes: what the limits know of whoever has not said who they are."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# A server that listens on a socket file knows no address.
_UNKNOWN = "0.0.0.0"  # noqa: S104 — no address to listen on


def client_address(request: HttpRequest) -> str:
    """The address of whoever called the outermost of our `TRUSTED_PROXY_COUNT` proxies.

    Each proxy appends to `X-Forwarded-For` by whom it was called, so that many entries from the
    end are true, and what stands before them is the caller's own word.
    """
    peer = str(request.META.get("REMOTE_ADDR") or _UNKNOWN)
    count = settings.TRUSTED_PROXY_COUNT or 0
    said = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if not 0 < count <= len(said):
        return peer
    return _address(said[-count]) or peer


def _address(text: str) -> str:
    """`text` as an address without its port, empty where it is none."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""
