"""The catalogue of event types, and the one way to record that something happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from tenants import background
from tenants.actors import Actor, request_id
from tenants.alert_kinds import BY_TYPE
from tenants.models import AlertCause, Event, Organization
from tenants.prepared import PreparedInsert


@dataclass(frozen=True)
class EventType:
    """What a type of event means. A `public` one can be subscribed to; others are audit trail.

    `example` is the `data` of an example payload, without the `company` that every payload has.
    """

    name: str
    description: str
    public: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)


CATALOGUE: dict[str, EventType] = {}
_WRITTEN = PreparedInsert(Event)


def declare(
    name: str, description: str, *, public: bool = False, example: Mapping[str, Any] | None = None
) -> str:
    """Enter a type into the catalogue and return its name. Each app declares its own."""
    CATALOGUE[name] = EventType(name, description, public, example or {})
    return name


def record(organization: Organization, type: str, *, by: Actor, **facts: Any) -> Event:
    """Write down that `type` happened to `organization`; call it inside the change's transaction.

    The company's id, name and metadata are copied into `data`, so that a payload shows them as
    they were. Public types are picked up by the webhooks once the transaction commits.
    Raises KeyError for a type that nobody declared.
    """
    event = of(organization, type, by=by, **facts)
    _WRITTEN.write(event)
    _cause_alerts([event])
    if event.distributed_at is None:
        background.wake("outbox")
    return event


def record_all(events: list[Event]) -> None:
    """Write down many at once that `of` has made, as `record` does one."""
    Event.objects.bulk_create(events)
    _cause_alerts(events)
    if any(event.distributed_at is None for event in events):
        background.wake("outbox")


def _cause_alerts(events: list[Event]) -> None:
    """Leave word of what people may want to be told of, in the same transaction."""
    found = [one for one in events if one.type in BY_TYPE]
    if found:
        AlertCause.objects.bulk_create(
            [AlertCause(event=one, organization=one.organization) for one in found]
        )
        background.wake("alerts")


def of(
    organization: Organization,
    type: str,
    *,
    by: Actor,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    environment: str = "",
) -> Event:
    """An event as `record` writes it, not written yet; its facts are those of `record`."""
    public = CATALOGUE[type].public
    return Event(
        type=type,
        organization=organization,
        platform_id=organization.platform_id,
        environment=environment or organization.environment,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        reason=reason,
        data={"company": _snapshot(organization), **(data or {})} if public else dict(data or {}),
        changes=dict(changes or {}),
        request_id=request_id.get(),
        distributed_at=None if public else timezone.now(),
    )


def _snapshot(organization: Organization) -> dict[str, Any]:
    return {
        "id": str(organization.pk),
        "name": organization.title,
        "country": organization.country,
        "metadata": organization.metadata,
    }
