"""From an event to a receiver: who gets it, signed how, kept how long."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook
from svix.webhooks import Webhook as SvixWebhook

from tenants.errors import WrongState
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company
from webhooks import dialects
from webhooks.models import Attempt, Delivery
from webhooks.sender import Answer
from webhooks.services import claims, delivery, distribution, endpoints, health, outcomes

pytestmark = pytest.mark.django_db(transaction=True)


def types(receiver):
    return [json.loads(one.body)["type"] for one in receiver.received]


def test_an_event_reaches_its_companys_endpoint_signed(bakery, receiver, endpoint_of, drain):
    _, secret = endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    assert drain() == 1
    (got,) = receiver.received
    SvixWebhook(secret).verify(got.body, got.headers)
    payload = Webhook(secret).verify(got.body, got.headers)
    assert payload["type"] == "company.suspended"
    event = Event.objects.get(type="company.suspended")
    assert got.headers["webhook-id"] == str(event.pk)
    assert payload["data"]["company"]["metadata"] == {"tenantId": "t-1"}
    row = Delivery.objects.get()
    assert (row.state, row.attempt_count, row.next_attempt_at) == ("delivered", 1, None)
    attempt = Attempt.objects.get()
    assert (attempt.status_code, attempt.address, attempt.number) == (204, "127.0.0.1", 1)


def test_a_platforms_endpoint_hears_of_all_its_companies(
    acme, bakery, rivals_company, receiver, endpoint_of, happen, drain
):
    """FLO-29."""
    endpoint_of(acme, "company.suspended", covers_companies=True)
    butcher = make_company(acme, "Butcher")
    for company in (bakery, butcher, rivals_company):
        happen(company)
    drain()
    names = {json.loads(one.body)["data"]["company"]["name"] for one in receiver.received}
    assert names == {"Bakery Peeters", "Butcher"}


def test_a_companys_endpoint_never_hears_of_another(acme, bakery, receiver, endpoint_of, drain):
    """GOR-17."""
    endpoint_of(bakery)
    organizations.suspend(make_company(acme, "Butcher"), reason="unpaid", by=SYSTEM)
    organizations.suspend(acme, reason="unpaid", by=SYSTEM)
    drain()
    assert receiver.received == []


@pytest.mark.parametrize(
    "patterns, expected",
    [
        (["*"], ["company.reactivated", "company.suspended"]),
        (["company.*"], ["company.reactivated", "company.suspended"]),
        (["company.suspended"], ["company.suspended"]),
        (["document.*", "company.reactivated"], ["company.reactivated"]),
        (["document.*", "company"], []),
    ],
)
def test_only_subscribed_events_are_delivered(
    bakery, receiver, endpoint_of, happen, drain, patterns, expected
):
    """GOR-28, FLO-30."""
    endpoint_of(bakery, *patterns)
    happen(bakery)
    drain()
    assert sorted(types(receiver)) == expected


def test_test_and_live_are_kept_apart(bakery, receiver, endpoint_of, happen, drain):
    endpoint_of(bakery, environment="test")
    happen(bakery)
    drain()
    assert receiver.received == []


def test_an_event_is_distributed_once(bakery, receiver, endpoint_of, happen, drain):
    endpoint_of(bakery, "company.suspended")
    happen(bakery)
    drain()
    Event.objects.update(distributed_at=None)
    drain()
    assert len(receiver.received) == 1


def test_nothing_is_sent_before_the_change_commits_or_when_it_fails(bakery, endpoint_of, drain):
    endpoint_of(bakery)
    with pytest.raises(WrongState):
        organizations.reactivate(bakery, by=SYSTEM)
    assert drain() == 0


def test_a_claim_whose_worker_died_is_found_again(
    bakery, receiver, endpoint_of, drain, time_machine
):
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    assert len(claims.take(10)) == 1
    assert drain() == 0
    time_machine.move_to(timezone.now() + claims.LEASE + timedelta(seconds=1))
    assert drain() == 1
    assert Delivery.objects.get().state == "delivered"


def test_a_sender_that_comes_late_does_not_take_the_delivery_from_another(
    bakery, endpoint_of, happen, time_machine
):
    endpoint_of(bakery, "company.suspended", retry_schedule=[1])
    happen(bakery)
    distribution.distribute()
    (slow,) = claims.take(10)
    time_machine.move_to(timezone.now() + 2 * claims.LEASE)
    (quick,) = claims.take(10)
    failed = Answer(None, "It hung up", b"", "", 60_000)
    outcomes.record([outcomes.Sent(slow, timezone.now(), failed)])
    row = Delivery.objects.get()
    assert (row.state, row.next_attempt_at) == ("sending", quick.until), "it is being sent"
    outcomes.record([outcomes.Sent(quick, timezone.now(), failed)])
    assert Delivery.objects.get().state == "exhausted"


def test_two_workers_never_claim_the_same(bakery, endpoint_of, happen):
    endpoint_of(bakery)
    happen(bakery)
    distribution.distribute()
    first, second = claims.take(1), claims.take(1)
    assert first[0].id != second[0].id


def test_old_deliveries_are_forgotten_and_their_events_stay(
    bakery, receiver, endpoint_of, drain, time_machine, settings
):
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    drain()
    events = Event.objects.count()
    time_machine.move_to(timezone.now() + timedelta(days=settings.WEBHOOK_RETENTION_DAYS - 1))
    assert health.tidy() == 0
    time_machine.move_to(timezone.now() + timedelta(days=2))
    with CaptureQueriesContext(connection) as asked:
        assert health.tidy() == 1
    # They are found by the beginning of their key; attempts are deleted without being read.
    assert 'WHERE ("webhooks_delivery"."id" < ' in asked[0]["sql"]
    of_attempts = [q["sql"][:6] for q in asked if 'FROM "webhooks_attempt"' in q["sql"]]
    assert of_attempts[0] == "DELETE"
    assert not Attempt.objects.exists() and Event.objects.count() == events


def test_a_batch_is_written_with_few_statements_however_large(
    bakery, receiver, endpoint_of, happen, django_assert_max_num_queries
):
    endpoint, _ = endpoint_of(bakery)
    endpoints.update(endpoint, {"concurrency": 50}, by=SYSTEM)
    for _ in range(20):
        happen(bakery)
    with django_assert_max_num_queries(8):
        distribution.distribute()
    # How many batches the answers come in depends on the machine; each alone would take hundreds.
    with django_assert_max_num_queries(200):
        assert delivery.deliver(budget=5) == 41 - 1


def test_a_dialect_adds_headers_and_names_of_its_own(
    bakery, receiver, endpoint_of, drain, monkeypatch
):
    class Shouting(dialects.Dialect):
        name = "shouting"
        company_prefix = "comp"
        aliases = {"company.suspended": "COMPANY_SUSPENDED"}

        def headers(self, event, body, secret):
            return {"X-Shout": secret[:5]}

    monkeypatch.setitem(dialects._DIALECTS, "shouting", Shouting())
    endpoint_of(bakery, "COMPANY_SUSPENDED", dialect="shouting")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    drain()
    (got,) = receiver.received
    payload = json.loads(got.body)
    assert got.headers["x-shout"] == "whsec"
    assert payload["type"] == "COMPANY_SUSPENDED"
    assert payload["data"]["company"]["id"].startswith("comp_")
