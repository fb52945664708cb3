"""Mandates in the portal: drawn up, signed copies taken in, listed and ended."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from peppol.models import Mandate, MandateFile
from peppol.services.mandates import mandates
from tenants.services import client_links, client_requests, entitlements, organizations
from tests.conftest import SYSTEM
from tests.peppol.test_mandates import PDF, packed, signed
from tests.portal.answers import errors_on
from tests.portal.conftest import at, operation_at, texts


def test_a_mandate_is_drawn_up_signed_and_downloaded(browser, bakery):
    form = {"scope": ["send", "receive"], "language": "fr", "ends_on": ""}
    page = browser.post(operation_at("tenants_company", "draw_up", bakery), form, follow=True)
    row = Mandate.objects.get()
    assert row.language == "fr" and "is drawn up" in texts(page)
    pdf = browser.get(at("peppol_mandate", "pdf", row))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert browser.get(at("peppol_mandate", "copy", row)).status_code == 404
    url = operation_at("tenants_company", "take_copy", bakery)
    bad = SimpleUploadedFile("x.pdf", b"<html>")
    assert "Only PDF" in errors_on(browser.post(url, {"file": bad}))
    browser.post(url, {"file": SimpleUploadedFile("x.html", PDF), "signed_by": "An"})
    row.refresh_from_db()
    assert (row.state, row.signed_by) == ("signed", "An")
    copy = browser.get(at("peppol_mandate", "copy", row))
    assert b"".join(copy.streaming_content) == PDF
    assert copy.headers["X-Content-Type-Options"] == "nosniff"
    assert 'filename="x.pdf"' in copy.headers["Content-Disposition"]
    browser.post(operation_at("peppol_mandate", "revoke", row), {"reason": "left"})
    row.refresh_from_db()
    assert (row.state, row.reason) == ("revoked", "left")


def test_a_companys_page_has_its_mandates_and_links(browser, bakery):
    signed(bakery)
    client_links.make(bakery, "invoices", send_to="els@bakery.example", by=SYSTEM)
    page = texts(browser.get(f"/portal/tenants/company/{bakery.pk}/tab/client/"))
    for word in ("Confirmed on a link", "See your invoices", "els@bakery.example", "Show the"):
        assert word in page


def test_staff_see_mandates_and_end_them(desk, bakery):
    row = signed(bakery)
    assert "Bakery Peeters" in texts(desk.get("/admin/peppol/mandate/"))
    page = f"/admin/peppol/mandate/{row.pk}"
    assert "192.0.2.7" in texts(desk.get(f"{page}/change/"))
    assert desk.get(f"{page}/download/pdf/").status_code == 200
    desk.post(f"{page}/revoke/", {"reason": "by court order"})
    row.refresh_from_db()
    assert (row.state, row.reason) == ("revoked", "by court order")


def test_a_zip_says_of_each_file_what_became_of_it(browser, bakery):
    files = packed((f"{bakery.pk}.pdf", PDF), ("<img src=x>.pdf", PDF))
    url = at("peppol_mandate", "take_copies")
    page = texts(browser.post(url, {"file": SimpleUploadedFile("all.zip", files)}))
    assert "1 mandate is signed." in page and "No company has this number" in page
    assert "<img src=x>" not in page and MandateFile.objects.count() == 1
    assert "no ZIP file" in errors_on(
        browser.post(url, {"file": SimpleUploadedFile("all.zip", b"PK")})
    )


def test_mandates_that_end_are_on_the_overview(browser, bakery):
    row = signed(bakery, ends_on=timezone.localdate() + timedelta(days=20))
    assert "1 mandate ends within 30 days" in texts(browser.get("/portal/"))
    assert "Bakery Peeters" in texts(browser.get(at("peppol_mandate"), {"ending": "soon"}))
    mandates.revoke(row, reason="over", by=SYSTEM)
    assert "ends within 30 days" not in texts(browser.get("/portal/"))


def test_who_lacks_a_mandate_is_asked_where_the_operator_wants_one(acme, bakery):
    rows = type(bakery).objects.under(acme)

    def lacking(purpose: str) -> bool:
        return client_requests.lacking(rows, purpose).filter(pk=bakery.pk).exists()

    assert not lacking("mandate") and not lacking("identify")
    policies = {"mandate_policy": "before_sending", "identification_policy": "before_sending"}
    entitlements.give(acme, policies, by=SYSTEM)
    assert lacking("mandate") and lacking("identify")
    signed(bakery)
    assert not lacking("mandate")
    organizations.update(bakery, {"email": "els@bakery.example"}, by=SYSTEM)
    asked = client_requests.ask(client_requests.lacking(rows, "identify"), by=SYSTEM)
    assert [link.purpose for link in asked.links] == ["profile"]
