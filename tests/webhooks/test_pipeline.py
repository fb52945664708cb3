"""What one run of the worker keeps to while it sends many at once."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import OperationalError, connection

from tenants.row_security import everything
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company
from webhooks import guard
from webhooks.models import Attempt, Delivery, Endpoint
from webhooks.services import claims, delivery, distribution, endpoints, outcomes, sender_slots

pytestmark = pytest.mark.django_db(transaction=True)


class KeepingReceiver(ThreadingHTTPServer):
    """Keeps connections open, and counts them; closes each unasked after `closes_after` answers."""

    daemon_threads = True

    def __init__(self):
        self.connections = 0
        self.requests = 0
        self.closes_after = 0
        super().__init__(("127.0.0.1", 0), _Keeping)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Keeping(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        self.server.connections += 1
        self.answered = 0
        super().setup()

    def do_POST(self):
        if self.server.closes_after and self.answered == self.server.closes_after:
            # As one whose patience with an idle connection ended: without a word.
            self.close_connection = True
            return
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1
        self.answered += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def keeping():
    server = KeepingReceiver()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def backlog(bakery, keeping, happen):
    """Twenty deliveries to an endpoint that takes one at a time."""
    endpoint, _ = endpoints.create(bakery, url=keeping.url, event_types=["company.*"], by=SYSTEM)
    endpoints.update(endpoint, {"concurrency": 1}, by=SYSTEM)
    for _ in range(10):
        happen(bakery)
    distribution.distribute()
    return endpoint


def test_a_connection_is_kept_for_the_next_delivery(backlog, keeping):
    assert delivery.deliver(budget=10) == 20
    assert (keeping.requests, keeping.connections) == (20, 1)
    assert set(Attempt.objects.values_list("address", "status_code")) == {("127.0.0.1", 204)}


def test_a_kept_connection_is_asked_again_whom_it_leads_to(backlog, keeping, settings, monkeypatch):
    record = outcomes.record

    def forbid_after_first(group):
        record(group)
        settings.WEBHOOK_ALLOWED_CIDRS = []

    monkeypatch.setattr(outcomes, "record", forbid_after_first)
    delivery.deliver(3, budget=10)
    assert keeping.requests == 1
    errors = list(Attempt.objects.filter(status_code=None).values_list("error", flat=True))
    assert errors and set(errors) == {"This address is not public."}
    assert not guard.permits("127.0.0.1")


def test_a_connection_that_closes_as_it_is_used_again_is_no_failure(backlog, keeping):
    keeping.closes_after = 3
    assert delivery.deliver(budget=10) == 20
    assert keeping.requests == 20
    assert set(Attempt.objects.values_list("status_code", flat=True)) == {204}
    assert Endpoint.objects.get().failure_count == 0


def test_a_delivery_that_cannot_be_made_stops_no_other(acme, bakery, receiver, endpoint_of, drain):
    broken, _ = endpoint_of(bakery, "company.suspended", path="/broken")
    Endpoint.objects.filter(pk=broken.pk).update(secret="of another installation")
    endpoint_of(bakery, "company.suspended", path="/fine")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    assert drain() == 2
    assert [one.path for one in receiver.received] == ["/fine"]
    assert Attempt.objects.get(status_code=None).error == "The delivery cannot be made"
    assert Delivery.objects.get(endpoint=broken).state == "pending"


def test_workers_together_keep_to_what_an_endpoint_takes_at_once(bakery, endpoint_of, happen):
    endpoint_of(bakery, "*")
    for _ in range(10):
        happen(bakery)
    distribution.distribute()
    ready, taken = threading.Barrier(4), []

    @everything()
    def work():
        ready.wait()
        taken.extend(claims.take(10))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(taken) == len({one.id for one in taken}) == 4


def test_what_was_sent_is_written_down_once_the_database_is_back(
    bakery, receiver, endpoint_of, drain, monkeypatch
):
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    record, failures = outcomes.record, [OperationalError("the server closed the connection")]

    def away_once(group):
        if failures:
            raise failures.pop()
        record(group)

    monkeypatch.setattr(outcomes, "record", away_once)
    drain()
    assert Delivery.objects.get().state == "delivered" and len(receiver.received) == 1


def test_many_that_hang_take_no_places_of_the_healthy(acme, receiver, endpoint_of, monkeypatch):
    """W4: more hanging deliveries at once than there are places."""
    monkeypatch.setattr(delivery, "AT_ONCE", 4)
    monkeypatch.setattr(delivery, "_DRAGS_ON", 0.2)
    receiver.delay = 2.5
    hanging = make_company(acme, "Hanging")
    endpoint, _ = endpoint_of(hanging, "*")
    endpoints.update(endpoint, {"concurrency": 8, "timeout_seconds": 2}, by=SYSTEM)
    for _ in range(4):
        organizations.suspend(hanging, reason="unpaid", by=SYSTEM)
        organizations.reactivate(hanging, by=SYSTEM)
    healthy = KeepingReceiver()
    butcher = make_company(acme, "Butcher")
    endpoints.create(butcher, url=healthy.url, event_types=["*"], by=SYSTEM)
    organizations.suspend(butcher, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    delivery.deliver(budget=1)
    assert healthy.requests == 1
    healthy.shutdown()
    healthy.server_close()


@pytest.mark.parametrize("places, tried", [(1, 0), (2, 1)])
def test_only_so_many_workers_of_a_machine_send_at_once(
    bakery, receiver, endpoint_of, settings, tmp_path, places, tried
):
    settings.DATA_DIR, settings.WEBHOOK_SENDERS = tmp_path, places
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    with sender_slots._place() as free:
        assert free
        assert sender_slots.deliver() == tried
    assert sender_slots.deliver() == 1 - tried


def test_a_worker_that_is_told_to_stop_takes_nothing_on(bakery, receiver, endpoint_of, drain):
    endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    distribution.distribute()
    assert delivery.deliver(stopping=lambda: True) == 0
    assert Delivery.objects.get().state == "pending"
