"""A document leaves a real network only under an identifier that its company has there."""

import pytest

from peppol.models import Document, Participant
from peppol.services.documents import documents, intake
from tenants.errors import Invalid, WrongState
from tests.peppol.trading import SHAPE, registered

pytestmark = pytest.mark.django_db
RIVALS, OWN = "0208:0202239951", "0208:0403170701"


@pytest.fixture(params=["test", "production"])
def real_network(request, settings):
    settings.PEPPOL_NETWORK = request.param


def prepared(company, sender):
    """A whole document that names `sender`, as a program would hand it over."""
    return intake.PreparedDocument(
        content=b"<Invoice/>",
        format=Document.Format.UBL,
        kind=Document.Kind.INVOICE,
        sender=sender,
        receiver="9957:FR86797978996",
        document_type="t",
        process="p",
    )


def send(company, sender):
    return documents.send(company, prepared(company, sender), by=documents.SYSTEM)


def test_another_tenants_identifier_is_refused_whatever_one_has(
    real_network, bakery, rivals_company
):
    registered(rivals_company, RIVALS)
    with pytest.raises(WrongState) as refused:
        send(bakery, RIVALS)
    assert refused.value.code == "not_registered"
    registered(bakery, OWN)
    with pytest.raises(Invalid) as refused:
        send(bakery, RIVALS)
    assert refused.value.code == "foreign_sender"
    assert not Document.objects.exists()


def test_an_identifier_that_is_not_active_yet_sends_nothing(real_network, bakery):
    registered(bakery, OWN)
    registered(bakery, "0208:0202239951")
    Participant.objects.filter(value="0202239951").update(state="pending")
    with pytest.raises(WrongState) as refused:
        send(bakery, "0208:0202239951")
    assert refused.value.code == "sender_not_active"


def test_a_company_without_any_is_told_why_before_its_document_is_judged(real_network, bakery):
    with pytest.raises(WrongState) as refused:
        intake.from_json(bakery, SHAPE)
    assert refused.value.code == "not_registered"


def test_its_own_active_identifier_sends_in_any_case_of_letters(real_network, bakery):
    registered(bakery, "9957:fr86797978996")
    assert send(bakery, "9957:FR86797978996").state == Document.State.ACCEPTED


def test_in_the_sandbox_a_company_without_any_may_try(bakery):
    assert send(bakery, RIVALS).state == Document.State.ACCEPTED


def test_an_identifier_lost_while_the_document_was_a_draft_sends_nothing(real_network, bakery):
    registered(bakery, OWN)
    kept = prepared(bakery, OWN)
    Participant.objects.update(state="unregistered")
    with pytest.raises(WrongState):
        documents.send(bakery, kept, by=documents.SYSTEM)
