"""Invoices: sent, delivered or visibly failed, received, listed."""

import pytest

from peppol.models import Document
from peppol.sandbox import exchange, samples
from tenants.models import Organization
from tests.api.goroute.client import GoRouteClient
from tests.peppol.test_invoices import BUYER, SELLER
from tests.peppol.trading import SHAPE, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_invoice_of_the_documented_shape_is_delivered(network, sender, recipient):
    sent = sender.post("/invoices", SHAPE)
    assert (sent.status_code, sent.json()["status"]) == (201, "accepted")
    work()
    read = sender.get(f"/invoices/{sent.json()['id']}").json()
    assert (read["status"], read["number"], read["format"]) == ("delivered", "2026-0042", "ubl")
    assert (read["sender"], read["receiver"]) == ("0208:0403170701", BUYER["peppolId"])
    assert (read["currency"], read["amount"]) == ("EUR", "26.50")
    assert read["warnings"] == [] and "<cbc:ID>2026-0042</cbc:ID>" in read["content"]
    (journey,) = sender.get("/transactions").json()["transactions"]
    assert [step["status"] for step in journey["steps"]] == ["accepted", "delivered"]
    assert (journey["status"], journey["response"]) == ("delivered", "accepted")


def test_a_receiver_that_nobody_registered_fails_visibly(network, sender):
    id = sender.post("/invoices", SHAPE).json()["id"]
    work()
    read = sender.get(f"/invoices/{id}").json()
    assert read["status"] == "failed" and "is not registered on the network" in read["error"]
    assert sender.get("/invoices?status=failed").json()["invoices"][0]["id"] == id
    assert sender.get("/invoices?status=delivered").json()["invoices"] == []


OPAQUE = {
    "unknown shape": {"invoice_number": "INV-1", "total": 121.0},
    "looks like ours": {
        "number": "INV-1",
        "issueDate": "2026-11-20",
        "buyer": {"name": "X"},
        "lines": [{"price": 1}],
    },
    "breaks the rules": {**SHAPE, "number": "INV-1", "buyerReference": ""},
    "a receiver unknown here": {"number": "INV-1", "receiver": "0208:0202239951"},
    "a receiver that cannot be": {"number": "INV-1", "to": "not:one"},
    "a receiver that is an object": {"number": "INV-1", "receiver": {"id": "0208:0202239951"}},
    "a credit note": {"number": "INV-1", "type": "credit_note"},
    "a file that is no document": {"number": "INV-1", "content": "aGVsbG8="},
}


@pytest.mark.parametrize("body", OPAQUE.values(), ids=OPAQUE)
def test_the_sandbox_carries_whatever_invoice_data_is(network, sender, body):
    """GOR-11: the shape is not documented; what a network would refuse is said as a warning."""
    sent = sender.post("/invoices", body)
    assert sent.status_code == 201, sent.content
    assert sent.json()["number"] == "INV-1" and sent.json()["format"] == "json"
    assert any(one["fatal"] for one in sent.json()["warnings"])
    work()
    read = sender.get(f"/invoices/{sent.json()['id']}").json()
    assert (read["status"], read["receiver"]) == ("delivered", exchange.SINK)


@pytest.mark.parametrize("body", [{**SHAPE, "buyerReference": ""}, {"number": "INV-1"}], ids=str)
@pytest.mark.parametrize("name", ["test", "production"])
def test_a_real_network_refuses_what_breaks_its_rules(settings, sender, name, body):
    settings.PEPPOL_NETWORK = name
    answer = sender.post("/invoices", body)
    assert answer.status_code == 422 and answer.json()["message"]
    assert ("rules" in answer.json()) == ("buyer" in body)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"ubl": "<x"},
        {"xml": "<Order/>"},
        {},
        {**SHAPE, "seller": {**SELLER, "peppolId": "0208:0202239951"}},
    ],
    ids=["cut XML", "another document", "nothing", "in another's name"],
)
def test_what_can_be_no_invoice_is_refused_everywhere(sender, body):
    answer = sender.post("/invoices", body)
    assert answer.status_code == 422, answer.content
    assert not Document.objects.exists()


def test_a_received_invoice_is_listed(network, sender):
    """`invoice.received`: an inbound invoice appears in invoices and transactions."""
    samples.send_to(Organization.objects.get(name="First"), number="SAMPLE-1")
    work()
    (invoice,) = sender.get("/invoices?direction=inbound").json()["invoices"]
    assert (invoice["number"], invoice["status"]) == ("SAMPLE-1", "received")
    (journey,) = sender.get("/transactions").json()["transactions"]
    assert journey["steps"] == [{"status": "received", "at": invoice["created_at"]}]
    assert sender.get("/invoices?direction=outbound").json()["invoices"] == []


def test_an_organization_in_test_mode_sends_nothing(call, first):
    Organization.objects.filter(name="First").update(test_mode=True)
    answer = call.post(f"/organizations/{first}/invoices", {"number": "1"})
    assert (answer.status_code, answer.json()["error"]) == (409, "test_mode")


def test_what_a_test_key_sends_counts_for_nothing(key_of, bakery):
    test, live = (key_of(bakery, environment=name) for name in ("test", "live"))
    assert test.post("/invoices", {"number": "1"}).json()["environment"] == "test"
    assert live.post("/invoices", {"number": "2"}).json()["environment"] == "live"


@pytest.mark.parametrize("thing", ["invoices", "transactions"])
def test_lists_cost_two_queries_more_than_the_key_however_long(thing, for_org, first, costs):
    caller = for_org(first)
    for n in range(12):
        caller.post("/invoices", {"number": str(n)})
    for limit in (1, 10):
        with costs(3):
            page = caller.get(f"/{thing}?limit={limit}").json()
        assert len(page[thing]) == limit and page["next_cursor"]
    rest = caller.get(f"/{thing}?limit=10&cursor={page['next_cursor']}").json()
    assert [one["number"] for one in rest[thing]] == ["1", "0"] and rest["next_cursor"] is None


def test_the_published_client_serves_two_organizations(live_server, acme_key, call, first, second):
    """GOR-30: unchanged but for base URL and key."""
    client = GoRouteClient(acme_key)
    client.base_url = f"{live_server.url}/peppol-api"
    for org_id in (first, second):
        sent = client.send_invoice(org_id, {"invoice_number": f"INV-{org_id}", "amount": 121})
        assert sent["org_id"] == org_id
        journeys = client.get_transactions(org_id)["transactions"]
        assert [one["number"] for one in journeys] == [f"INV-{org_id}"]
    assert client.get_transactions("org_unknown")["error"] == "not_found"
