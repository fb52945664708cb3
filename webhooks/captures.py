"""Deliveries as a receiver captured them: headers and body as somebody pasted them."""

import re
from uuid import UUID

from django.utils import timezone

from webhooks import dialects, secrets, verification
from webhooks.models import Delivery, Endpoint
from webhooks.verification import Finding

_NAME = re.compile(r"[A-Za-z0-9-]+")
_REQUEST_LINE = re.compile(r"[A-Z]+ \S+ HTTP/[\d.]+")
# What curl, its commands and logs write before a header.
_BEFORE = re.compile(r"(?:[<>]|-H|--header)\s+")


def read_headers(text: str) -> dict[str, str]:
    """Read one header a line, also as curl or JSON writes it. Raises ValueError with a bad line."""
    found = {}
    for line in text.splitlines():
        bare = _BEFORE.sub("", line.strip(), count=1).strip("'\", \t\\")
        if not bare or bare in "{}" or _REQUEST_LINE.fullmatch(bare):
            continue
        name, colon, value = bare.partition(":")
        name = name.strip("'\" ")
        if not colon or not _NAME.fullmatch(name):
            raise ValueError(line.strip()[:80])
        found[name.lower()] = value.strip("'\" ")
    return found


def examine(endpoint: Endpoint, headers: dict[str, str], body: bytes) -> Finding:
    """Check a capture as the endpoint's receiver should have, and say what is wrong with it."""
    former = endpoint.previous_secret
    return verification.check(
        headers,
        body,
        secrets.decrypt(endpoint.secret),
        now=timezone.now().timestamp(),
        sent=_as_sent(endpoint, headers.get("webhook-id", "")),
        former=secrets.decrypt(former) if former else "",
        signing_key=secrets.decrypt(endpoint.signing_key),
    )


def _as_sent(endpoint: Endpoint, id: str) -> bytes | None:
    """The body that went to this endpoint under that id, and to no other."""
    try:
        event_id = UUID(id.strip())
    except ValueError:
        return None
    delivery = (
        Delivery.objects.filter(endpoint=endpoint, event=event_id).select_related("event").first()
    )
    return dialects.get(endpoint.dialect).body(delivery.event) if delivery else None
