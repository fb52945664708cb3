"""What was missed, given up or failing: replayed, warned of, disabled."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tenants.errors import WrongState
from tenants.models import Event, Membership, User
from tenants.services import mails, organizations
from tests.conftest import SYSTEM
from webhooks.models import Delivery, Endpoint
from webhooks.services import distribution, endpoints, health, replay

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_disabled_endpoint_misses_can_be_replayed(
    bakery, receiver, endpoint_of, happen, drain
):
    endpoint, _ = endpoint_of(bakery, "company.*")
    endpoints.disable(endpoint, reason="maintenance", by=SYSTEM)
    happen(bakery)
    drain()
    assert receiver.received == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"missed"}
    with pytest.raises(WrongState):
        replay.missed(endpoint, by=SYSTEM)
    endpoint = endpoints.enable(endpoint, by=SYSTEM)
    assert replay.missed(endpoint, by=SYSTEM) == 2
    drain()
    assert len(receiver.received) == 2


def test_what_failed_in_a_time_range_and_a_single_delivery_can_be_replayed(
    bakery, receiver, endpoint_of, drain
):
    endpoint, _ = endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    Delivery.objects.update(state="exhausted", next_attempt_at=None, attempt_count=10)
    now = timezone.now()
    assert replay.failed(endpoint, since=now + timedelta(hours=1), until=now, by=SYSTEM) == 0
    assert replay.failed(endpoint, since=now - timedelta(hours=1), until=now, by=SYSTEM) == 1
    drain()
    replay.one(Delivery.objects.get(), by=SYSTEM)
    drain()
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert len(receiver.received) == 2


def test_a_test_event_goes_to_its_endpoint_alone(bakery, receiver, endpoint_of, drain):
    endpoint, _ = endpoint_of(bakery, "document.received", path="/one")
    endpoint_of(bakery, "*", path="/two")
    endpoints.send_test(endpoint, by=SYSTEM)
    drain()
    assert [one.path for one in receiver.received] == ["/one"]


def test_warnings_come_at_half_and_nine_tenths_and_then_it_is_disabled(
    bakery, endpoint_of, time_machine
):
    endpoint_of(bakery, "company.suspended")
    owner = User.objects.create_user("owner@bakery.example")
    Membership.objects.create(organization=bakery, user=owner, role="owner")
    start = timezone.now()
    Endpoint.objects.update(first_failure_at=start)
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    seen = []
    for percent in (49, 51, 60, 91, 99, 101):
        time_machine.move_to(start + health.WINDOW * percent / 100)
        seen.append(health.watch())
    assert seen == [0, 1, 0, 1, 0, 0]
    Delivery.objects.update(state="exhausted")
    assert health.watch() == 1
    assert Endpoint.objects.get().status == "disabled"
    mails.drain()
    assert len(mail.outbox) == 3 and "disabled" in mail.outbox[-1].subject
    assert Event.objects.filter(type="endpoint.failing").count() == 2


def test_what_is_distributed_as_its_endpoint_is_disabled_is_missed_too(
    bakery, receiver, endpoint_of, happen, drain
):
    endpoint, _ = endpoint_of(bakery, "company.*")
    happen(bakery)
    distribution.distribute()
    # As if the distribution had begun before, and ended after the endpoint was disabled.
    Endpoint.objects.filter(pk=endpoint.pk).update(status="disabled")
    drain()
    assert receiver.received == []
    assert set(Delivery.objects.values_list("state", "next_attempt_at")) == {("missed", None)}
