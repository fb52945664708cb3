"""Invoices are answered through the API; lists name partners and what is self-billed."""

import pytest

from peppol.models import Document
from tests.peppol.test_kinds import ubl
from tests.portal.factories import make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrived(acting, company, made):
    from tenants.ids import read
    from tenants.models import Organization

    return make_document(
        Organization.objects.get(pk=read(company)),
        content=ubl(),
        direction="inbound",
        state="received",
        number="2026-0042",
        sender="0208:0403170701",
        receiver="9957:FR86797978996",
        sender_name="Bakkerij Peeters BV",
        receiver_name="Studio Lumière",
        net="25.00",
        tax="1.50",
        amount="26.50",
    )


def test_an_invoice_is_answered(acting, arrived):
    body = {"status": "RE", "reasons": ["PRI"], "actions": ["NIN"], "text": "Too dear"}
    answer = acting.post(f"/documents/{arrived.pk}/respond", body)
    assert answer.status_code == 202, answer.content
    shown = answer.json()
    assert (shown["type"], shown["about"][:4], shown["to"]) == (
        "response",
        "doc_",
        "0208:0403170701",
    )
    assert acting.get(f"/documents/{arrived.pk}").json()["answer"] == "RE"
    again = acting.post(f"/documents/{arrived.pk}/respond", {"status": "AP"})
    assert (again.status_code, again.json()["code"]) == (409, "NOT_ANSWERABLE")


@pytest.mark.parametrize(
    "body, field",
    [
        ({}, "status"),
        ({"status": "NO"}, "status"),
        ({"status": "RE"}, "reasons"),
        ({"status": "RE", "reasons": ["X"]}, "reasons"),
        ({"status": "AP", "effectiveDate": "soon"}, "effectiveDate"),
    ],
)
def test_an_answer_that_nobody_understands_is_named(acting, arrived, body, field):
    answer = acting.post(f"/documents/{arrived.pk}/respond", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not Document.objects.filter(kind="response").exists()


def test_a_stranger_answers_nothing(rival_api, arrived):
    assert rival_api.post(f"/documents/{arrived.pk}/respond", {"status": "AP"}).status_code == 404


def test_the_list_names_the_partners_and_the_sums(acting, arrived):
    (shown,) = acting.get("/documents").json()["documents"]
    assert (shown["senderName"], shown["subtotal"], shown["totalTax"], shown["selfBilled"]) == (
        "Bakkerij Peeters BV",
        "25.00",
        "1.50",
        False,
    )


def test_what_becomes_of_a_document_may_be_asked_for(acting, company):
    sent = acting.post("/documents/send", {"document": {"a": 1}, "messageStatus": True})
    assert sent.status_code == 202 and Document.objects.get().transmission["wantsStatus"] is True
