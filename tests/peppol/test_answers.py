"""What is said of an invoice: by its buyer (Invoice Response), and by the network (MLS)."""

import base64
import re
from contextlib import suppress

import pytest
from lxml import etree

from peppol import sbdh
from peppol.contents import Content
from peppol.invoices import headers
from peppol.invoices.answering import Answer
from peppol.models import Document, MonthlyUsage
from peppol.sandbox.models import Group
from peppol.services.documents import answers, documents, inbound, intake, worker
from tenants.errors import Invalid, WrongState
from tenants.ids import uuid7
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.peppol.official import RESPONSES, STATUSES
from tests.peppol.trading import events, registered, send, work

pytestmark = pytest.mark.django_db(transaction=True)
REJECTION = Answer("RE", reasons=("PRI",), actions=("NIN",), text="Two euro each were agreed.")


@pytest.fixture
def invoice(network, sender, recipient):
    """An invoice as it was sent, and as it came in."""
    sent = send(sender)
    work()
    sent.refresh_from_db()
    return sent, Document.objects.get(organization=recipient)


def status_of(about: str, code="RE", receiver="0242:000001", sender="0242:000002") -> sbdh.Arrived:
    """A message level status as an access point forwards it."""
    content = STATUS.format(about=about, code=code).encode()
    return sbdh.Arrived(
        instance_id=str(uuid7()),
        sender=sender,
        receiver=receiver,
        document_type=(
            "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
            "::ApplicationResponse##urn:peppol:edec:mls:1.0::2.1"
        ),
        process="urn:peppol:edec:mls",
        country_c1="BE",
        content=Content(content),
        media_type="application/xml",
    )


STATUS = """<ApplicationResponse
 xmlns="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:CustomizationID>urn:peppol:edec:mls:1.0</cbc:CustomizationID>
 <cbc:ProfileID>urn:peppol:edec:mls</cbc:ProfileID><cbc:ID>M1</cbc:ID>
 <cbc:IssueDate>2026-11-20</cbc:IssueDate>
 <cac:SenderParty><cbc:EndpointID schemeID="0242">000002</cbc:EndpointID></cac:SenderParty>
 <cac:ReceiverParty><cbc:EndpointID schemeID="0242">000001</cbc:EndpointID></cac:ReceiverParty>
 <cac:DocumentResponse><cac:Response><cbc:ResponseCode>{code}</cbc:ResponseCode>
 <cbc:Description>Rejected by the rules</cbc:Description></cac:Response>
 <cac:DocumentReference><cbc:ID> {about} </cbc:ID></cac:DocumentReference>
 <cac:LineResponse><cac:LineReference><cbc:LineID>/Invoice/cbc:ID</cbc:LineID></cac:LineReference>
 <cac:Response><cbc:Description>[BR-02] A number is missing</cbc:Description>
 <cac:Status><cbc:StatusReasonCode>BV</cbc:StatusReasonCode></cac:Status></cac:Response>
 </cac:LineResponse></cac:DocumentResponse></ApplicationResponse>"""


def carried(document: Document) -> bytes:
    """A document as an envelope carries it, which has no place for its declaration, nor for what
    stands behind its last element."""
    return re.sub(rb"\A<\?xml[^>]*\?>\s*", b"", document.content()).rstrip()


# --- Invoice Response -----------------------------------------------------------------------------
def test_an_answer_comes_back_to_its_invoice(invoice, sender, recipient):
    sent, received = invoice
    answer = answers.send(received, REJECTION, by=SYSTEM)
    work()
    arrived = Document.objects.get(organization=sender, kind="response")
    assert carried(arrived) == carried(answer)
    sent.refresh_from_db()
    received.refresh_from_db()
    assert (sent.answer, received.answer, arrived.about, answer.about) == (
        "RE",
        "RE",
        sent,
        received,
    )
    assert events(sender)[-2:] == ["document.received", "document.answered"]
    told = Event.objects.get(organization=sender, type="document.answered").data
    assert told["answer"] == {"id": str(arrived.pk), "code": "RE", "reasons": ["PRI", "NIN"]}
    assert told["document"]["number"] == sent.number


def test_an_answer_counts_as_no_document(invoice, sender, recipient):
    before = [MonthlyUsage.objects.of(one).totals() for one in (sender, recipient)]
    answers.send(invoice[1], Answer("AP"), by=SYSTEM)
    work()
    assert [MonthlyUsage.objects.of(one).totals() for one in (sender, recipient)] == before


def test_the_latest_answer_is_the_invoices(invoice):
    sent, received = invoice
    for code in ("AB", "IP", "AP", "PD"):
        answers.send(Document.objects.get(pk=received.pk), Answer(code), by=SYSTEM)
        work()
    sent.refresh_from_db()
    assert sent.answer == "PD" and sent.answers.count() == 4
    with pytest.raises(WrongState):
        answers.send(Document.objects.get(pk=received.pk), Answer("RE", ("OTH",)), by=SYSTEM)


@pytest.mark.parametrize(
    "answer, field",
    [
        (Answer("XX"), "status"),
        (Answer("RE"), "reasons"),
        (Answer("UQ", actions=("PIN",)), "reasons"),
        (Answer("RE", ("NOPE",)), "reasons"),
        (Answer("RE", ("PRI",), ("NOPE",)), "actions"),
    ],
)
def test_an_answer_that_nobody_understands_is_refused(invoice, answer, field):
    before = Document.objects.count()
    with pytest.raises(Invalid) as refusal:
        answers.send(invoice[1], answer, by=SYSTEM)
    assert field in refusal.value.fields and Document.objects.count() == before


def test_what_was_sent_is_not_answered(invoice):
    with pytest.raises(WrongState):
        answers.send(invoice[0], Answer("AP"), by=SYSTEM)


def test_an_answer_of_somebody_else_changes_nothing(invoice, sender, recipient, acme):
    """The number alone is no reason: who answers has to be whom the invoice went to."""
    sent, received = invoice
    Document.objects.filter(pk=sent.pk).update(receiver="0208:0000000097")
    answers.send(received, REJECTION, by=SYSTEM)
    work()
    sent.refresh_from_db()
    assert (
        sent.answer == ""
        and Document.objects.get(organization=sender, kind="response").about is None
    )


def test_an_answer_of_whom_an_invoice_went_to_instead_is_linked(invoice, recipient):
    """A Belgian company that was addressed by the one number, and found under the other."""
    sent, received = invoice
    elsewhere = {**sent.transmission, "sentTo": received.receiver.upper()}
    Document.objects.filter(pk=sent.pk).update(receiver="0208:0202239951", transmission=elsewhere)
    answers.send(received, REJECTION, by=SYSTEM)
    work()
    sent.refresh_from_db()
    assert sent.answer == "RE"


def test_an_answer_that_comes_late_takes_nothing_back(invoice, sender):
    sent, received = invoice
    for code in ("AP", "PD"):
        answers.send(Document.objects.get(pk=received.pk), Answer(code), by=SYSTEM)
        with pytest.raises(WrongState):
            answers.send(Document.objects.get(pk=received.pk), Answer("AB"), by=SYSTEM)
        work()
    for late in ("AB", "UQ"):
        Document.objects.filter(pk=received.pk).update(answer="")
        answers.send(Document.objects.get(pk=received.pk), Answer(late, ("OTH",)), by=SYSTEM)
    work()
    sent.refresh_from_db()
    assert (sent.answer, sent.answers.count()) == ("PD", 4)
    assert events(sender).count("document.answered") == 2


def test_an_answer_that_did_not_arrive_is_none(invoice, recipient):
    _, received = invoice
    answers.send(received, Answer("IP"), by=SYSTEM)
    work()
    for _ in range(2):
        lost = answers.send(Document.objects.get(pk=received.pk), REJECTION, by=SYSTEM)
        documents.withdraw(lost, by=SYSTEM, reason="r")
        received.refresh_from_db()
        assert received.answer == "IP"
    again = send(recipient, {"ubl": lost.content().decode()})
    received.refresh_from_db()
    assert (received.answer, again.about) == ("RE", received)
    documents.withdraw(again, by=SYSTEM, reason="r")
    Document.objects.outbound().filter(kind="response").update(state="failed")
    answers.send(Document.objects.get(pk=received.pk), REJECTION, by=SYSTEM)
    Group.objects.all().delete()
    work()
    received.refresh_from_db()
    assert received.answer == "" and answers.may_be_answered(received)


def test_an_answer_that_was_held_is_linked_once_it_may_be_read(invoice, sender, acme):
    sent, received = invoice
    organizations.suspend(sender, reason="unpaid", by=SYSTEM)
    answers.send(received, REJECTION, by=SYSTEM)
    work()
    sent.refresh_from_db()
    assert sent.answer == ""
    organizations.reactivate(sender, by=SYSTEM)
    inbound.release_due()
    sent.refresh_from_db()
    assert sent.answer == "RE"


@pytest.mark.parametrize("path", [*RESPONSES, *STATUSES])
def test_an_official_answer_goes_and_comes_byte_for_byte(network, bakery, rivals_company, path):
    """Between two companies of the sandbox that have the example's identifiers."""
    content = path.read_bytes()
    found = headers.header(etree.fromstring(content))
    for company, identifier in ((bakery, found.sender), (rivals_company, found.receiver)):
        registered(company, identifier)
    answer = send(bakery, {"content": base64.b64encode(content).decode()})
    work()
    answer.refresh_from_db()
    arrived = Document.objects.get(organization=rivals_company)
    assert (answer.state, answer.content()) == ("delivered", content)
    assert arrived.kind == answer.kind == ("status" if "MessageLevel" in path.name else "response")
    assert arrived.content() == carried(answer)
    assert (arrived.document_type, arrived.process) == (answer.document_type, answer.process)


# --- Message Level Status -------------------------------------------------------------------------
def test_a_status_for_the_provider_is_told_at_the_document_with_its_reasons(invoice, sender):
    sent, _received = invoice
    found = inbound.receive(status_of(sent.instance_id), mode="sync")
    sent.refresh_from_db()
    assert (found, sent.response) == (sent, "rejected")
    assert sent.transmission["statusReasons"] == [
        "Rejected by the rules",
        "[BR-02] A number is missing",
    ]
    assert events(sender)[-1] == "lifecycle.updated"
    assert (
        Event.objects.filter(type="lifecycle.updated").latest("id").reason.startswith("Rejected by")
    )


def test_a_status_about_nothing_of_ours_is_nobodys(network, sender):
    with pytest.raises(inbound.UnknownReceiver):
        inbound.receive(status_of("nothing"), mode="sync")


def test_a_rejection_stays_one(invoice):
    sent, _received = invoice
    for code in ("RE", "AB", "AP"):
        inbound.receive(status_of(sent.instance_id, code), mode="sync")
    sent.refresh_from_db()
    assert sent.response == "rejected"


@pytest.mark.parametrize(
    "named, first, then, response",
    [
        # The seat in the certificate's name says who received it.
        ("POP000002", "0242:000002", None, "rejected"),
        ("PBE000009", "0242:000002", None, ""),
        # Nobody knows: the first one speaks, and a stranger who comes later does not.
        ("", "0242:000002", "0242:666666", "accepted"),
        ("", "0208:0202239951", None, ""),
    ],
)
def test_a_stranger_says_nothing_of_a_document_whose_id_it_knows(
    invoice, named, first, then, response
):
    sent, _received = invoice
    Document.objects.filter(pk=sent.pk).update(
        transmission={"c3CertSubjectCN": named}, receiver="0208:0403170701", response=""
    )
    for sender, code in ((first, "AP" if then else "RE"), (then, "RE")):
        with suppress(inbound.UnknownReceiver):
            if sender:
                inbound.receive(status_of(sent.instance_id, code, sender=sender), mode="sync")
    sent.refresh_from_db()
    assert sent.response == response


def test_a_status_to_another_provider_is_nobodys(invoice, settings):
    settings.MLS_TO = "0242:000077"
    with pytest.raises(inbound.UnknownReceiver):
        inbound.receive(status_of(invoice[0].instance_id), mode="sync")


def test_a_status_is_asked_for_where_that_is_wanted(network, sender, settings):
    settings.MLS_TO = "0242:000001"
    asked = []
    for wants in (True, False):
        prepared = intake.from_json(sender, {"n": 1})
        row = documents.send(sender, prepared, by=SYSTEM, wants_status=wants)
        asked.append(worker._envelope(row).mls_to)
    assert asked == ["0242:000001", ""]
