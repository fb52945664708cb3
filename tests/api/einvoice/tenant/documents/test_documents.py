"""Documents of a tenant: drafts of UBL, what was sent, what was received."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from django.db import connection
from django.utils import timezone

from peppol.invoices import reading
from peppol.models import Document, DocumentDraft, MonthlyUsage
from peppol.sandbox import samples
from peppol.services.documents import drafts
from tenants import ids
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.einvoice.tenant.documents.conftest import BROKEN, UBL, draft, post
from tests.conftest import SYSTEM
from tests.peppol.test_invoices import BUYER
from tests.peppol.trading import work

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_published_client_sends_ubl(client, network, recipient):
    judged = client.validate.validate_ubl(file=("invoice.xml", UBL))
    assert (judged.is_valid, judged.issues, judged.file_name) == (True, [], "invoice.xml")
    made = client.documents.ubl.create_from_ubl(file=("invoice.xml", UBL))
    assert (made.state, made.direction, made.document_type) == ("DRAFT", "OUTBOUND", "INVOICE")
    assert (made.invoice_id, made.vendor_name) == ("2026-0042", "Bakkerij Peeters BV")
    assert Decimal(made.amount_due) == Decimal("26.50")
    assert made.customer_peppol_id == BUYER["peppolId"] and made.customer_tax_id
    assert [one.id for one in client.drafts.list().items] == [made.id]
    assert client.documents.validate(made.id).is_valid
    sent = client.documents.send(
        made.id,
        sender_peppol_scheme="0208",
        sender_peppol_id="0403170701",
        receiver_peppol_scheme="9957",
        receiver_peppol_id="FR86797978996",
    )
    assert (sent.id, sent.state) == (made.id, "TRANSIT")
    work()
    assert client.documents.retrieve(made.id).state == "SENT"
    steps = [one.event_type for one in client.documents.retrieve_timeline(made.id).events]
    assert steps == ["document_created", "send_success", "mlr_received"]
    (listed,) = client.outbox.list_received_documents().items
    assert (listed.id, listed.state) == (made.id, "SENT")
    assert client.drafts.list().total == 0


def test_the_published_client_reads_what_came_in(client, network, sender):
    samples.send_to(sender, number="SAMPLE-1")
    work()
    (invoice,) = client.inbox.list().items
    assert (invoice.state, invoice.direction, invoice.invoice_id) == (
        "RECEIVED",
        "INBOUND",
        "SAMPLE-1",
    )
    assert client.inbox.list_invoices().total == 1 and client.inbox.list_credit_notes().total == 0
    assert client.documents.retrieve(invoice.id).vendor_name == "Sandbox Supplies BV"
    file = client.documents.ubl.get(invoice.id)
    assert (file.sender_peppol_scheme, file.sender_peppol_id) == ("0208", "0202239951")
    link = requests.get(file.signed_url, timeout=5)
    assert link.status_code == 200 and b"SAMPLE-1" in link.content
    assert len(link.content) == file.file_size


def test_a_link_opens_one_document_for_an_hour(own, sender, time_machine):
    made = draft(own)
    link = own.get(f"/api/documents/{made['id']}/ubl").json()["signed_url"]
    path = link[link.index("/links") :]
    stranger = Caller(None)
    assert stranger.get(path).content == UBL
    for forged in (path[:-1], path + "x", "/links/ubl", "/links/ubl?token=%00"):
        answer = stranger.get(forged)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Document not found"})
    organizations.suspend(sender, reason="unpaid", by=SYSTEM)
    assert stranger.get(path).status_code == 404
    organizations.reactivate(sender, by=SYSTEM)
    time_machine.move_to(timezone.now() + timedelta(seconds=3601))
    assert stranger.get(path).status_code == 404


def test_a_draft_counts_for_nothing_until_it_is_sent(own, sender):
    made = draft(own, BROKEN)
    assert made["state"] == "DRAFT" and not Document.objects.exists()
    assert not MonthlyUsage.objects.exists()
    refused = own.post(f"/api/documents/{made['id']}/send")
    assert refused.status_code == 406 and "PEPPOL-EN16931-R003" in refused.json()["detail"]
    assert own.get(f"/api/documents/{made['id']}").json()["state"] == "DRAFT"
    assert post(own, "/api/validate/ubl?rules=next").status_code == 400
    judged = post(own, "/api/validate/ubl", BROKEN)
    assert (judged.status_code, judged.json()["is_valid"]) == (201, False)
    issue = judged.json()["issues"][0]
    assert (issue["rule_id"], issue["type"]) == ("PEPPOL-EN16931-R003", "error")
    assert own.delete(f"/api/documents/{made['id']}").json() == {"is_deleted": True}
    assert own.get(f"/api/documents/{made['id']}").status_code == 404


def test_what_was_sent_is_no_draft_any_more(own):
    made = draft(own)
    assert own.post(f"/api/documents/{made['id']}/send").json()["state"] == "TRANSIT"
    for answer, status in (
        (own.post(f"/api/documents/{made['id']}/send"), 405),
        (own.delete(f"/api/documents/{made['id']}"), 400),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (
            status,
            "Document is not in draft state",
        )
    assert Document.objects.count() == 1


def test_of_many_calls_that_send_one_draft_one_does(own, key):
    made = draft(own)["id"]

    def send(_):
        try:
            return Caller(key).post(f"/api/documents/{made}/send").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send, range(6)))
    assert statuses == [200, *[405] * 5] and Document.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("sender_peppol_scheme=0208&sender_peppol_id=0202239951", 409),
        ("receiver_peppol_id=0208:0202239951", 200),
        ("receiver_peppol_scheme=9957&receiver_peppol_id=FR86797978996&email=a@b.example", 200),
        ("receiver_peppol_id=0202239951", 422),
        ("email=nobody", 422),
        ("sender_peppol_scheme=&sender_peppol_id=", 200),
        (f"receiver_peppol_id={'x' * 141}", 422),
    ],
)
def test_a_document_goes_to_whom_the_call_names(own, query, status):
    """And says so itself; it comes from nobody but the tenant."""
    made = draft(own)["id"]
    assert own.post(f"/api/documents/{made}/send?{query}").status_code == status
    if status == 200:
        sent = Document.objects.get()
        asked = "0208:0202239951" if "0202239951" in query else BUYER["peppolId"]
        assert sent.receiver == asked
        assert reading.header(reading.parse(sent.content())).receiver == asked
        assert sent.transmission.get("fallback", "") == ("a@b.example" if "email" in query else "")


RECEIVER = b'<cbc:EndpointID schemeID="9957">FR86797978996</cbc:EndpointID>'
SENDER = b'<cbc:EndpointID schemeID="0208">0403170701</cbc:EndpointID>'


@pytest.mark.parametrize("place", [RECEIVER, SENDER], ids=["receiver", "sender"])
@pytest.mark.parametrize(
    "instead", [b"", b'<cbc:EndpointID schemeID="EM">a@b.example</cbc:EndpointID>']
)
def test_an_address_that_nobody_has_follows_from_the_tax_id(own, place, instead):
    assert UBL.count(place) == 1
    made = draft(own, UBL.replace(place, instead))
    file = own.get(f"/api/documents/{made['id']}/ubl").json()
    assert (file["sender_peppol_scheme"], file["sender_peppol_id"]) == ("0208", "0403170701")
    assert made["customer_peppol_id"] == BUYER["peppolId"]
    assert own.post(f"/api/documents/{made['id']}/send").status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"", b"<x", b"<Order/>", b"{}", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ids=["empty", "cut", "another document", "JSON", "binary", "entities"],
)
def test_what_is_no_ubl_is_refused(own, content):
    before = Event.objects.count()
    assert post(own, "/api/documents/ubl", content).status_code == 415
    assert post(own, "/api/validate/ubl", content).status_code == 422
    assert not DocumentDraft.objects.exists() and Event.objects.count() == before


@pytest.mark.parametrize(
    "type_",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"],
)
@pytest.mark.parametrize("path", ["/api/documents/ubl", "/api/validate/ubl"])
def test_a_form_that_is_none_is_refused(own, type_, path):
    for raw in (b"", b"--x\r\nnonsense", b"--x--\r\n", b"\x00" * 10):
        answer = own.post(path, raw=raw, content_type=type_)
        assert answer.status_code == (422 if "validate" in path else 415)


def test_ubl_may_be_the_body_itself_and_may_be_repeated(own):
    headers = {"Idempotency-Key": "k-1"}
    ids = {
        own.post(
            "/api/documents/ubl", raw=UBL, content_type="application/xml", headers=headers
        ).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 1 and DocumentDraft.objects.count() == 1
    assert post(own, "/api/documents/ubl").status_code == 201


def test_too_large_a_file_is_refused(own):
    assert post(own, "/api/documents/ubl", b" " * (10 * 1024 * 1024 + 1)).status_code == 413


def test_a_suspended_or_test_tenant_sends_nothing(own, sender):
    made = draft(own)["id"]
    Organization.objects.filter(pk=sender.pk).update(test_mode=True)
    assert own.post(f"/api/documents/{made}/send").status_code == 400
    Organization.objects.filter(pk=sender.pk).update(test_mode=False, status="suspended")
    assert own.post(f"/api/documents/{made}/send").status_code == 403


def test_drafts_are_kept_up_to_a_number_of_them(own, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)
    kept = draft(own)["id"]
    refused = post(own, "/api/documents/ubl")
    assert refused.status_code == 403
    assert refused.json()["detail"] == "1 drafts are kept already: send or delete some first."
    assert own.delete(f"/api/documents/{kept}").status_code < 300
    assert post(own, "/api/documents/ubl").status_code == 201


def test_drafts_are_kept_up_to_so_many_bytes_of_them(own, monkeypatch):
    """Five hundred drafts of twenty megabytes would be ten gigabytes."""
    kept = DocumentDraft.objects.get(pk=ids.read(draft(own)["id"]))
    monkeypatch.setattr(drafts, "MOST_BYTES", 2 * len(kept.content) + 1)
    assert post(own, "/api/documents/ubl").status_code == 201
    refused = post(own, "/api/documents/ubl")
    assert refused.status_code == 403 and "MB of drafts" in refused.json()["detail"]
