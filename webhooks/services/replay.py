"""Sends again: one delivery, all that failed in a time range, everything missed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tenants import background, events
from tenants.actors import Actor
from tenants.errors import WrongState
from webhooks.models import Delivery, DeliveryQuerySet, Endpoint

State = Delivery.State
REPLAYED = events.declare("endpoint.replayed", "Deliveries of an endpoint were sent again.")


@transaction.atomic
def one(delivery: Delivery, *, by: Actor) -> Delivery:
    """Send one delivery now, whatever became of it. Its event keeps its id.

    Raises WrongState while it is being sent.
    """
    if delivery.state == State.SENDING:
        raise WrongState("This delivery is still under way.")
    _replay(delivery.endpoint, Delivery.objects.filter(pk=delivery.pk), by)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def failed(endpoint: Endpoint, *, since: datetime, until: datetime, by: Actor) -> int:
    """Send everything again that was given up between `since` and `until`; how many."""
    return _replay(endpoint, Delivery.objects.given_up(endpoint, since, until), by)


@transaction.atomic
def missed(endpoint: Endpoint, *, by: Actor) -> int:
    """Send everything that occurred while the endpoint was disabled; how many."""
    return _replay(endpoint, Delivery.objects.filter(endpoint=endpoint, state=State.MISSED), by)


def _replay(endpoint: Endpoint, deliveries: DeliveryQuerySet, by: Actor) -> int:
    if not Endpoint.objects.active().select_for_update(no_key=True).filter(pk=endpoint.pk).exists():
        raise WrongState("A disabled endpoint receives nothing: enable it first.")
    count = deliveries.update(
        state=State.PENDING,
        attempt_count=0,
        next_attempt_at=timezone.now(),
        delivered_at=None,
        given_up_at=None,
    )
    if count:
        data = {"endpoint": {"id": str(endpoint.pk), "url": endpoint.url}, "count": count}
        events.record(endpoint.organization, REPLAYED, by=by, data=data)
        background.wake("deliveries")
    return count
