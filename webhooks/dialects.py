"""How a delivery speaks: the standard body and headers, and what a surface adds to them."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from tenants.ids import spell
from tenants.models import Event

# Made once: `json.dumps` would make one for every delivery.
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Dialect:
    """The standard way of speaking. A surface derives its own and registers it at start.

    A body must follow from the event alone: every attempt sends the same bytes.
    """

    name = "standard"
    company_prefix = "org"
    # What the surface calls an event type, where it has a name of its own for the same fact.
    aliases: Mapping[str, str] = {}

    def body(self, event: Event) -> bytes:
        """The bytes to send and sign."""
        return _COMPACT.encode(self.payload(event)).encode()

    def payload(self, event: Event) -> dict[str, Any]:
        """`type`, `timestamp` and `data`, the company spelled as the surface spells it."""
        data = dict(event.data)
        data["company"] = {
            **event.data.get("company", {}),
            "id": spell(self.company_prefix, event.organization_id),
        }
        data["metadata"] = data["company"].get("metadata", {})
        return {
            "id": str(event.pk),
            "type": self.aliases.get(event.type, event.type),
            "timestamp": f"{event.occurred_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            "environment": event.environment,
            "data": data,
        }

    def headers(self, event: Event, body: bytes, secret: str) -> dict[str, str]:
        """Headers beside the standard ones, signed with the current secret."""
        return {}

    def subscribed_name(self, event_type: str) -> str:
        """The name by which subscribers of this dialect know a type."""
        return self.aliases.get(event_type, event_type)


_DIALECTS: dict[str, Dialect] = {"standard": Dialect()}


def register(dialect: Dialect) -> None:
    """Make a dialect known; surfaces do so at start."""
    _DIALECTS[dialect.name] = dialect


def get(name: str) -> Dialect:
    """The dialect of that name; the standard one if the surface is gone."""
    return _DIALECTS.get(name, _DIALECTS["standard"])


def names() -> list[str]:
    """The dialects there are, the standard one first."""
    return list(_DIALECTS)
