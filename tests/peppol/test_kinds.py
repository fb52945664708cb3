"""Type and process of a document follow from what it says itself, whatever it follows."""

import pytest
from django.utils import timezone

from peppol import document_types, sbdh
from peppol.invoices import headers, reading, shape, writing
from peppol.models import Document
from peppol.sandbox.models import Group, Service
from peppol.services.documents import intake
from tenants.errors import Invalid
from tests.peppol.official import BILLING
from tests.peppol.test_answers import carried
from tests.peppol.test_invoices import BUYER, INVOICE
from tests.peppol.trading import send, work

pytestmark = pytest.mark.django_db(transaction=True)
UBL = "urn:oasis:names:specification:ubl:schema:xsd"
CEN = "urn:cen.eu:en16931:2017"
BIS = f"{CEN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
SELF = f"{CEN}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"
BILLING_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
XRECHNUNG = f"{CEN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
NLCIUS = f"{CEN}#compliant#urn:fdc:nen.nl:nlcius:v1.0"
PINT = "urn:peppol:pint:billing-1@jp-1"
CII = """<rsm:CrossIndustryInvoice
 xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocumentContext>
  <ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>{process}</ram:ID>
  </ram:BusinessProcessSpecifiedDocumentContextParameter>
  <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{guideline}</ram:ID>
  </ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
 <rsm:ExchangedDocument><ram:ID>RE-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20261120</udt:DateTimeString>
  </ram:IssueDateTime></rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedTradeProduct><ram:Name>Brot</ram:Name></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
    <ram:ChargeAmount>10</ram:ChargeAmount></ram:NetPriceProductTradePrice>
   </ram:SpecifiedLineTradeAgreement>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">2</ram:BilledQuantity>
   </ram:SpecifiedLineTradeDelivery>
   <ram:SpecifiedLineTradeSettlement>
    <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
     <ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>20.00</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement>
   <ram:BuyerReference>04011000-12345-03</ram:BuyerReference>
   <ram:SellerTradeParty><ram:Name>Bäckerei GmbH</ram:Name>
    <ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
    <ram:URIUniversalCommunication><ram:URIID schemeID="{seller[0]}">{seller[1]}</ram:URIID>
    </ram:URIUniversalCommunication></ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Käufer AG</ram:Name>
    <ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
    <ram:URIUniversalCommunication><ram:URIID schemeID="{buyer[0]}">{buyer[1]}</ram:URIID>
    </ram:URIUniversalCommunication></ram:BuyerTradeParty>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeDelivery/>
  <ram:ApplicableHeaderTradeSettlement>
   <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:ApplicableTradeTax><ram:CalculatedAmount>3.80</ram:CalculatedAmount>
    <ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>20.00</ram:BasisAmount>
    <ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent>
   </ram:ApplicableTradeTax>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    <ram:LineTotalAmount>20.00</ram:LineTotalAmount>
    <ram:TaxBasisTotalAmount>20.00</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="EUR">3.80</ram:TaxTotalAmount>
    <ram:GrandTotalAmount>23.80</ram:GrandTotalAmount>
    <ram:DuePayableAmount>23.80</ram:DuePayableAmount>
   </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def ubl(customization=BIS, process=BILLING_PROCESS, **changes) -> bytes:
    content = writing.write(shape.read({**INVOICE, **changes}))
    return content.replace(BIS.encode(), customization.encode()).replace(
        BILLING_PROCESS.encode(), process.encode()
    )


def cii(seller: str, buyer: str, guideline=XRECHNUNG, process=BILLING_PROCESS) -> str:
    corners = {"seller": seller.split(":", 1), "buyer": buyer.split(":", 1)}
    return CII.format(guideline=guideline, process=process, **corners)


def self_billed(buyer: str, seller: str) -> str:
    """An invoice that the buyer writes: its supplier is whom it is sent to."""
    content = ubl(
        SELF,
        "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0",
        seller={**INVOICE["seller"], "peppolId": seller},
        buyer={**BUYER, "peppolId": buyer},
    )
    return content.replace(b">380<", b">389<").decode()


@pytest.mark.parametrize(
    "customization, process, document_type, scheme",
    [
        (BIS, BILLING_PROCESS, f"{UBL}:Invoice-2::Invoice##{BIS}::2.1", "busdox-docid-qns"),
        (
            XRECHNUNG,
            BILLING_PROCESS,
            f"{UBL}:Invoice-2::Invoice##{XRECHNUNG}::2.1",
            "busdox-docid-qns",
        ),
        (NLCIUS, BILLING_PROCESS, f"{UBL}:Invoice-2::Invoice##{NLCIUS}::2.1", "busdox-docid-qns"),
        (
            PINT,
            "urn:peppol:bis:billing",
            f"{UBL}:Invoice-2::Invoice##{PINT}::2.1",
            "peppol-doctype-wildcard",
        ),
        ("urn:of:nobody", "p", f"{UBL}:Invoice-2::Invoice##urn:of:nobody::2.1", "busdox-docid-qns"),
    ],
)
def test_the_type_follows_from_the_document(customization, process, document_type, scheme):
    found = headers.header(reading.parse(ubl(customization, process)))
    assert (found.document_type, found.profile) == (document_type, process)
    assert document_types.uri_of(found.document_type) == f"{scheme}::{document_type}"


def test_the_version_is_the_one_of_the_code_list():
    """CII is D16B, France's D22B."""
    france = f"{CEN}#compliant#urn:peppol:france:billing:cius:1.0"
    for guideline, version in ((XRECHNUNG, "D16B"), (france, "D22B"), ("urn:x", "D16B")):
        found = headers.header(reading.parse(cii("0208:1", "0208:2", guideline).encode()))
        assert found.document_type.endswith(f"CrossIndustryInvoice##{guideline}::{version}")


@pytest.mark.parametrize(
    "registered, value, taken",
    [
        (["busdox-docid-qns::a::b##c::2.1"], "a::b##c::2.1", True),
        (["busdox-docid-qns::a::b##c*::2.1"], "a::b##c::2.1", False),
        (["peppol-doctype-wildcard::a::b##pint-1*::2.1"], "a::b##pint-1@jp-1::2.1", True),
        (["peppol-doctype-wildcard::a::b##pint-1*::2.1"], "a::b##pint-1::2.1", True),
        (["peppol-doctype-wildcard::a::b##pint-1*::2.1"], "a::b##pint-11::2.1", False),
        (["peppol-doctype-wildcard::a::b##pint-1*::2.1"], "a::b##pint-1@jp-1::2.2", False),
        (["peppol-doctype-wildcard::a::b##pint-1@jp-1*::2.1"], "a::b##pint-1@sg-1::2.1", False),
        (["peppol-doctype-wildcard::a::b##pint-1@jp-1::2.1"], "a::b##pint-1@jp-1::2.1", True),
        ([], "a::b##c::2.1", False),
    ],
)
def test_a_wildcard_takes_its_family(registered, value, taken):
    assert document_types.fitting(registered, value) == (registered[0] if taken else "")


def test_the_closest_registration_comes_first():
    wide, near = (f"peppol-doctype-wildcard::a::b##pint-1{x}*::2.1" for x in ("", "@jp-1"))
    assert document_types.fitting([wide, near], "a::b##pint-1@jp-1@x-1::2.1") == near


# --- Self-billing ---------------------------------------------------------------------------------
def test_the_buyer_sends_what_is_self_billed_and_each_books_it_on_its_side(
    network, sender, recipient
):
    buyer, seller = (one.participants.get().identifier for one in (sender, recipient))
    sent = send(sender, {"ubl": self_billed(buyer, seller)})
    work()
    arrived = Document.objects.get(organization=recipient)
    assert (sent.sender, sent.receiver) == (arrived.sender, arrived.receiver) == (buyer, seller)
    assert sent.self_billed and arrived.self_billed and arrived.kind == "invoice"
    assert (sent.is_sale, arrived.is_sale) == (False, True)
    assert arrived.title_of_kind == "Self-billed invoice"
    assert "selfbilling:3.0" in arrived.document_type and "selfbilling" in arrived.process
    assert (arrived.sender_name, arrived.receiver_name) == (
        BUYER["name"],
        INVOICE["seller"]["name"],
    )


def test_the_seller_does_not_send_what_the_buyer_writes(network, sender, recipient):
    buyer, seller = (one.participants.get().identifier for one in (recipient, sender))
    with pytest.raises(Invalid) as refusal:
        send(sender, {"ubl": self_billed(buyer, seller)})
    assert refusal.value.code == "foreign_sender"


# --- Other specifications -------------------------------------------------------------------------
@pytest.mark.parametrize("customization", [XRECHNUNG, NLCIUS, PINT])
def test_what_nobody_here_judges_goes_through_and_says_so(
    network, sender, recipient, customization
):
    sent = send(sender, {"ubl": ubl(customization).decode()})
    work()
    arrived = Document.objects.get(organization=recipient)
    assert [said["rule"] for said in sent.transmission["warnings"]] == ["not_judged"]
    assert carried(arrived) == carried(sent)
    assert customization in arrived.document_type
    assert (arrived.number, str(arrived.amount), str(arrived.net)) == (
        "2026-0042",
        "26.50",
        "25.00",
    )


def test_a_cii_invoice_goes_through_under_its_own_type(network, sender, recipient):
    own, other = (one.participants.get().identifier for one in (sender, recipient))
    sent = send(sender, {"xml": cii(own, other)})
    work()
    arrived = Document.objects.get(organization=recipient)
    assert (sent.format, arrived.format) == ("xml", "xml") and carried(arrived) == carried(sent)
    assert arrived.document_type.endswith("::D16B")
    assert (arrived.sender_name, arrived.receiver_name) == ("Bäckerei GmbH", "Käufer AG")
    assert [str(n) for n in (arrived.net, arrived.tax, arrived.amount)] == [
        "20.00",
        "3.80",
        "23.80",
    ]


def test_a_receiver_gets_only_what_it_is_registered_for(network, sender, recipient):
    group = Group.objects.get(uri__endswith=BUYER["peppolId"].lower())
    Service.objects.create(
        group=group, document_type=f"busdox-docid-qns::{UBL}:Invoice-2::Invoice##{BIS}::2.1"
    )
    sent = send(sender, {"ubl": ubl(XRECHNUNG).decode()})
    work()
    sent.refresh_from_db()
    assert sent.state == "failed" and "does not take this kind of document" in sent.last_error


def test_the_envelope_says_a_wildcards_scheme():
    envelope = sbdh.Envelope(
        "1", "0208:1", "0208:2", f"{UBL}:Invoice-2::Invoice##{PINT}::2.1", "p", "BE", b"<a/>"
    )
    assert b">peppol-doctype-wildcard<" in sbdh.wrap(envelope, at=timezone.now())


@pytest.mark.parametrize("path", BILLING)
def test_every_official_example_says_who_sends_it(path):
    found = headers.header(reading.parse(path.read_bytes()))
    assert found.self_billed == path.name.startswith("SB-")
    assert found.sender_name and found.receiver_name and found.payable is not None


def test_what_is_no_document_of_ours_is_refused(sender):
    with pytest.raises(Invalid) as refusal:
        intake.from_json(sender, {"xml": "<Order/>"})
    assert refusal.value.code == "not_ubl"


@pytest.mark.parametrize("code, kind", [("389", "invoice"), ("261", "credit_note")])
def test_what_is_self_billed_is_given_as_json_by_its_buyer(network, sender, recipient, code, kind):
    """The company is the buyer, whose profile completes what is left out of it."""
    seller = recipient.participants.get().identifier
    content = {
        **{name: value for name, value in INVOICE.items() if name not in ("seller", "buyer")},
        "type": kind,
        "typeCode": code,
        "seller": {**BUYER, "peppolId": seller},
        "precedingInvoices": [{"number": "2026-0041"}],
    }
    if kind == "credit_note":
        content.pop("dueDate")
    sent = send(sender, content)
    assert (sent.kind, sent.self_billed, sent.receiver) == (kind, True, seller)
    assert sent.sender == sender.participants.get().identifier
    assert "selfbilling" in sent.document_type and "selfbilling" in sent.process
    content.pop("seller")
    with pytest.raises(Invalid) as refusal:
        send(sender, content)
    assert list(refusal.value.fields) == ["seller"]
