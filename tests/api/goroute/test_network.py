"""What is documented besides invoices: UBL as it is, who is on the network, by which rules."""

import pytest
from django.test import Client

from peppol.models import Document
from peppol.rules import sets
from peppol.services.registration import participants, worker
from tests.conftest import SYSTEM
from tests.peppol.test_invoices import BUYER, written
from tests.peppol.trading import work

pytestmark = pytest.mark.django_db(transaction=True)


def send(caller, content, *, path="/peppol-api/api/v1/send", **headers):
    return Client().post(
        path, content, content_type="application/xml", headers={**caller.headers, **headers}
    )


@pytest.mark.parametrize("prefix", ["/peppol-api/api/v1", "/api/v1"])
def test_ubl_is_sent_as_it_is(network, sender, recipient, prefix):
    content = written()
    answer = send(sender, content, path=f"{prefix}/send")
    assert answer.status_code == 201, answer.content
    sent = answer.json()
    assert sent["status"] == "accepted" and sent["transaction_id"].startswith("txn_")
    work()
    journey = sender.get(f"/transactions/{sent['transaction_id']}").json()
    assert journey["transaction_id"] == journey["id"] == sent["transaction_id"]
    assert journey["invoice_number"] == "2026-0042"
    assert (journey["sender_id"], journey["receiver_id"]) == (
        sent["sender_id"],
        sent["receiver_id"],
    )
    assert journey["delivered_at"] == journey["finished_at"] is not None
    assert Document.objects.get(direction="outbound").content() == content


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"<Invoice", 422), (b"{}", 422), (b"<a/>", 422), (b"<a>" * 700_000, 422)],
)
def test_what_is_no_document_is_refused_in_words(sender, content, status):
    answer = send(sender, content)
    assert answer.status_code == status and answer.json()["message"]
    assert not Document.objects.exists()


def test_the_same_call_twice_sends_one(network, sender, recipient):
    answers = [send(sender, written(), **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Document.objects.filter(direction="outbound").count() == 1


def test_a_participant_is_really_looked_up(live_server, settings, sender, rivals_company):
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    participants.register(rivals_company, BUYER["peppolId"], by=SYSTEM)
    worker.drain()
    found = sender.get(f"/participants/lookup?peppol_id={BUYER['peppolId']}").json()
    assert (found["peppol_id"], found["registered"]) == (BUYER["peppolId"], True), found
    assert any("Invoice-2" in kind for kind in found["document_types"]) and not found["error"]
    nobody = sender.get("/participants/lookup?peppol_id=0208:0202239951").json()
    assert (nobody["registered"], nobody["document_types"]) == (False, [])
    assert sender.get("/participants/lookup?peppol_id=rubbish").status_code == 422


def test_the_version_is_that_of_the_rules_in_force(sender):
    answer = sender.get("/peppol/version").json()
    assert answer["version"] in {one.title for one in sets.known()}
    assert answer["network"] == "sandbox"


def test_the_vendors_own_names_stand_beside_ours(live_server, settings, sender):
    """As its pages have them: of a participant, of nobody, and of the network."""
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    nobody = sender.get("/participants/lookup?peppol_id=0208:0202239951").json()
    assert (nobody["found"], nobody["participant_id"], nobody["scheme"]) == (
        False,
        "0208:0202239951",
        "0208",
    )
    assert nobody["capabilities"] == [] and nobody["message"] and nobody["smp_endpoint"] is None
    said = sender.get("/peppol/version").json()
    assert (said["environment"], said["status"]) == ("sandbox", "operational")
    assert sender.get("/peppol/version", base="/peppol-api").json() == said
