"""What arrives is never turned away for a passing reason, and is kept byte for byte."""

import base64
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from peppol import sbdh
from peppol.models import DailyUsage, Document, Participant
from peppol.services.documents import inbound
from tenants.errors import WrongState
from tenants.services import organizations
from tests.peppol.test_documents import forward
from tests.peppol.trading import events

pytestmark = pytest.mark.django_db(transaction=True)

US = "9957:FR86797978996"
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
INVOICE = (
    f'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="{CAC}" '
    f'xmlns:cbc="{CBC}"><!-- ours --><cbc:ID>{{number}}</cbc:ID>'
    "<cbc:IssueDate>2026-11-20</cbc:IssueDate>"
    "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    "<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID='EUR'>{amount}</cbc:PayableAmount>"
    "</cac:LegalMonetaryTotal>"
    "<cbc:Note><![CDATA[Nuts & bolts]]></cbc:Note></Invoice>"
)
PLAIN = INVOICE.format(number="T-1", amount="121.00")


def envelope(
    payload=PLAIN, *, declared="", between="", prefix="sbdh", encoding="UTF-8", country="BE", **ids
):
    """A message as another access point writes it."""
    p = f"{prefix}:" if prefix else ""
    xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
    scopes = {"DOCUMENTID": ids.get("type", "urn:x::Invoice##1::2"), "PROCESSID": "p"}
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        f'<{p}StandardBusinessDocument {xmlns}="{SBDH}"{declared}>'
        f"<{p}StandardBusinessDocumentHeader><{p}HeaderVersion>1.0</{p}HeaderVersion>"
        f"<{p}Sender><{p}Identifier>0208:0202239951</{p}Identifier></{p}Sender>"
        f"<{p}Receiver><{p}Identifier>{ids.get('receiver', US)}</{p}Identifier></{p}Receiver>"
        f"<{p}DocumentIdentification><{p}InstanceIdentifier>{ids.get('instance', 'i-1')}"
        f"</{p}InstanceIdentifier></{p}DocumentIdentification><{p}BusinessScope>"
        + "".join(
            f"<{p}Scope><{p}Type>{kind}</{p}Type><{p}InstanceIdentifier>{value}"
            f"</{p}InstanceIdentifier></{p}Scope>"
            for kind, value in {**scopes, "COUNTRY_C1": country}.items()
        )
        + f"</{p}BusinessScope></{p}StandardBusinessDocumentHeader>{between}{payload}"
        f"</{p}StandardBusinessDocument>\n"
    ).encode(encoding)


def registration(company, state="active", **columns):
    scheme, _, value = US.partition(":")
    return Participant.objects.create(
        organization=company, scheme=scheme, value=value, state=state, **columns
    )


# --- Taken in, and held where nobody may read it yet ----------------------------------------------
def suspend_company(company):
    organizations.suspend(company, reason="r", by=inbound.SYSTEM)


def suspend_platform(company):
    organizations.suspend(company.parent, reason="r", by=inbound.SYSTEM)


def reactivate(company):
    for one in (company, company.parent):
        one.refresh_from_db()
        if one.status == "suspended":
            organizations.reactivate(one, by=inbound.SYSTEM)


@pytest.mark.parametrize("suspend", [suspend_company, suspend_platform])
def test_what_arrives_during_a_suspension_waits_for_its_end(suspend, client, settings, bakery):
    registration(bakery)
    suspend(bakery)
    answer = forward(client, settings, envelope())
    assert (answer.status_code, answer.json()) == (200, {"countryCodeC4": "BE"})
    held = Document.objects.get()
    assert held.state == "held" and held.content() == PLAIN.encode()
    assert events(bakery) == ["document.held"]
    assert inbound.release_due() == 0
    reactivate(bakery)
    assert inbound.release_due() == 1 and inbound.release_due() == 0
    held.refresh_from_db()
    assert (held.state, held.last_error) == ("received", "")
    assert events(bakery) == ["document.held", "document.released", "document.received"]
    assert DailyUsage.objects.of(bakery).totals()["received"] == 1


@pytest.mark.parametrize(
    "state", ["pending", "publishing", "waiting", "failed", "elsewhere", "unregistered"]
)
def test_what_comes_in_under_an_identifier_on_its_way_is_held(state, client, settings, bakery):
    row = registration(bakery, state)
    assert forward(client, settings, envelope()).json() == {"countryCodeC4": "BE"}
    assert Document.objects.get().state == "held" and inbound.release_due() == 0
    Participant.objects.filter(pk=row.pk).update(state="active")
    assert inbound.release_due() == 1


def test_an_identifier_is_its_companys_until_it_is_off_the_network(
    client, settings, bakery, rivals_company
):
    registration(bakery, "unregistering", registered_at=timezone.now())
    registration(rivals_company, "pending")
    forward(client, settings, envelope())
    document = Document.objects.get()
    assert (document.organization, document.state) == (bakery, "received")


def test_an_identifier_that_was_never_on_the_network_is_nobodys(client, settings, bakery):
    registration(bakery, "draft")
    assert forward(client, settings, envelope()).json()["retry"] == "none"
    assert not Document.objects.exists()


def test_a_held_document_is_nobodys_to_see_but_the_operators(client, settings, acme, bakery):
    registration(bakery)
    suspend_company(bakery)
    forward(client, settings, envelope())
    assert not Document.objects.of(bakery).exists()
    assert not Document.objects.visible_to(acme).exists()
    assert Document.objects.held().count() == 1
    assert "held" not in dict(Document.shown_states())


def test_a_held_document_that_is_forwarded_again_is_there_once(client, settings, bakery):
    registration(bakery)
    suspend_company(bakery)
    for _ in range(2):
        assert forward(client, settings, envelope()).status_code == 200
    assert Document.objects.count() == 1 and events(bakery) == ["document.held"]


def test_the_operator_may_release_what_would_wait_for_ever(client, settings, bakery):
    registration(bakery, "unregistered", registered_at=timezone.now() - timedelta(days=9))
    forward(client, settings, envelope())
    document = Document.objects.get()
    inbound.release(document, by=inbound.SYSTEM, reason="It moved away a week ago.")
    assert Document.objects.of(bakery).get().state == "received"
    with pytest.raises(WrongState):
        inbound.release(document, by=inbound.SYSTEM)


def test_what_a_release_of_one_company_meets_does_not_stop_the_next(
    client, settings, bakery, rivals_company
):
    registration(bakery, "pending")
    Participant.objects.create(
        organization=rivals_company, scheme="0208", value="0202239951", state="publishing"
    )
    forward(client, settings, envelope())
    forward(client, settings, envelope(receiver="0208:0202239951", instance="i-2"), "i-2")
    Participant.objects.filter(organization=rivals_company).update(state="active")
    assert inbound.release_due() == 1
    assert Document.objects.get(state="received").organization == rivals_company


# --- Metadata that our columns cannot hold --------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "kept"),
    [("26.500", "26.50"), ("26.555", "26.56"), ("12345678901234567890.00", None), ("x", None)],
)
def test_an_amount_is_taken_as_far_as_it_fits(amount, kept, client, settings, recipient):
    payload = INVOICE.format(number="T-1", amount=amount)
    assert forward(client, settings, envelope(payload)).json() == {"countryCodeC4": "BE"}
    document = Document.objects.get()
    assert document.amount == (Decimal(kept) if kept else None)
    assert document.content() == payload.encode()


def test_names_that_are_too_long_are_cut_and_kept_aside(client, settings, recipient):
    type_, instance, number = "urn:x::I##" + "t" * 700, "i" * 300, "n" * 400
    body = envelope(
        INVOICE.format(number=number, amount="1"), type=type_, instance=instance, country="BELGIUM"
    )
    for _ in range(2):
        assert forward(client, settings, body, instance).json() == {"countryCodeC4": "BE"}
    document = Document.objects.get()
    assert document.document_type == type_[:600] and document.country_c1 == ""
    assert document.number == number[:255]
    assert document.transmission["aside"]["instance_id"] == instance
    assert document.transmission["aside"]["document_type"] == type_


# --- Byte for byte --------------------------------------------------------------------------------
UNDECLARED = PLAIN.replace(f' xmlns:cbc="{CBC}"', "")
COMMENTED = f"<!-- kept --><?keep me?>{PLAIN}"


@pytest.mark.parametrize(
    ("options", "stored"),
    [
        ({}, PLAIN),
        ({"prefix": ""}, PLAIN),
        ({"declared": ' xmlns:other="urn:o"'}, PLAIN),
        ({"between": "\n  <!-- a comment -->\n"}, f"<!-- a comment -->\n{PLAIN}"),
        ({"payload": COMMENTED}, COMMENTED),
        ({"payload": UNDECLARED, "declared": f' xmlns:cbc="{CBC}"'}, None),
        ({"encoding": "ISO-8859-1"}, PLAIN),
        ({"encoding": "UTF-16"}, PLAIN),
        ({"payload": "<a:Order xmlns:a='urn:a'/>"}, "<a:Order xmlns:a='urn:a'/>"),
    ],
)
def test_a_payload_is_what_stood_in_the_envelope(options, stored, client, settings, recipient):
    if stored is None:
        added = f'<Invoice xmlns:cbc="{CBC}" xmlns='
        stored = UNDECLARED.replace("<Invoice xmlns=", added, 1)
    assert forward(client, settings, envelope(**options)).status_code == 200
    document = Document.objects.get()
    assert document.content().decode() == stored
    assert "Order" in stored or document.number == "T-1"


def test_a_prefix_in_a_type_is_kept_resolvable():
    payload = '<a xmlns:xsi="urn:xsi" xsi:type="t:Money"/>'
    message = io.BytesIO(envelope(payload, declared=' xmlns:t="urn:t&amp;1"'))
    found = sbdh.unwrap(message).content.bytes()
    assert found == b'<a xmlns:t="urn:t&amp;1" xmlns:xsi="urn:xsi" xsi:type="t:Money"/>'


def test_what_we_wrap_is_unwrapped_as_it_was():
    content = b"\xef\xbb\xbf<?xml version='1.0'?>\n" + PLAIN.encode()
    sent = sbdh.Envelope("i", "0208:1", "0208:2", "urn:x::I##1::2", "p", "BE", content)
    wrapped = sbdh.wrap(sent, at=timezone.now())
    assert sbdh.unwrap(io.BytesIO(wrapped)).content.bytes() == PLAIN.encode()


def test_binary_content_may_be_broken_into_lines():
    binary = (
        '<BinaryContent xmlns="http://peppol.eu/xsd/ticc/envelope/1.0" mimeType="application/json"'
        f" encoding='Base64Binary'>\n{base64.encodebytes(b'{}' * 90).decode()}\n</BinaryContent>"
    )
    found = sbdh.unwrap(io.BytesIO(envelope(binary)))
    assert (found.media_type, found.content.bytes()) == ("application/json", b"{}" * 90)


def test_a_cii_invoice_is_shown_as_the_invoice_that_it_is(client, settings, recipient):
    cii = "urn:un:unece:uncefact:data:standard:"
    payload = (
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{cii}CrossIndustryInvoice:100" xmlns:ram="{cii}'
        f'ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{cii}UnqualifiedDataType:100">'
        "<rsm:ExchangedDocument><ram:ID>CII-1</ram:ID><ram:TypeCode>380</ram:TypeCode>"
        '<ram:IssueDateTime><udt:DateTimeString format="102">20261120</udt:DateTimeString>'
        "</ram:IssueDateTime></rsm:ExchangedDocument></rsm:CrossIndustryInvoice>"
    )
    forward(client, settings, envelope(payload))
    document = Document.objects.get()
    assert (document.kind, document.format, document.number) == ("invoice", "xml", "CII-1")
    assert str(document.issued_on) == "2026-11-20" and document.content() == payload.encode()


def test_an_invoice_above_ten_megabytes_is_taken_in(client, settings, recipient):
    attached = "A" * (14 * 2**20)
    payload = PLAIN.replace(
        "<cbc:Note>",
        f"<cac:AdditionalDocumentReference><cbc:X>{attached}</cbc:X>"
        "</cac:AdditionalDocumentReference><cbc:Note>",
    )
    assert forward(client, settings, envelope(payload)).json() == {"countryCodeC4": "BE"}
    document = Document.objects.get()
    assert document.number == "T-1" and document.payload_size == len(payload)


# --- What is asked to come again ------------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [b"", envelope()[:-40], envelope()[:700], envelope()[:30], envelope("<a>&</a>")],
    ids=["empty", "no end", "in the header", "in the declaration", "damaged"],
)
def test_what_did_not_arrive_whole_is_asked_for_again(body, client, settings, recipient):
    answer = forward(client, settings, body)
    assert answer.status_code == 503 and "retry" not in answer.json()
    assert answer["Retry-After"] and not Document.objects.exists()


def test_a_dtd_is_refused_for_good(client, settings, recipient):
    body = envelope().replace(b"?>\n", b'?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n', 1)
    assert forward(client, settings, body).json()["retry"] == "none"
