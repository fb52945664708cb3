"""One webhook or event that nobody foresaw keeps the others' from nothing."""

import pytest
from django.utils import timezone

from tenants.models import Event, Trouble
from tenants.services import organizations
from tests.conftest import SYSTEM
from webhooks.models import Delivery, Endpoint
from webhooks.services import delivery, health, outcomes

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_endpoint_of_which_nobody_can_tell_what_it_wants_stops_no_event(
    acme, bakery, rivals_company, receiver, endpoint_of, drain
):
    broken, _ = endpoint_of(bakery)
    endpoint_of(rivals_company, "company.suspended", path="/fine")
    Endpoint.objects.filter(pk=broken.pk).update(event_types=5)
    for company in (bakery, rivals_company):
        organizations.suspend(company, reason="unpaid", by=SYSTEM)
    drain()
    # Rather one that it did not want than one that it missed.
    assert {one.path for one in receiver.received} == {"/fine", "/hook"}
    assert not Event.objects.undistributed().exists()
    assert Trouble.objects.filter(work="distribute events", key=str(broken.pk)).exists()


def test_an_attempt_that_cannot_be_written_down_costs_no_other_its_own(
    bakery, receiver, endpoint_of, happen, drain, monkeypatch
):
    endpoint_of(bakery, "company.*")
    happen(bakery)
    real = outcomes.record

    def record(group):
        if any(sent.claimed.event.type == "company.suspended" for sent in group):
            raise ValueError("Nobody foresaw this.")
        real(group)

    monkeypatch.setattr(delivery.outcomes, "record", record)
    drain()
    states = dict(Delivery.objects.values_list("event__type", "state"))
    assert states["company.reactivated"] == "delivered", "and will not be sent again"
    assert states["company.suspended"] == "sending", "and will be, when its lease is over"
    assert Trouble.objects.get().work == "record deliveries"


def test_an_endpoint_that_cannot_be_looked_after_keeps_no_other_unwatched(
    bakery, endpoint_of, monkeypatch
):
    for path in ("/one", "/two"):
        endpoint_of(bakery, path=path)
    Endpoint.objects.update(first_failure_at=timezone.now() - 0.6 * health.WINDOW)
    real, calls = health._warn, []

    def warn(endpoint, percent):
        calls.append(endpoint)
        if len(calls) == 1:
            raise ValueError("Nobody foresaw this.")
        return real(endpoint, percent)

    monkeypatch.setattr(health, "_warn", warn)
    assert health.watch() == 1 and len(calls) == 2
    assert Trouble.objects.get().key == str(calls[0].pk)
