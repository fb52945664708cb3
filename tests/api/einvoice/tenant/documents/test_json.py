"""Documents in flat JSON: what they become, what is said about them, and what is refused."""

import base64
import json
from copy import deepcopy
from decimal import Decimal

import pytest
from django.utils import timezone

from peppol.models import Document, DocumentDraft
from peppol.readable import reading

pytestmark = pytest.mark.django_db(transaction=True)
PDF = base64.b64encode(b"%PDF-1.4 small").decode()
# As published clients send it: amounts as numbers and as text, an address in one line.
FLAT = {
    "document_type": "INVOICE",
    "invoice_id": "INV-1",
    "invoice_date": "2026-11-20",
    "due_date": "2026-12-20",
    "currency": "EUR",
    "purchase_order": "PO-77",
    "customer_name": "Studio Lumière SARL",
    "customer_tax_id": "FR86797978996",
    "customer_address": "12 rue de la République, 69002 Lyon, France",
    "payment_details": [{"iban": "BE71096123456769", "payment_reference": "+++090/9337/55493+++"}],
    "payment_term": "30 days",
    "items": [
        {
            "description": "Bread",
            "quantity": 10,
            "unit": "C62",
            "unit_price": "2.50",
            "amount": 25,
            "tax_rate": "6.00",
        }
    ],
    "subtotal": 25.0,
    "total_tax": "1.50",
    "invoice_total": "26.50",
}


def test_the_published_client_sends_json(client, sender, recipient):
    judged = client.validate.validate_json(**FLAT)
    assert (judged.is_valid, judged.issues) == (True, [])
    assert "<cbc:ID>INV-1</cbc:ID>" in judged.ubl_document and not DocumentDraft.objects.exists()
    made = client.documents.create(**FLAT)
    assert (made.state, made.document_type, made.invoice_id) == ("DRAFT", "INVOICE", "INV-1")
    assert made.customer_peppol_id == "9957:FR86797978996"
    assert made.vendor_name == "Bakkerij Peeters BV" and made.vendor_tax_id == "BE0403170701"
    assert made.customer_address == "12 rue de la République, 69002 Lyon, France"
    assert (made.purchase_order, made.payment_term) == ("PO-77", "30 days")
    (item,) = made.items
    assert (item.description, item.unit_price, item.tax_rate, item.tax) == (
        "Bread",
        "2.5",
        "6",
        "1.50",
    )
    assert made.payment_details[0].iban == "BE71096123456769"
    assert [(one.rate, one.amount) for one in made.tax_details] == [("6", "1.50")]
    assert Decimal(made.amount_due) == Decimal("26.50")
    assert client.documents.send(made.id).state == "TRANSIT"
    assert Document.objects.get().receiver == "9957:FR86797978996"


def with_(**changes):
    return {**deepcopy(FLAT), **changes}


def item(**changes):
    bare = {"description": "Bread", "unit_price": 10, "tax_rate": 21}
    return with_(items=[{**bare, **changes}], subtotal=None, total_tax=None, invoice_total=None)


def read(own, body):
    made = own.post("/api/documents", body)
    assert made.status_code == 201, made.content
    invoice = reading.read([DocumentDraft.objects.latest("id").content])
    DocumentDraft.objects.all().delete()
    return invoice, made.json()


def test_every_field_has_its_place_or_is_named(own, sender):
    """Nothing is dropped silently: what an invoice has no place for stands among the warnings."""
    invoice, made = read(
        own,
        with_(
            vendor_name="Bakkerij Peeters",
            vendor_email="an@peeters.example",
            vendor_address="Korenmarkt 5\n9000 Gent\nBelgium",
            vendor_address_recipient="An Peeters",
            vendor_company_id="0403.170.701",
            customer_id="K-7",
            customer_email="ap@lumiere.example",
            note="Thank you",
            shipping_address="Quai 3, 69001 Lyon, FR",
            shipping_address_recipient="Entrepôt",
            service_start_date="2026-11-01",
            service_end_date="2026-11-20T10:00:00Z",
            amount_due="20.00",
            tax_details=[{"rate": "6.00", "amount": "1.50"}],
            attachments=[{"file_name": "terms.pdf", "file_data": PDF}, {"file_name": "x.pdf"}],
            remittance_address="Elsewhere 1",
            previous_unpaid_balance=3,
            billing_address="Elsewhere 2",
            customer_peppol_id="9956:0123456789",
            state="SENT",
            colour="blue",
            items=[{**FLAT["items"][0], "product_code": "B-1", "price": 3}],
        ),
    )
    assert (invoice.seller.title, invoice.seller.contact) == (
        "Bakkerij Peeters",
        ("An Peeters", "an@peeters.example"),
    )
    assert (invoice.seller.company_number, invoice.seller.address.lines) == (
        "0403170701",
        ("Korenmarkt 5", "9000 Gent"),
    )
    assert (invoice.buyer.ids, invoice.buyer.contact) == (("K-7",), ("ap@lumiere.example",))
    assert (invoice.notes, invoice.deliver_to.name) == (("Thank you",), "Entrepôt")
    assert dict(invoice.facts)["period"] == "2026-11-01/2026-11-20"
    assert (invoice.totals.prepaid.text, invoice.totals.payable.text) == ("6.50", "20.00")
    assert dict(invoice.lines[0].facts)["seller_item"] == "B-1"
    assert [one.title for one in invoice.attachments] == ["terms.pdf", "x.pdf"]
    named = {one["field"]: one["rule"] for one in made["warnings"]}
    assert named == {
        "colour": "unknown_field",
        "items.0.price": "unknown_field",
        "remittance_address": "not_sent",
        "previous_unpaid_balance": "not_sent",
        "billing_address": "not_sent",
        "customer_peppol_id": "not_sent",
        "state": "not_sent",
        "attachments.1.file_data": "not_sent",
    }


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (with_(document_type="CREDIT_NOTE"), "CREDIT_NOTE", "381"),
        (with_(document_type="DEBIT_NOTE"), "DEBIT_NOTE", "383"),
        (
            with_(
                document_type="SELFBILLING_INVOICE",
                vendor_name="Studio Lumière SARL",
                vendor_tax_id="FR86797978996",
                vendor_address="12 rue de la République, 69002 Lyon, France",
                customer_name=None,
                customer_tax_id=None,
                customer_address=None,
            ),
            "SELFBILLING_INVOICE",
            "389",
        ),
    ],
    ids=["credit note", "debit note", "self-billed"],
)
def test_every_type_is_written_as_one(own, sender, body, kind, code):
    invoice, made = read(own, body)
    assert (made["document_type"], invoice.type_code) == (kind, code)
    assert {made["vendor_name"], made["customer_name"]} == {
        "Bakkerij Peeters BV",
        "Studio Lumière SARL",
    }


@pytest.mark.parametrize(
    ("body", "vat", "payable"),
    [
        (item(), [("S", "21", "")], "12.10"),
        (item(tax_rate=None), [("Z", "0", "")], "10.00"),
        (item(unit_price=None, amount="7.00", quantity=2), [("S", "21", "")], "8.47"),
        (item(unit_price=-10), [("S", "21", "")], "-12.10"),
        ({**item(tax_rate=0), "tax_code": "AE"}, [("AE", "0", "VATEX-EU-AE")], "10.00"),
        (
            {**item(tax_rate=0), "tax_code": "E", "vatex": "VATEX-EU-132"},
            [("E", "0", "VATEX-EU-132")],
            "10.00",
        ),
        (item(allowances=[{"amount": 1, "reason": "Loyal"}]), [("S", "21", "")], "10.89"),
        (
            {**item(), "charges": [{"base_amount": 10, "multiplier_factor": 10}]},
            [("S", "21", "")],
            "13.31",
        ),
    ],
    ids=["plain", "no rate", "amount alone", "back", "reverse charge", "exempt", "less", "more"],
)
def test_taxes_and_sums_follow_from_the_lines(own, sender, body, vat, payable):
    invoice, made = read(own, body)
    groups = [(one.vat.category, one.vat.rate, one.vat.reason_code) for one in invoice.vat_groups]
    assert (groups, made["amount_due"]) == (vat, payable)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"items": []}, ["items"]),
        ({"items": [{"description": "Bread"}]}, ["items", 0, "unit_price"]),
        ({"items": [{"unit_price": 1}]}, ["items", 0, "description"]),
        ({"items": [{**FLAT["items"][0], "amount": 24}]}, ["items", 0, "amount"]),
        ({"items": [{**FLAT["items"][0], "unit_price": "dear"}]}, ["items", 0, "unit_price"]),
        ({"items": [{**FLAT["items"][0], "unit_price": True}]}, ["items", 0, "unit_price"]),
        ({"items": "bread"}, ["items"]),
        ({"invoice_total": "30.00"}, ["invoice_total"]),
        ({"subtotal": 20}, ["subtotal"]),
        ({"total_tax": 0}, ["total_tax"]),
        ({"amount_due": "99.00"}, ["amount_due"]),
        ({"invoice_id": None}, ["invoice_id"]),
        ({"customer_name": ""}, ["customer_name"]),
        ({"customer_tax_id": None, "customer_address": "Nowhere 1"}, ["customer_address"]),
        ({"document_type": "ORDER"}, ["document_type"]),
        ({"customer_peppol_id": "FR86797978996"}, ["customer_peppol_id"]),
        ({"direction": "INBOUND"}, ["direction"]),
        ({"currency": "XXY"}, ["currency"]),
        ({"due_date": "soon"}, ["due_date"]),
        ({"payment_details": [{"iban": "BE71096123456760"}]}, ["payment_details", 0, "iban"]),
        (
            {"attachments": [{"file_name": "a", "file_data": "?"}]},
            ["attachments", 0, "file_data"],
        ),
        (
            {"attachments": [{"file_name": "a", "file_data": PDF, "file_type": "text/html"}]},
            ["attachments", 0, "file_type"],
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_cannot_be_a_document_is_named_where_it_stands(own, sender, changes, place):
    for path in ("/api/documents/", "/api/validate/json"):
        refused = own.post(path, with_(**changes))
        assert refused.status_code == 422, path
        assert ["body", *place] in [one["loc"] for one in refused.json()["detail"]]
    assert not DocumentDraft.objects.exists()


@pytest.mark.parametrize("body", [[], "x", None, 3, {}], ids=str)
def test_a_body_that_is_no_document_is_refused(own, sender, body):
    assert own.post("/api/documents", body).status_code == 422


def test_a_draft_may_break_the_rules_and_its_judgement_names_the_fields(own, sender):
    body = {**FLAT, "tax_code": "E", "items": [{"description": "Bread", "unit_price": 10}]}
    body |= {"subtotal": None, "total_tax": None, "invoice_total": None}
    assert own.post("/api/documents", body).status_code == 201
    judged = own.post("/api/validate/json", body).json()
    assert judged["is_valid"] is False
    issue = next(one for one in judged["issues"] if one["rule_id"] == "BR-E-10")
    assert (issue["type"], issue["field"]) == ("error", "items.0.tax_rate")


def test_a_file_that_is_none_is_a_warning(own, sender):
    nonsense = base64.b64encode(b"no document").decode()
    body = with_(attachments=[{"file_name": "a.pdf", "file_data": nonsense}])
    judged = own.post("/api/validate/json", body).json()
    assert judged["is_valid"] is True
    (issue,) = judged["issues"]
    assert (issue["type"], issue["field"]) == ("warning", "attachments.0.file_data")


def test_a_pdf_of_the_document_goes_into_it(own, sender):
    made = own.post("/api/documents?construct_pdf=true", FLAT).json()
    (file,) = reading.read([DocumentDraft.objects.get().content]).attachments
    assert (file.filename, file.media_type) == ("INV-1.pdf", "application/pdf")
    assert own.post(f"/api/documents/{made['id']}/validate").json()["is_valid"] is True


def test_without_a_reference_and_a_date_there_is_one(own, sender):
    body = {name: value for name, value in FLAT.items() if name not in ("purchase_order",)}
    _, made = read(own, {**body, "invoice_date": None, "due_date": None})
    assert made["invoice_date"] == timezone.localdate().isoformat()
    assert [one["field"] for one in made["warnings"]] == ["purchase_order"]


def test_hostile_json_is_inert(own, sender):
    for text in ("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "]]>&x;", "x" * 5001):
        made = own.post("/api/documents", with_(note=text))
        assert made.status_code == (422 if len(text) > 5000 else 201)
        assert len(text) > 5000 or json.loads(made.content)["note"] == text
