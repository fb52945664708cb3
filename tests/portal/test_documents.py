"""Documents in the portal: listed, followed, downloaded as files, sent when the rules allow."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peppol.invoices import shape, writing
from peppol.models import ComplianceReport, Document, Participant
from peppol.services.documents import events
from tenants.models import Event, Role
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company
from tests.peppol.test_invoices import INVOICE
from tests.peppol.trading import put_up
from tests.portal.conftest import at, make_member, masked, signed_in, texts
from tests.portal.factories import make_document

PAGE = "peppol_document"
UNKNOWN = "01900000-0000-7000-8000-000000000000"


def upload(company, content: bytes, name="invoice.xml"):
    return {"organization": company.pk, "file": SimpleUploadedFile(name, content)}


def ubl(**changes) -> bytes:
    return writing.write(shape.read({**INVOICE, **changes}))


def payload(row) -> str:
    return at(PAGE, "payload", row)


# --- Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query, number",
    [
        ({"direction": "inbound"}, "IN"),
        ({"direction": "outbound"}, "OUT"),
        ({"state": "failed"}, "OUT"),
        ({"kind": "credit_note"}, "IN"),
        ({"response": "rejected"}, "OUT"),
        ({"created_at_to": "2020-01-01"}, ""),
        ({"q": "O"}, "OUT"),
        ({"q": "UT"}, ""),
        ({"q": "0208:9999999999"}, "IN"),
    ],
    ids=lambda value: str(value),
)
def test_the_list_is_narrowed_by_what_a_document_is(browser, bakery, query, number):
    make_document(bakery, number="OUT", state="failed", response="rejected")
    make_document(
        bakery,
        number="IN",
        direction="inbound",
        state="received",
        kind="credit_note",
        sender="0208:9999999999",
    )
    rows = browser.get(at(PAGE), query).context["cl"].result_list
    assert [row.number for row in rows] == ([number] if number else [])


def test_one_company_is_chosen_by_its_id(browser, acme, bakery):
    make_document(bakery, number="ours")
    make_document(make_company(acme, "Other"), number="other")
    rows = browser.get(at(PAGE), {"organization": str(bakery.pk)}).context["cl"].result_list
    assert [row.number for row in rows] == ["ours"]


def test_nobody_leafs_beyond_the_deepest_page(browser, bakery):
    make_document(bakery)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(at(PAGE), {"p": "1001"}).url.endswith("?e=1")
    assert not [q for q in asked if "OFFSET 50000" in q["sql"]]
    assert browser.get(at(PAGE), {"p": "1000"}).url.endswith("?e=1")


def test_the_list_never_counts_and_never_sorts_by_a_column(browser, bakery):
    make_document(bakery)
    with CaptureQueriesContext(connection) as asked:
        browser.get(at(PAGE), {"o": "-1"})
    assert not [q for q in asked if "COUNT(" in q["sql"] and "peppol_document" in q["sql"]]
    orders = [q["sql"] for q in asked if "peppol_document" in q["sql"] and "ORDER BY" in q["sql"]]
    assert orders and all('"peppol_document"."id" DESC' in sql for sql in orders)


@pytest.mark.parametrize(
    "facts, sentences",
    [
        ({"state": "accepted"}, ["Waiting to be sent."]),
        ({"state": "sending", "attempt_count": 2, "last_error": "503"}, ["On its way.", "503"]),
        ({"state": "delivered", "response": "accepted"}, ["Delivered.", "Accepted"]),
        ({"state": "delivered", "response": "rejected"}, ["Delivered.", "Rejected"]),
        (
            {"state": "failed", "last_error": "No such receiver"},
            ["not tried again", "No such receiver"],
        ),
        ({"state": "received", "direction": "inbound"}, ["Received by the access point"]),
    ],
    ids=lambda value: value["state"] if isinstance(value, dict) else "",
)
def test_its_page_tells_how_far_a_document_is_and_why(browser, bakery, facts, sentences):
    row = make_document(bakery, **facts)
    page = texts(browser.get(at(PAGE, "change", row)))
    part = browser.get(at(PAGE, "change", row), {"part": "timeline"})
    assert all(sentence in page and sentence in texts(part) for sentence in sentences)
    assert ("data-over" in texts(part)) == row.is_final


def test_its_page_shows_reports_and_what_the_rules_said(browser, bakery):
    warning = {"rule": "BR-CL-01", "message": "Unusual.", "location": "/Invoice", "fatal": False}
    row = make_document(bakery, transmission={"warnings": [warning]})
    ComplianceReport.objects.create(
        organization=bakery, document=row, country="FR", state="failed", last_error="No SIREN"
    )
    page = texts(browser.get(at(PAGE, "change", row)))
    for fact in ("BR-CL-01", "Unusual.", "/Invoice", "No SIREN"):
        assert fact in page


def test_its_history_is_its_own(browser, bakery):
    row, other = make_document(bakery, number="A"), make_document(bakery, number="B")
    events.announce(row, events.DELIVERED, by=SYSTEM)
    events.announce(other, events.FAILED, by=SYSTEM, reason="of the other")
    history = texts(browser.get(at(PAGE, "history", row)))
    assert "confirmed that it has the document" in history and "of the other" not in history


# --- Downloads ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form, media", [("ubl", "application/xml"), ("json", "application/json")])
def test_a_payload_is_saved_and_never_shown(browser, bakery, form, media):
    evil = b"<html><script>alert(1)</script></html>"
    row = make_document(bakery, content=evil, format=form, number='a"/../b\r\nc')
    answer = browser.get(payload(row))
    assert b"".join(answer.streaming_content) == evil
    assert answer["Content-Type"] == media
    assert answer["Content-Disposition"].startswith('attachment; filename="invoice-a-..-b-c.')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]


def test_a_strangers_payload_is_as_unknown_as_one_that_never_was(browser, ours, theirs):
    """S-01"""
    theirs_at, known = payload(theirs[PAGE]), payload(ours[PAGE])
    assert browser.get(known).status_code == 200
    stranger, nobody = (
        browser.get(url) for url in (theirs_at, known.replace(str(ours[PAGE].pk), UNKNOWN))
    )
    assert stranger.status_code == nobody.status_code == 404
    assert masked(stranger, str(theirs[PAGE].pk)) == masked(nobody, UNKNOWN)


def test_a_payload_that_the_storage_lost_is_not_there(browser, bakery):
    row = make_document(bakery)
    row.payload.storage.delete(row.payload.name)
    assert browser.get(payload(row)).status_code == 404


@pytest.mark.parametrize("role, status", [("owner", 200), ("viewer", 200), ("billing", 403)])
def test_a_payload_is_for_those_who_see_documents(acme, ours, role, status):
    client = signed_in(make_member(acme, role, f"{role}@payloads.example"))
    assert client.get(payload(ours[PAGE])).status_code == status
    assert client.post(payload(ours[PAGE])).status_code in (403, 404)


# --- Sending --------------------------------------------------------------------------------------


@pytest.fixture
def sender(bakery):
    put_up(INVOICE["buyer"]["peppolId"])
    facts = {"legal_name": "Bakkerij Peeters BV", "vat_number": "BE0403170701"}
    return organizations.update(bakery, facts, by=SYSTEM)


def test_a_ubl_file_is_checked_and_on_its_way(browser, sender):
    answer = browser.post(at(PAGE, "add"), upload(sender, ubl()))
    row = Document.objects.get()
    assert answer.url == at(PAGE, "change", row)
    assert (row.organization, row.state, row.number) == (sender, "accepted", INVOICE["number"])
    assert Event.objects.filter(type="document.accepted").count() == 1


def test_every_broken_rule_is_named_with_its_place_and_nothing_is_sent(browser, sender):
    broken = ubl().replace(b"<cbc:DueDate>", b"<!--").replace(b"</cbc:DueDate>", b"-->")
    broken = broken.replace(b"</cbc:PayableAmount>", b"9</cbc:PayableAmount>")
    page = texts(browser.post(at(PAGE, "add"), upload(sender, broken)))
    assert "BR-CO-16" in page and "LegalMonetaryTotal" in page and "Nothing was sent" in page
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"no xml", "no well-formed XML"),
        (b"", "The submitted file is empty"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DTD"),
    ],
    ids=["text", "nothing", "entities"],
)
def test_what_is_no_document_is_refused_in_a_sentence(browser, sender, content, sentence):
    page = texts(browser.post(at(PAGE, "add"), upload(sender, content)))
    assert sentence in page and not Document.objects.exists()


def test_a_suspended_company_does_not_send(browser, sender):
    organizations.suspend(sender, reason="unpaid", by=SYSTEM)
    page = texts(browser.post(at(PAGE, "add"), upload(sender, ubl())))
    assert "Only an active company" in page and not Document.objects.exists()


def test_nobody_sends_for_a_stranger(browser, rivals_company):
    page = texts(browser.post(at(PAGE, "add"), upload(rivals_company, ubl())))
    assert "Select a valid choice" in page and not Document.objects.exists()


@pytest.mark.parametrize("role", [Role.BILLING, Role.VIEWER])
def test_only_some_may_send(acme, sender, role):
    client = signed_in(make_member(acme, role, f"{role}@sends.example"))
    assert client.get(at(PAGE, "add")).status_code == 403
    assert client.post(at(PAGE, "add"), upload(sender, ubl())).status_code == 403
    assert not Document.objects.exists()


def test_the_page_of_a_document_under_way_asks_on(browser, bakery):
    row = make_document(bakery, state="sending", next_attempt_at=timezone.now())
    assert "data-follow" in texts(browser.get(at(PAGE, "change", row)))


def test_the_company_is_found_by_the_documents_sender(browser, sender):
    scheme, _, value = INVOICE["seller"]["peppolId"].partition(":")
    Participant.objects.create(organization=sender, scheme=scheme, value=value, state="active")
    browser.post(at(PAGE, "add"), {"file": SimpleUploadedFile("a.xml", ubl())})
    assert Document.objects.get().organization == sender


def test_the_company_of_a_stranger_is_not_found_by_its_identifier(browser, acme, rivals_company):
    scheme, _, value = INVOICE["seller"]["peppolId"].partition(":")
    Participant.objects.create(
        organization=rivals_company, scheme=scheme, value=value, state="active"
    )
    page = texts(browser.post(at(PAGE, "add"), {"file": SimpleUploadedFile("a.xml", ubl())}))
    assert "None of your companies sends under" in page and not Document.objects.exists()


def test_what_failed_is_sent_again_as_a_new_document(browser, sender):
    row = make_document(sender, content=ubl(), state="failed")
    assert browser.post(at(PAGE, "send_again", row)).status_code == 302
    again = Document.objects.exclude(pk=row.pk).get()
    assert (again.state, again.content()) == ("accepted", row.content())
    row.refresh_from_db()
    assert row.state == "failed"


def test_a_companys_own_member_sends_again_what_failed(sender):
    """Asking what the platform wants reported was a fault where its row was hidden from them."""
    row = make_document(sender, content=ubl(), state="failed")
    baker = signed_in(make_member(sender, Role.OWNER, "baker@bakery.example"))
    assert baker.post(at(PAGE, "send_again", row)).status_code == 302
    assert Document.objects.exclude(pk=row.pk).get().state == "accepted"


def test_a_number_that_was_sent_before_is_asked_about(browser, sender):
    browser.post(at(PAGE, "add"), upload(sender, ubl()))
    page = texts(browser.post(at(PAGE, "add"), upload(sender, ubl())))
    assert "was there before" in page and "Send it all the same" in page
    assert Document.objects.count() == 1
    answer = browser.post(at(PAGE, "add"), {**upload(sender, ubl()), "again": "on"})
    assert answer.status_code == 302 and Document.objects.count() == 2
