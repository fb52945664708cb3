"""What surfaces add to a delivery, and the catalogue as they spell it."""

import hashlib
import hmac
import json

import pytest
from standardwebhooks import Webhook

from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM
from webhooks import catalogue, dialects, signing

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    "dialect, header, prefix, company",
    [
        ("flowie", "x-flowie-signature", "", "comp_"),
        ("goroute", "x-goroute-signature", "sha256=", "org_"),
        ("einvoice", "x-signature", "sha256=", "tenant_"),
    ],
)
def test_a_surfaces_own_signature_stands_beside_the_standard_one(
    bakery, receiver, endpoint_of, drain, dialect, header, prefix, company
):
    """FLO-23, GOR-26: HMAC-SHA-256 over the raw body."""
    endpoint_of(bakery, "company.suspended", dialect=dialect, secret=SECRET)
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    drain()
    (got,) = receiver.received
    expected = hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers[header] == prefix + expected
    assert Webhook(SECRET).verify(got.body, got.headers)
    data = json.loads(got.body)["data"]
    assert data["company"]["id"].startswith(company)
    assert data["company"]["metadata"] == data["metadata"] == {"tenantId": "t-1"}


def test_flowies_event_id_is_the_same_on_every_attempt_and_differs_between_events(
    bakery, receiver, endpoint_of, happen, drain
):
    """FLO-24."""
    endpoint_of(bakery, "company.*", dialect="flowie")
    happen(bakery)
    drain()
    ids = {one.headers["x-flowie-event-id"] for one in receiver.received}
    assert len(ids) == 2 and len(set(ids)) == len(receiver.received)


def test_e_invoice_bodies_have_their_keys_sorted(bakery):
    event = Event.objects.filter(organization=bakery).latest("id")
    body = json.loads(dialects.get("einvoice").body(event), object_pairs_hook=list)
    names = [name for name, _ in body]
    assert names == sorted(names)


@pytest.mark.parametrize("dialect", dialects.names())
def test_every_event_can_be_read_listed_and_downloaded(client, dialect):
    page = client.get(f"/api/docs/events/?dialect={dialect}")
    assert page.status_code == 200
    listed = client.get(f"/api/docs/events.json?dialect={dialect}").json()["events"]
    assert len(listed) >= 10
    for entry in listed:
        assert entry["name"] in page.content.decode()
        file = client.get(f"/api/docs/events/{entry['name']}.json?dialect={dialect}")
        assert file.json() == entry["example"]
        assert "attachment" in file["Content-Disposition"]


def test_there_is_no_fixture_of_what_is_no_public_event(client):
    assert client.get("/api/docs/events/key.issued.json").status_code == 404
    assert catalogue.fixture("nothing") is None


def test_the_hexadecimal_signature_is_over_the_body_alone():
    made = signing.hexadecimal("secret", b"{}")
    assert made == hmac.new(b"secret", b"{}", hashlib.sha256).hexdigest()


def test_e_invoices_receivers_may_write_the_event_anew_before_they_check_it(
    bakery, receiver, endpoint_of, drain
):
    """The vendor's published vector holds for `json.dumps(event, sort_keys=True)`."""
    published = {
        "document": {
            "id": "doc-1",
            "name": "test.xml",
            "type": "application/xml",
            "size": 100,
            "url": "https://example.com/test.xml",
        }
    }
    assert signing.hexadecimal("secret", json.dumps(published, sort_keys=True).encode()) == (
        "6722b498bf28ce7ca5a6f21c0fca9166e24dea480978b276725ff46e503dd70f"
    )
    endpoint_of(bakery, "company.updated", dialect="einvoice", secret=SECRET)
    organizations.update(bakery, {"legal_name": "Bäckerei 🥖 <Peeters>"}, by=SYSTEM)
    drain()
    (got,) = receiver.received
    event = json.loads(got.body)
    assert json.dumps(event, sort_keys=True).encode() == got.body
    assert event["tenant_id"].startswith("tenant_") and isinstance(event["created_at"], int)


@pytest.mark.parametrize(
    ("dialect", "ours", "theirs"),
    [
        ("einvoice", "document.delivered", "document.sent"),
        ("einvoice", "document.failed", "document.sent.failed"),
        ("goroute", "document.delivered", "invoice.delivered"),
    ],
)
def test_a_dialect_has_its_own_names_for_events_and_knows_ours(dialect, ours, theirs):
    """C-66."""
    assert {ours, theirs} <= catalogue.names(dialect)
    example = json.loads(catalogue.fixture(ours, dialect))
    assert example["type"] == theirs
