"""A document's page shows what it says, and gives its PDF and its attachments."""

import base64
import io

import pytest
from pypdf import PdfReader

from peppol.invoices import shape, writing
from tests.peppol.test_archive import opened
from tests.peppol.test_invoices import INVOICE
from tests.portal import axe
from tests.portal.browsing import Tab
from tests.portal.conftest import at
from tests.portal.factories import make_document

PAGE = "peppol_document"
FILE = b"%PDF-1.4 a time sheet"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def ubl(*files, **changes) -> bytes:
    attachments = [
        {
            "id": f"A{n}",
            "filename": f"{n}.bin",
            "mimeType": media_type,
            "content": base64.b64encode(content).decode(),
        }
        for n, (media_type, content) in enumerate(files)
    ]
    return writing.write(shape.read({**INVOICE, "attachments": attachments, **changes}))


@pytest.fixture
def arrived(bakery):
    return lambda content, **facts: make_document(
        bakery, content=content, direction="inbound", state="received", **facts
    )


def attachment(row, place=0, way="download"):
    return at(PAGE, "change", row).replace("change/", f"attachment/{place}/{way}/")


def test_an_invoice_that_arrived_is_read_on_its_page(browser, arrived):
    shown = browser.get(at(PAGE, "change", arrived(ubl()))).content.decode()
    for word in ("Bakkerij Peeters BV", "Studio Lumière SARL", "Bread", "BE71 0961 2345 6769"):
        assert word in shown


def test_what_a_stranger_wrote_is_text(browser, arrived):
    shown = browser.get(at(PAGE, "change", arrived(ubl(note=HOSTILE)))).content.decode()
    assert HOSTILE not in shown and "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize("content", [b"", b"<Order/>", b"no XML", b"<Invoice>"])
def test_what_cannot_be_read_has_a_page_without_it(browser, arrived, content):
    row = arrived(content)
    assert browser.get(at(PAGE, "change", row)).status_code == 200
    assert browser.get(at(PAGE, "pdf", row)).status_code == 404


def test_it_is_downloaded_as_pdf(browser, arrived):
    answer = browser.get(at(PAGE, "pdf", arrived(ubl(), number="7/8")))
    assert b"".join(answer).startswith(b"%PDF")
    assert 'filename="invoice-7-8.pdf"' in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "media_type, content, shown",
    [
        ("application/pdf", FILE, "application/pdf"),
        ("application/pdf", b"<script>alert(1)</script>", "application/octet-stream"),
        ("text/csv", b"<script>", "text/plain; charset=utf-8"),
        ("text/html", b"<script>", "application/octet-stream"),
    ],
)
def test_an_attachment_is_shown_only_as_what_it_is(browser, arrived, media_type, content, shown):
    written = ubl(("application/pdf", content)).replace(
        b'mimeCode="application/pdf"', f'mimeCode="{media_type}"'.encode()
    )
    row = arrived(written)
    answer = browser.get(attachment(row, way="view"))
    assert answer["Content-Type"] == shown and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith(("default-src 'none'", "sandbox"))
    saved = browser.get(attachment(row))
    assert b"".join(saved) == content
    assert saved["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("place, way", [(1, "download"), (0, "view"), (999, "view")])
def test_there_is_nothing_where_no_attachment_is(browser, arrived, place, way):
    row = arrived(ubl() if place != 1 else ubl(("text/csv", b"a")))
    assert browser.get(attachment(row, place, way)).status_code == 404


def test_a_strangers_attachment_is_as_good_as_none(browser, rivals_company):
    row = make_document(rivals_company, content=ubl(("text/csv", b"secret")))
    for way in ("view", "download"):
        assert browser.get(attachment(row, way=way)).status_code == 404
    assert browser.get(at(PAGE, "pdf", row)).status_code == 404


def test_the_operator_reads_nothing_of_it(desk, arrived):
    row = arrived(ubl(note="for the bakery alone"))
    shown = desk.get(f"/admin/peppol/document/{row.pk}/change/").content.decode()
    assert "for the bakery alone" not in shown
    for part in ("download/pdf/", "attachment/0/view/"):
        assert desk.get(f"/admin/peppol/document/{row.pk}/{part}").status_code in (302, 404)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_everybody_can_read_it(chromium, live_server, browser, arrived):
    """At a desk and on a phone, in both themes; nothing is fetched from elsewhere."""
    row = arrived(ubl(("application/pdf", FILE), note=HOSTILE))
    for size in (DESK, PHONE):
        tab = Tab(chromium, live_server.url, viewport=size)
        tab.become(browser)
        tab.page.goto(at(PAGE, "change", row))
        assert axe.violations(tab.page) == [] and tab.troubles == []
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        tab.context.close()


def test_a_list_gives_what_was_chosen_and_nothing_of_others(browser, bakery, rivals_company):
    ours, theirs = make_document(bakery, number="ours"), make_document(rivals_company)
    answer = browser.post(
        at("peppol_document"), {"action": "pack", "_selected_action": [ours.pk, theirs.pk]}
    )
    _packed, entries = opened(b"".join(answer))
    assert [entry["number"] for entry in entries] == ["ours"]
    assert answer["Content-Type"] == "application/zip"


def test_what_was_chosen_is_printed_and_nothing_of_others(browser, bakery, rivals_company):
    """What nobody could read is left out; where that is all, nothing is printed."""
    mine = [make_document(bakery, content=content) for content in (ubl(), ubl(), b"no XML")]
    theirs = make_document(rivals_company, content=ubl())

    def printed(*rows):
        chosen = {"action": "print_out", "_selected_action": [row.pk for row in rows]}
        return browser.post(at(PAGE), chosen)

    answer = printed(*mine, theirs)
    assert answer["Content-Type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2
    assert printed(mine[2], theirs).status_code == 302
