"""From events to deliveries and mails: each event, once, to everybody who wants it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tenants import background, loops
from tenants.models import Event
from tenants.services import mail_routes
from webhooks.models import Delivery, Endpoint


def distribute(limit: int = 500) -> int:
    """Distribute up to `limit` events and return how many there were.

    Rows and their mark are written in one transaction: a process that dies leaves the events to
    the next, and none is distributed twice.
    """
    with transaction.atomic():
        batch = list(
            Event.objects.undistributed().select_for_update(
                skip_locked=True, of=("self",), no_key=True
            )[:limit]
        )
        if not batch:
            return 0
        deliveries = _deliveries(batch)
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)
        mail_routes.route(batch)
        Event.objects.filter(pk__in=[event.pk for event in batch]).update(
            distributed_at=timezone.now()
        )
        if deliveries:
            background.wake("deliveries")
    return len(batch)


def _deliveries(batch: Sequence[Event]) -> list[Delivery]:
    listeners = _listeners(batch)
    return [
        Delivery(
            organization_id=endpoint.organization_id,
            platform_id=endpoint.platform_id,
            endpoint=endpoint,
            event=event,
            # What a disabled endpoint would have got is kept for it.
            **(
                {}
                if endpoint.is_active
                else {"state": Delivery.State.MISSED, "next_attempt_at": None}
            ),
        )
        for event in batch
        for endpoint in listeners[event.organization_id] + _of_platform(listeners, event)
        if _may_concern(endpoint, event)
    ]


def _listeners(batch: Sequence[Event]) -> dict[UUID, list[Endpoint]]:
    """The endpoints of every organization in the batch, in one query."""
    organizations = {event.organization_id for event in batch}
    platforms = {event.platform_id for event in batch}
    found: dict[UUID, list[Endpoint]] = defaultdict(list)
    for endpoint in Endpoint.objects.live().filter(
        Q(organization__in=organizations) | Q(organization__in=platforms, covers_companies=True)
    ):
        found[endpoint.organization_id].append(endpoint)
    return found


def _of_platform(listeners: dict[UUID, list[Endpoint]], event: Event) -> list[Endpoint]:
    if event.platform_id == event.organization_id:
        return []
    return [e for e in listeners[event.platform_id] if e.covers_companies]


def _may_concern(endpoint: Endpoint, event: Event) -> bool:
    """Whether it does, or nobody can tell: then its delivery shows what is the matter."""
    try:
        return _concerns(endpoint, event)
    except Exception as error:
        loops.note("distribute events", endpoint, error)
        return True


def _concerns(endpoint: Endpoint, event: Event) -> bool:
    about = event.data.get("endpoint", {}).get("id")
    return (
        endpoint.environment == event.environment
        and endpoint.wants(event.type)
        # An endpoint is not told of its own troubles: that would only add to them.
        and about != str(endpoint.pk)
        # What happened before somebody listened is not sent. Who listens from a later time on
        # than now has done so since before the clock was set back.
        and (endpoint.created_at <= event.occurred_at or endpoint.created_at > timezone.now())
    )
