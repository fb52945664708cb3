"""PDFs that carry their invoice are read; others are refused in words, hostile ones as well."""

import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from facturx import generate_from_binary
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from peppol.models import DocumentDraft, PdfConversion
from peppol.services.documents import conversions
from peppol.tasks import tidy_imports
from tests.api.conftest import Caller
from tests.api.einvoice.tenant.documents.conftest import UBL
from tests.peppol.test_kinds import cii

pytestmark = pytest.mark.django_db(transaction=True)
TAX = (
    '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">%s</ram:ID></ram:SpecifiedTaxRegistration>'
)
PLACE = "<ram:LineOne>Rue 1</ram:LineOne><ram:CityName>Gent</ram:CityName><ram:CountryID>BE"


def belgian():
    """A Factur-X invoice between two Belgian companies, neither of which is the tenant."""
    text = cii("9925:BE0202239951", "9925:BE0705969661", "urn:cen.eu:en16931:2017")
    seller, _, buyer = text.partition("</ram:SellerTradeParty>")
    seller += TAX % "BE0202239951" + "</ram:SellerTradeParty>"
    buyer = buyer.replace("</ram:BuyerTradeParty>", TAX % "BE0705969661" + "</ram:BuyerTradeParty>")
    return (seller + buyer).replace("<ram:CountryID>DE", PLACE).encode()


def page():
    pdf = FPDF()
    pdf.add_page()
    return bytes(pdf.output())


def hybrid(xml):
    return generate_from_binary(page(), xml, check_xsd=False, flavor="factur-x", level="en16931")


def carrying(*files):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(page())))
    for name, content in files:
        writer.add_attachment(name, content)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def send(own, content, path="/api/documents/pdf"):
    file = SimpleUploadedFile("invoice.pdf", content, "application/pdf")
    return own.client.post(path, {"file": file}, headers=own.headers)


def test_the_published_client_reads_a_pdf_that_carries_its_invoice(client, sender):
    found = client.documents.create_from_pdf(file=("i.pdf", hybrid(belgian())))
    assert (found.success, found.document_type, found.invoice_id) == (True, "INVOICE", "RE-1")
    assert (found.vendor_name, found.customer_name) == ("Bäckerei GmbH", "Käufer AG")
    assert (found.invoice_total, found.items[0].description) == ("23.80", "Brot")
    ubl = found.ubl_document
    assert "Bakkerij" not in ubl and '<cbc:EndpointID schemeID="9925">BE0202239951' in ubl
    assert "<cbc:BuyerReference>04011000-12345-03" in ubl
    task = client.conversion.create_pdf(file=("i.pdf", hybrid(belgian())))
    assert client.conversion.retrieve_pdf(task.task_id).status == "completed"
    result = client.conversion.retrieve_pdf_result(task.task_id)
    assert (result.ubl_document, result.success) == (ubl, True)
    assert not DocumentDraft.objects.exists()
    made = client.documents.ubl.create_from_ubl(file=("i.xml", ubl.encode()))
    assert made.invoice_id == "RE-1"


def test_what_would_not_be_valid_says_why_there_is_no_ubl(own, sender):
    found = send(own, hybrid(cii("9930:DE1", "9930:DE2").encode())).json()
    assert (found["success"], found["ubl_document"], found["invoice_id"]) == (False, None, "RE-1")
    assert found["warnings"]


def test_ubl_in_a_pdf_is_taken_as_it_is(own, sender):
    found = send(own, carrying(("notes.xml", b"<a/>"), ("invoice.XML", UBL))).json()
    assert (found["success"], found["invoice_id"]) == (True, "2026-0042")


BOMB = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'cc'>]><a>&b;</a>"
REFUSED = {
    "a picture of an invoice": (page, 422),
    "no PDF": (lambda: b"MZ", 415),
    "nothing": (lambda: b"", 415),
    "cut off": (lambda: hybrid(belgian())[:400], 415),
    "a beginning alone": (lambda: b"%PDF-1.7\n", 415),
    "entities": (lambda: carrying(("factur-x.xml", BOMB)), 422),
    "another XML": (lambda: carrying(("factur-x.xml", b"<Order/>")), 422),
    "a large nothing": (lambda: carrying(("factur-x.xml", b" " * 11_000_000)), 422),
    "many files": (lambda: carrying(*((f"{n}.xml", b"<a/>") for n in range(99))), 422),
    "nonsense in streams": (
        lambda: carrying(("factur-x.xml", UBL)).replace(zlib.compress(UBL), b"x"),
        None,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pdf_without_an_invoice_is_refused_in_words(own, sender, name):
    make, status = REFUSED[name]
    content = make()
    for path in ("/api/documents/pdf", "/api/conversion/pdf"):
        answer = send(own, content, path)
        assert answer.status_code == status or (status is None and answer.status_code < 500)
        assert status is None or answer.json()["detail"]
    assert status is None or not PdfConversion.objects.exists()


def test_conversions_are_ones_own_and_forgotten(own, sender, rivals_company, monkeypatch, bakery):
    monkeypatch.setattr(conversions, "MOST", 2)
    content = carrying(("invoice.xml", UBL))
    tasks = [send(own, content, "/api/conversion/pdf").json()["task_id"] for _ in range(3)]
    statuses = [own.get(f"/api/conversion/pdf/{task}").status_code for task in tasks]
    assert statuses == [404, 200, 200]
    monkeypatch.setattr(conversions, "KEEP", conversions.KEEP * 0)
    tidy_imports()
    assert own.get(f"/api/conversion/pdf/{tasks[2]}/result").json() == {"detail": "Task not found"}


def test_no_mail_comes_in(client, own, sender):
    assert client.mailbox.list(page_size=5, status="pending").total == 0
    for path in ("x", "x/reprocess", "x/attachments/a.pdf"):
        assert own.get(f"/api/mailbox/{path}").status_code == 404
        assert own.post(f"/api/mailbox/{path}").status_code == 404
        assert Caller(None).get(f"/api/mailbox/{path}").status_code == 401
    assert own.get("/api/mailbox?status=lost").status_code == 422
