"""Whether somebody is on Peppol is asked of the network, before a document goes to them."""

import pytest
from django.core import mail
from django.core.cache import cache

from peppol import reach
from peppol.code_lists import default_document_types
from peppol.models import Document
from peppol.reach import Verdict
from peppol.sandbox import losing
from peppol.sandbox.models import Group, Service
from peppol.services.documents import by_mail, documents, intake
from tenants.errors import Invalid, WrongState
from tenants.models import Event, Mail
from tenants.services import mails, organizations
from tests.conftest import SYSTEM
from tests.peppol.test_invoices import BUYER
from tests.peppol.test_kinds import ubl
from tests.peppol.trading import SHAPE, events, put_up, send, work

pytestmark = pytest.mark.django_db(transaction=True)
INVOICE, CREDIT_NOTE = (one.value for one in default_document_types())


@pytest.fixture
def smp(network, live_server, settings):
    """The sandbox's SMP over HTTP, and nothing that was learnt before."""
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    cache.clear()
    yield
    cache.clear()


def registered(identifier, *types):
    group = put_up(identifier)
    for value in types:
        Service.objects.create(
            group=group, document_type=f"busdox-docid-qns::{value}", information="<a/>"
        )
    return group


@pytest.mark.parametrize(
    "types, asked, verdict",
    [
        ((INVOICE,), INVOICE, Verdict.TAKES),
        ((INVOICE,), "", Verdict.TAKES),
        ((CREDIT_NOTE,), INVOICE, Verdict.TAKES_OTHER),
        ((), INVOICE, Verdict.TAKES),
    ],
)
def test_the_network_says_who_takes_what(smp, types, asked, verdict):
    registered("0208:0202239951", *types)
    found = reach.find("0208:0202239951", asked)
    assert found.verdict is verdict and found.is_registered
    assert len(found.type_names) == len(types)


def test_who_moved_to_another_smp_is_not_asked_about_here(smp):
    """What our own SMP still has of it says nothing of where it is."""
    registered("0208:0202239951", INVOICE)
    losing.lose("0208:0202239951")
    found = reach.find("0208:0202239951", INVOICE)
    assert found.verdict is Verdict.UNKNOWN and not found.types
    cache.clear()
    losing.release("0208:0202239951")
    assert reach.find("0208:0202239951", INVOICE).verdict is Verdict.ABSENT


def test_who_is_not_there_is_absent(smp):
    assert reach.find("0208:0202239951", INVOICE).verdict is Verdict.ABSENT


def test_silence_is_no_absence(smp, settings):
    settings.SMP_URL = "http://127.0.0.1:9/nobody"
    found = reach.find("0208:0202239951", INVOICE)
    assert found.verdict is Verdict.UNKNOWN and found.error


def test_what_was_learnt_is_kept(smp):
    group = registered("0208:0202239951", INVOICE)
    assert reach.find("0208:0202239951").is_registered
    group.services.all().delete()
    group.delete()
    assert reach.find("0208:0202239951").is_registered
    cache.clear()
    assert reach.find("0208:0202239951").verdict is Verdict.ABSENT


@pytest.mark.parametrize(
    "there, asked",
    [("9925:BE0202239951", "0208:0202239951"), ("0208:0202239951", "9925:be0202239951")],
)
def test_a_belgian_is_found_under_the_other_number(smp, there, asked):
    registered(there, INVOICE)
    found = reach.find(asked, INVOICE)
    assert (found.verdict, found.instead.lower()) == (Verdict.ABSENT, there.lower())
    assert reach.find(asked, CREDIT_NOTE).instead == ""


def test_what_is_no_identifier_is_refused():
    with pytest.raises(Invalid):
        reach.find("nonsense")


# --- Before a document is handed over -------------------------------------------------------------
def test_who_does_not_take_it_is_said_with_what_they_take(smp, sender, recipient):
    group = Group.objects.get(uri__endswith=BUYER["peppolId"].lower())
    Service.objects.create(
        group=group, document_type=f"busdox-docid-qns::{CREDIT_NOTE}", information="<a/>"
    )
    sent = send(sender)
    work()
    sent.refresh_from_db()
    assert sent.state == "failed" and sent.last_error.endswith(
        "It takes: Peppol BIS Billing UBL Credit Note V3."
    )


def test_an_outage_of_the_smp_keeps_nothing_back(smp, settings, sender, recipient):
    settings.SMP_URL = "http://127.0.0.1:9/nobody"
    sent = send(sender)
    work()
    sent.refresh_from_db()
    assert sent.state == "delivered"


def test_a_document_goes_to_the_other_number_of_a_belgian(smp, sender, recipient, rivals_company):
    from tests.peppol.trading import registered as registers

    registers(rivals_company, "9925:BE0202239951")
    content = ubl(buyer={**BUYER, "peppolId": "0208:0202239951"})
    Service.objects.create(
        group=Group.objects.get(uri__contains="9925"),
        document_type=f"busdox-docid-qns::{INVOICE}",
        information="<a/>",
    )
    sent = send(sender, {"ubl": content.decode()})
    work()
    sent.refresh_from_db()
    arrived = Document.objects.get(organization=rivals_company)
    assert (sent.state, arrived.receiver) == ("delivered", "9925:BE0202239951")
    assert sent.transmission["sentTo"] == "9925:BE0202239951"


# --- By mail instead ------------------------------------------------------------------------------
def failed(sender, **options):
    prepared = intake.from_json(sender, SHAPE)
    row = documents.send(sender, prepared, by=SYSTEM, **options)
    work()
    row.refresh_from_db()
    assert row.state == "failed"
    return row


def test_who_is_not_on_peppol_gets_it_by_mail_where_that_was_asked_for(smp, sender):
    row = failed(sender, fallback="an@studio.example")
    assert events(sender)[-2:] == ["document.failed", "document.sent_otherwise"]
    assert Event.objects.get(type="document.sent_otherwise").data["to"] == "an@studio.example"
    mails.drain()
    (sent,) = mail.outbox
    assert sent.to == ["an@studio.example"] and row.number in sent.subject
    paper, file = sent.attachments
    assert paper[0].endswith(".pdf") and bytes(paper[1]).startswith(b"%PDF")
    content = file[1] if isinstance(file[1], bytes) else file[1].encode()
    assert content == row.content()


def test_nobody_is_written_to_who_did_not_want_it(smp, sender):
    failed(sender)
    assert not Mail.objects.exists()


def test_what_failed_is_mailed_by_hand_and_nothing_else(smp, sender, recipient, settings):
    sent = send(sender)
    work()
    sent.refresh_from_db()
    with pytest.raises(WrongState):
        by_mail.send(sent, "an@studio.example", by=SYSTEM)
    Document.objects.filter(pk=sent.pk).update(state="failed")
    settings.IDENTIFICATION_POLICY = "before_sending"
    with pytest.raises(WrongState, match="has to be identified before it sends"):
        by_mail.send(sent, "an@studio.example", by=SYSTEM)
    settings.IDENTIFICATION_POLICY = "trusted"
    organizations.suspend(sender, reason="Unpaid.", by=SYSTEM)
    with pytest.raises(WrongState, match="Only an active company"):
        by_mail.send(sent, "an@studio.example", by=SYSTEM)
    organizations.reactivate(sender, by=SYSTEM)
    again = by_mail.send(sent, "an@studio.example", by=SYSTEM)
    assert again.transmission["mailedTo"] == "an@studio.example" and Mail.objects.count() == 1


def test_a_document_that_is_gone_is_not_mailed(smp, sender):
    row = failed(sender, fallback="an@studio.example")
    Document.objects.filter(pk=row.pk).delete()
    mails.drain()
    assert not mail.outbox and Mail.objects.get().state == "dropped"
