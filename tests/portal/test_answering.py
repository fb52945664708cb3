"""An invoice is answered from its page; lists and pages say what it is and what was said."""

import pytest
from django.core.cache import cache

from peppol.models import Document
from peppol.services.documents import duplicates
from tenants.models import Mail
from tenants.services import mails
from tests.peppol.test_kinds import ubl
from tests.peppol.trading import put_up
from tests.portal.conftest import at, operation_at, texts
from tests.portal.factories import make_document

PAGE = "peppol_document"


@pytest.fixture
def arrived(bakery):
    return make_document(
        bakery,
        content=ubl(),
        direction="inbound",
        state="received",
        number="2026-0042",
        sender="9957:FR86797978996",
        sender_name="Studio Lumière SARL",
        receiver="0208:0403170701",
    )


def test_an_invoice_is_answered_from_its_page(browser, arrived):
    url = operation_at(PAGE, "respond", arrived)
    assert "Answer" in texts(browser.get(at(PAGE, "change", arrived)))
    answer = browser.post(
        url, {"status": "RE", "reasons": ["PRI"], "actions": ["NIN"], "text": "No"}
    )
    sent = Document.objects.get(kind="response")
    assert answer.status_code == 302 and str(sent.pk) in answer.url
    arrived.refresh_from_db()
    assert (arrived.answer, sent.about, sent.receiver) == ("RE", arrived, arrived.sender)
    page = texts(browser.get(at(PAGE, "change", arrived)))
    assert "Rejected" in page and at(PAGE, "change", sent) in page
    assert url not in page
    assert at(PAGE, "change", arrived) in texts(browser.get(at(PAGE, "change", sent)))


def test_an_invoice_is_accepted_or_disputed_from_its_page(browser, arrived):
    page = texts(browser.get(at(PAGE, "change", arrived)))
    accept, dispute = (operation_at(PAGE, name, arrived) for name in ("accept", "dispute"))
    assert accept in page and dispute in page
    assert browser.post(dispute, {"text": "Too much"}).status_code == 200  # with a reason only
    assert browser.post(dispute, {"reason": "PRI", "text": "Too much"}).status_code == 302
    arrived.refresh_from_db()
    sent = Document.objects.get(kind="response")
    assert arrived.answer == "UQ" and b"PRI" in sent.content() and b"Too much" in sent.content()
    assert browser.post(accept).status_code == 302
    arrived.refresh_from_db()
    assert arrived.answer == "AP"
    assert accept not in texts(browser.get(at(PAGE, "change", arrived)))


def test_a_rejection_without_a_reason_is_asked_for_one(browser, arrived):
    answer = browser.post(operation_at(PAGE, "respond", arrived), {"status": "RE"})
    assert answer.status_code == 200 and "needs a reason" in texts(answer)
    assert not Document.objects.filter(kind="response").exists()


def test_what_was_sent_has_no_button_to_answer(browser, bakery):
    sent = make_document(bakery, content=ubl())
    assert operation_at(PAGE, "respond", sent) not in texts(browser.get(at(PAGE, "change", sent)))


def test_the_list_has_the_partners_name_and_what_it_is(browser, bakery, arrived):
    Document.objects.filter(pk=arrived.pk).update(self_billed=True, answer="UQ")
    page = texts(browser.get(at(PAGE)))
    for word in ("Studio Lumière SARL", "Self-billed invoice", "Under query"):
        assert word in page
    rows = browser.get(at(PAGE), {"answer": "RE"}).context["cl"].result_list
    assert list(rows) == []


def test_what_the_network_said_is_shown_with_its_reasons(browser, bakery):
    row = make_document(
        bakery,
        content=ubl(),
        response="rejected",
        transmission={"statusReasons": ["[BR-02] A <b>number</b> is missing"]},
    )
    page = texts(browser.get(at(PAGE, "change", row)))
    assert "[BR-02] A &lt;b&gt;number&lt;/b&gt; is missing" in page


@pytest.mark.django_db(transaction=True)
def test_a_customer_is_looked_up(browser, live_server, settings, bakery):
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    cache.clear()
    put_up("0208:0202239951")
    url = at(PAGE) + "look-up/"
    assert "Is my customer on Peppol?" in texts(browser.get(at(PAGE)))
    found = texts(browser.post(url, {"identifier": " 0208:0202239951 "}))
    assert "Takes invoices" in found and "0208:0202239951" in found
    assert "Not on Peppol" in texts(browser.post(url, {"identifier": "0208:0403170701"}))
    assert "Look up" in texts(browser.post(url, {"identifier": "<script>"}))
    cache.clear()


def test_what_did_not_arrive_is_sent_by_mail(browser, bakery):
    row = make_document(bakery, content=ubl(), state="failed", number="2026-0042")
    url = operation_at(PAGE, "send_by_mail", row)
    assert browser.post(url, {"to": "nobody"}).status_code == 200
    assert browser.post(url, {"to": "an@studio.example"}).status_code == 302
    assert Mail.objects.get().to == "an@studio.example"
    delivered = make_document(bakery, content=ubl())
    browser.post(operation_at(PAGE, "send_by_mail", delivered), {"to": "an@studio.example"})
    assert Mail.objects.count() == 1


def test_a_copy_is_sent_of_what_came_in(browser, arrived, mailoutbox):
    before = Document.objects.get(pk=arrived.pk).state
    url = operation_at(PAGE, "send_copy", arrived)
    assert browser.post(url, {"to": "books@bakery.example"}).status_code == 302
    mails.drain()
    (mail,) = mailoutbox
    assert mail.to == ["books@bakery.example"] and "2026-0042" in mail.subject
    assert [name.rpartition(".")[2] for name, _content, _type in mail.attachments] == ["pdf", "xml"]
    assert Document.objects.get(pk=arrived.pk).state == before


def test_a_twin_is_marked_in_the_list(browser, bakery):
    make_document(bakery, number="7", transmission={"warnings": [{"rule": duplicates.CODE}]})
    assert texts(browser.get(at(PAGE))).count("Duplicate") == 1
