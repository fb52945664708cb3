"""What happens when a receiver fails: retries, pauses, an end."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company
from tests.webhooks.receiver import Receiver
from webhooks.models import Attempt, Delivery, Endpoint
from webhooks.services import claims, delivery, distribution, endpoints

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_failed_delivery_is_tried_again_under_the_same_id(
    bakery, receiver, endpoint_of, drain, time_machine
):
    """FLO-25."""
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    receiver.answers = [500]
    drain()
    row = Delivery.objects.get()
    assert row.state == "pending"
    assert 3 < (row.next_attempt_at - timezone.now()).total_seconds() < 6.1
    assert drain() == 0
    time_machine.move_to(row.next_attempt_at + timedelta(milliseconds=1))
    drain()
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert [a.status_code for a in Attempt.objects.order_by("number")] == [500, 204]
    endpoint = Endpoint.objects.get()
    assert (endpoint.failure_count, endpoint.consecutive_failures) == (1, 0)


def test_the_last_failure_exhausts_a_delivery(bakery, receiver, endpoint_of, drain, time_machine):
    endpoint, _ = endpoint_of(bakery, "company.suspended")
    endpoints.update(endpoint, {"retry_schedule": [1]}, by=SYSTEM)
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    receiver.status = 500
    drain()
    time_machine.move_to(timezone.now() + timedelta(seconds=2))
    drain()
    assert Delivery.objects.get().state == "exhausted"


def test_410_disables_an_endpoint_at_once(bakery, receiver, endpoint_of, drain):
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    receiver.status = 410
    drain()
    endpoint = Endpoint.objects.get()
    assert (endpoint.status, endpoint.disabled_reason) == (
        "disabled",
        "The receiver answered 410 Gone.",
    )
    assert Event.objects.filter(type="endpoint.disabled").count() == 1


@pytest.mark.parametrize("status", [429, 502, 504])
def test_an_overloaded_receiver_is_left_alone_for_a_while(
    bakery, receiver, endpoint_of, happen, drain, status
):
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    receiver.status = status
    drain()
    assert Endpoint.objects.get().paused_until > timezone.now()


def test_a_redirect_is_a_failure_and_not_followed(bakery, receiver, endpoint_of, drain):
    other = Receiver()
    receiver.status, receiver.headers = 302, {"Location": other.url}
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    drain()
    assert other.received == []
    assert Attempt.objects.get().status_code == 302
    other.close()


def test_a_hanging_endpoint_delays_nobody_else(
    acme, bakery, receiver, endpoint_of, happen, time_machine
):
    """FLO-28: 30 deliveries to one that hangs, and one to a healthy endpoint behind them."""
    hanging = Receiver()
    hanging.delay = 3
    endpoints.create(bakery, url=hanging.url, event_types=["*"], by=SYSTEM, timeout_seconds=2)
    for _ in range(15):
        happen(bakery)
    butcher = make_company(acme, "Butcher")
    endpoint_of(butcher, "company.suspended")
    organizations.suspend(butcher, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    started = time.time()
    delivery.deliver(budget=0.5)
    assert receiver.received[0].at - started < 1
    assert len(hanging.received) == 4
    hanging.close()


def test_after_five_failures_in_a_row_one_at_a_time_is_tried_after_a_pause(
    bakery, receiver, endpoint_of, happen, time_machine
):
    endpoint, _ = endpoint_of(bakery)
    for _ in range(6):
        happen(bakery)
    receiver.status = 500
    distribution.distribute()
    delivery.deliver(budget=3)
    endpoint.refresh_from_db()
    assert 5 <= endpoint.consecutive_failures <= 8 and endpoint.paused_until > timezone.now()
    assert claims.take(10) == []
    time_machine.move_to(endpoint.paused_until + timedelta(seconds=1))
    assert len(claims.take(10)) == 1
