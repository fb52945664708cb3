"""The catalogue of what can be subscribed to, with an example payload of each type."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from tenants.events import CATALOGUE
from tenants.models import Event
from webhooks import dialects

_EXAMPLE_ID = UUID("0193a5c0-7b1e-7000-8000-000000000001")
_COMPANY = {"name": "Bakery Peeters", "country": "BE", "metadata": {"tenantId": "t-1"}}


def entries(dialect: str = "standard") -> list[dict[str, Any]]:
    """Every public type by name: its description and an example, as `dialect` would send it."""
    spoken = dialects.get(dialect)
    return [
        {
            "name": spoken.subscribed_name(type.name),
            "description": type.description,
            "example": spoken.payload(_example(type.name, dict(type.example))),
        }
        for type in sorted(CATALOGUE.values(), key=lambda type: type.name)
        if type.public
    ]


@cache
def names(dialect: str = "standard") -> frozenset[str]:
    """Every name that can be subscribed to: our own, and those of `dialect`."""
    spoken = dialects.get(dialect)
    public = [type.name for type in CATALOGUE.values() if type.public]
    return frozenset(public) | {spoken.subscribed_name(name) for name in public}


def _example(name: str, data: dict[str, Any]) -> Event:
    return Event(
        id=_EXAMPLE_ID,
        type=name,
        organization_id=_EXAMPLE_ID,
        environment="live",
        occurred_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        data={"company": _COMPANY, **data},
    )


def fixture(name: str, dialect: str = "standard") -> bytes | None:
    """The example of one type as the very bytes a delivery would have; None if there is none."""
    spoken = dialects.get(dialect)
    for type in CATALOGUE.values():
        if type.public and name in (type.name, spoken.subscribed_name(type.name)):
            return spoken.body(_example(type.name, dict(type.example)))
    return None
