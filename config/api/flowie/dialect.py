"""How deliveries speak to receivers written for Flowie (FLO-23, FLO-24, C-28, C-32)."""

from typing import Any

from tenants.ids import read, spell
from tenants.models import Event
from webhooks import signing
from webhooks.dialects import Dialect

# What a payload is about, and how the API spells the ids of such things.
_IDS = {"document": "doc", "endpoint": "wh"}


class Flowie(Dialect):
    """`X-Flowie-Signature` over the raw body and `X-Flowie-Event-Id`, the same on every attempt."""

    name = "flowie"
    company_prefix = "comp"

    def payload(self, event: Event) -> dict[str, Any]:
        """As the standard one, with the ids by which the API knows event and document."""
        payload = super().payload(event)
        for name, prefix in _IDS.items():
            about = event.data.get(name)
            id = read(about["id"]) if about else None
            if id is not None:
                payload["data"][name] = {**about, "id": spell(prefix, id)}
        return {**payload, "id": _event_id(event)}

    def headers(self, event: Event, body: bytes, secret: str) -> dict[str, str]:
        return {
            "X-Flowie-Signature": signing.hexadecimal(secret, body),
            "X-Flowie-Event-Id": _event_id(event),
        }


def _event_id(event: Event) -> str:
    return f"evt_{event.pk.hex}"
