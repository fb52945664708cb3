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
from webhooks.sender import Answer
from webhooks.services import claims, distribution, endpoints, health, outcomes, replay

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
    now = timezone.now()
    Delivery.objects.update(
        state="exhausted", next_attempt_at=None, attempt_count=10, given_up_at=now
    )
    # It happened four days ago, and its last attempt was made just now.
    Delivery.objects.update(created_at=now - timedelta(days=4))
    assert replay.failed(endpoint, since=now + timedelta(hours=1), until=now, by=SYSTEM) == 0
    assert replay.failed(endpoint, since=now - timedelta(hours=1), until=now, by=SYSTEM) == 1
    assert Delivery.objects.get().given_up_at is None
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
    people = (bakery, "owner"), (bakery.parent, "developer"), (bakery.parent, "viewer")
    for organization, role in people:
        person = User.objects.create_user(f"{role}@{organization.kind}.example")
        Membership.objects.create(organization=organization, user=person, role=role)
    start = timezone.now()
    Endpoint.objects.update(first_failure_at=start)
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    seen = []
    for percent in (49, 51, 60, 91, 99, 101):
        time_machine.move_to(start + health.WINDOW * percent / 100)
        seen.append(health.watch())
    assert seen == [0, 1, 0, 1, 0, 0]
    before = start - timedelta(hours=1)
    Delivery.objects.update(state="exhausted", given_up_at=before)
    assert health.watch() == 0, "that was given up before it failed, and was forgiven"
    Delivery.objects.update(state="exhausted", given_up_at=timezone.now())
    assert health.watch() == 1
    assert Endpoint.objects.get().status == "disabled"
    mails.drain()
    told = {(one.to[0], one.subject.split(":")[0]) for one in mail.outbox}
    readers = ("owner@managed.example", "developer@platform.example")
    subjects = ("Webhook failing", "Webhook disabled")
    assert told == {(reader, subject) for reader in readers for subject in subjects}
    assert len(mail.outbox) == 6 and "It has failed for five days." in mail.outbox[-1].body
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


def test_an_endpoint_that_is_gone_is_disabled_and_the_platforms_people_read_it(
    bakery, receiver, endpoint_of, happen, drain
):
    """A managed company has no people of its own here: its platform is asked why."""
    developer = User.objects.create_user("dev@acme.example")
    Membership.objects.create(organization=bakery.parent, user=developer, role="developer")
    endpoint_of(bakery, "company.suspended")
    receiver.status = 410
    happen(bakery)
    drain()
    assert Endpoint.objects.get().status == "disabled"
    mails.drain()
    (letter,) = mail.outbox
    assert letter.to == ["dev@acme.example"] and "410 Gone" in letter.body


def test_a_paused_endpoint_is_no_backlog_and_is_not_looked_at_again(
    bakery, receiver, endpoint_of, happen, time_machine
):
    endpoint_of(bakery, "company.*")
    until = timezone.now() + timedelta(minutes=5)
    Endpoint.objects.update(paused_until=until, consecutive_failures=5)
    for _ in range(3):
        happen(bakery)
    distribution.distribute()
    assert claims.take(4) == [], "the first look puts all of them off"
    assert not Delivery.objects.due().exists()
    assert set(Delivery.objects.values_list("state", "next_attempt_at")) == {("pending", until)}
    time_machine.move_to(until + timedelta(seconds=1))
    assert len(claims.take(10)) == 1, "one at a time, after five failures"


def test_what_a_dead_sender_held_of_a_paused_endpoint_waits_as_well(
    bakery, receiver, endpoint_of, happen, time_machine
):
    endpoint_of(bakery, "company.suspended")
    happen(bakery)
    distribution.distribute()
    assert len(claims.take(10)) == 1
    time_machine.move_to(timezone.now() + 2 * claims.LEASE)
    Endpoint.objects.update(paused_until=timezone.now() + timedelta(minutes=5))
    assert claims.take(10) == []
    assert Delivery.objects.get().state == "pending"


def test_what_was_put_off_is_due_as_soon_as_the_endpoint_answers(
    bakery, receiver, endpoint_of, happen
):
    endpoint_of(bakery, "company.*", retry_schedule=[60])
    happen(bakery)
    distribution.distribute()
    (first,) = claims.take(1)
    until = timezone.now() + timedelta(minutes=5)
    Endpoint.objects.update(paused_until=until, first_failure_at=timezone.now())
    claims.take(10)
    assert not Delivery.objects.due().exists()
    outcomes.record([outcomes.Sent(first, timezone.now(), Answer(204, "", b"", "", 1))])
    assert Endpoint.objects.get().paused_until is None and Delivery.objects.due().count() == 1
