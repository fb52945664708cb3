"""When a failed delivery is tried again: by the standard steps, or by an endpoint's own."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from tenants.errors import Invalid
from tenants.models import Event
from tests.conftest import SYSTEM
from webhooks import schedule
from webhooks.models import Delivery
from webhooks.services import endpoints


def test_the_schedule_makes_ten_attempts_in_75_hours_and_35_minutes():
    assert sum(schedule.STANDARD) == 75 * 3600 + 35 * 60 + 5
    now = timezone.now()
    for attempt, step in enumerate(schedule.STANDARD, start=1):
        delay = schedule.delay_after(attempt, [], "", now).total_seconds()
        assert 0.8 * step <= delay <= 1.2 * step
    assert schedule.delay_after(10, [], "", now) is None


@pytest.mark.parametrize(
    "retry_after, least, most",
    [
        ("400", 400, 400),
        ("10000", 600, 600),
        ("1", 240, 360),
        ("soon", 240, 360),
        ("-5", 240, 360),
        ("Fri, 01 Jan 2027 00:06:40 GMT", 399, 401),
        ("9" * 40, 600, 600),
    ],
)
def test_retry_after_is_honoured_up_to_twice_the_step(time_machine, retry_after, least, most):
    time_machine.move_to("2027-01-01T00:00:00Z", tick=False)
    delay = schedule.delay_after(2, [], retry_after, timezone.now())
    assert least <= delay.total_seconds() <= most


@pytest.mark.parametrize(
    "text, steps",
    [
        ("", []),
        ("5 s, 30 min, 2 h", [5, 1800, 7200]),
        ("5s 30m 2h 1d", [5, 1800, 7200, 86400]),
        ("5, 300; 90 S", [5, 300, 90]),
    ],
)
def test_a_schedule_is_read_as_people_write_it(text, steps):
    assert schedule.parse(text) == steps
    assert schedule.parse(schedule.written(steps)) == steps


@pytest.mark.parametrize(
    "text", ["soon", "5 weeks", "-5", "1.5 h", "0", "49 h", "1000000", "5 " * 21]
)
def test_what_is_no_schedule_is_refused(text):
    with pytest.raises(Invalid):
        schedule.parse(text)


@pytest.mark.parametrize("steps", [[0], [172_801], [True], ["5"], [1.5], [None], [1] * 21])
def test_steps_of_a_program_are_whole_seconds_of_two_days_at_most(steps):
    with pytest.raises(Invalid) as refusal:
        schedule.check(steps)
    assert refusal.value.code == "invalid_schedule" and "retry_schedule" in refusal.value.fields


@pytest.mark.parametrize(
    "steps, told",
    [
        (
            [],
            "after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; 3 days, 3 hours in all",
        ),
        ([1], "after 1 s; 1 s in all"),
        ([30, 90, 5400], "after 30 s, 90 s, 90 min; 1 hour, 32 minutes in all"),
    ],
)
def test_a_schedule_tells_its_real_times(steps, told):
    assert schedule.explained(steps).replace("\xa0", " ") == told
    with override("de"):
        assert schedule.explained(steps).startswith("nach ")


@pytest.mark.django_db
def test_an_endpoint_has_its_own_schedule_from_the_start(acme, endpoint_of):
    endpoint, _ = endpoint_of(acme, retry_schedule=[1, 60])
    assert endpoint.retry_schedule == [1, 60]
    endpoints.update(endpoint, {"retry_schedule": [5]}, by=SYSTEM)
    assert Event.objects.get(type="endpoint.updated").changes == {"retry_schedule": [[1, 60], [5]]}
    with pytest.raises(Invalid):
        endpoint_of(acme, retry_schedule=[0])


@pytest.mark.django_db
def test_a_delivery_follows_the_schedule_of_its_endpoint(
    acme, bakery, receiver, endpoint_of, happen, drain, time_machine
):
    endpoint_of(bakery, "company.suspended", retry_schedule=[600, 1])
    receiver.status = 500
    happen(bakery)
    drain()
    delivery = Delivery.objects.get()
    wait = delivery.next_attempt_at - timezone.now()
    assert timedelta(minutes=7) < wait < timedelta(minutes=13)
    for _ in range(2):
        time_machine.move_to(delivery.next_attempt_at + timedelta(milliseconds=1))
        drain()
        delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt_count) == ("exhausted", 3)
