"""What a document says is shown as it says it: no number differs, and nothing in it comes alive."""

import base64
import re
from io import BytesIO

import pytest
from django.utils.translation import override
from lxml import etree
from pypdf import PdfReader

from peppol.invoices import shape, writing
from peppol.invoices.reading import CAC, CBC
from peppol.readable import attachments, page, payment_code, pdf, reading, values
from peppol.readable.parts import Amount
from peppol.readable.skimming import MOST_LINES, Unreadable
from tests.peppol.official import BILLING, RESPONSES, STATUSES
from tests.peppol.test_invoices import INVOICE

PDF = b"%PDF-1.4 a file of somebody's"
HOSTILE = "</style><script>alert(1)</script>\"'><img src=https://evil.example/x onerror=alert(2)>"


def ubl(**changes) -> bytes:
    return writing.write(shape.read({**INVOICE, **changes}))


def sheet_of(content: bytes):
    return reading.lay_out(reading.read([content]))


def html_of(content: bytes) -> str:
    return page.write(sheet_of(content)).decode()


def text_of(content: bytes, language="en") -> str:
    paper = pdf.write(sheet_of(content), language=language)
    return "\n".join(one.extract_text() for one in PdfReader(BytesIO(paper)).pages)


def amounts_of(content: bytes) -> dict[str, str]:
    """The amounts of a UBL document's end and the sums of its lines, as it has them."""
    root = etree.fromstring(content)
    total = root.find(f"{CAC}LegalMonetaryTotal")
    found = {etree.QName(one).localname: one.text.strip() for one in total}
    return found | {
        f"line {n}": line.findtext(f"{CBC}LineExtensionAmount").strip()
        for n, line in enumerate(root.iter(f"{CAC}InvoiceLine", f"{CAC}CreditNoteLine"))
    }


# --- The same numbers -----------------------------------------------------------------------------
@pytest.mark.parametrize("path", BILLING)
@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_the_totals_of_every_official_example_are_those_of_its_xml(path, language):
    content = path.read_bytes()
    with override(language):
        found, paper = html_of(content), text_of(content, language)
        for name, amount in amounts_of(content).items():
            shown = values.amount(Amount(amount))
            assert values.number_of(amount) is not None
            assert shown in found.replace("\u202f", "\u202f"), name
            assert shown.replace("\xa0", " ") in paper.replace("\xa0", " "), name


@pytest.mark.parametrize("path", [*RESPONSES, *STATUSES])
def test_every_official_answer_is_shown_with_its_code_and_its_reasons(path):
    found = reading.read([path.read_bytes()])
    html = page.write(reading.lay_out(found)).decode()
    assert f"({found.code})" in html and found.about in html
    for reason in found.reasons:
        assert reason.text.replace("'", "&#x27;") in html
    assert pdf.write(reading.lay_out(found), language="en").startswith(b"%PDF")


@pytest.mark.parametrize(
    "text, shown",
    [
        ("1225", "1,225.00"),
        ("0.12345678901", "0.12345678901"),
        ("-3.5", "-3.50"),
        ("26,50", "26,50"),
        ("1e999999", "1e999999"),
        ("", ""),
        ("NaN", "NaN"),
    ],
)
def test_an_amount_is_shown_with_all_that_it_says(text, shown):
    assert values.amount(Amount(text)) == shown


def test_parties_lines_vat_and_payment_are_named():
    content = ubl(payment={"iban": "BE71096123456769", "reference": "+++090/9337/55493+++"})
    for shown in (html_of(content), text_of(content)):
        for word in ("Studio Lumière", "Bread", "BE71 0961 2345 6769", "+++090/9337/55493+++"):
            assert word in shown


def test_the_same_document_makes_the_same_paper():
    assert pdf.write(sheet_of(ubl()), language="en") == pdf.write(sheet_of(ubl()), language="en")


# --- Nothing comes alive --------------------------------------------------------------------------
def test_what_a_stranger_wrote_stays_text():
    line = {**INVOICE["lines"][0], "name": HOSTILE, "description": HOSTILE}
    html = html_of(ubl(note=HOSTILE, lines=[line], buyer={**INVOICE["buyer"], "name": HOSTILE}))
    tree = etree.HTML(html)
    assert not tree.findall(".//script") and not tree.findall(".//img[@onerror]")
    assert not re.findall(r"<[^>]+evil\.example", html)
    assert {one.get("src", "")[:5] for one in tree.iter("img")} <= {"data:"}
    assert not list(tree.iter("link", "a", "form", "iframe"))


def test_the_page_allows_nothing_but_its_own_style():
    assert page.policy().startswith("default-src 'none'; style-src 'sha256-")
    assert "sandbox" in page.policy() and "script-src" not in page.policy()


def test_letters_that_deceive_are_left_out():
    assert "BE71\u202e" not in html_of(ubl(note="Pay to BE71\u202e6789 now\u200b"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no XML",
        b"<Order/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>',
    ],
)
def test_what_is_no_document_is_not_shown(content):
    with pytest.raises(Unreadable):
        reading.read([content])


def test_a_document_of_very_many_lines_is_cut_and_says_so():
    lines = [INVOICE["lines"][0]] * (MOST_LINES + 3)
    found = reading.read([ubl(lines=lines)])
    assert (len(found.lines), found.lines_left_out) == (MOST_LINES, 3)
    assert "3 more lines stand in the file." in page.write(reading.lay_out(found)).decode()


# --- Attachments ----------------------------------------------------------------------------------
def attached(*contents: bytes, media_type="application/pdf") -> bytes:
    return ubl(
        attachments=[
            {
                "id": f"A{n}",
                "filename": f"file-{n}.pdf",
                "mimeType": media_type,
                "content": base64.b64encode(content).decode(),
            }
            for n, content in enumerate(contents)
        ]
    )


@pytest.mark.parametrize("size", [1, 2, 3, 1000, 1_000_003])
def test_a_file_comes_out_as_it_was(size):
    content = (PDF * (size // len(PDF) + 1))[:size]
    document = attached(b"another", content)
    pieces = [document[at : at + 999] for at in range(0, len(document), 999)]
    (first, second) = reading.read(pieces).attachments
    assert (first.place, second.place, second.size, second.title) == (0, 1, size, "file-1.pdf")
    assert attachments.extract(pieces, 1).bytes() == content


@pytest.mark.parametrize(
    "content, said, shown",
    [
        (PDF, "application/pdf", "application/pdf"),
        (b"<html><script>", "application/pdf", ""),
        (b"\x89PNG\r\n\x1a\n....", "image/png", "image/png"),
        (b"<svg onload=alert(1)>", "image/svg+xml", ""),
        (b"<script>", "text/html", ""),
        (b"<script>", "text/csv", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_is_shown_only_as_what_it_is(content, said, shown):
    assert attachments.shown_as(attachments.Content(content), said) == shown


def test_there_is_no_file_where_none_is():
    with pytest.raises(Unreadable):
        attachments.extract([attached(PDF)], 1)


# --- The code that a bank's app reads -------------------------------------------------------------
def test_a_bank_reads_whom_to_pay_how_much_and_for_what():
    content = ubl(payment={"iban": "BE71 0961 2345 6769", "reference": "+++090/9337/55493+++"})
    found = reading.read([content])
    said = payment_code.payload(found).split("\n")
    assert said[:4] == ["BCD", "002", "1", "SCT"]
    assert said[5:8] == [found.seller.title, "BE71096123456769", f"EUR{found.totals.payable.text}"]
    assert said[-1] == "+++090/9337/55493+++"
    assert "data:image/svg+xml;base64," in html_of(content)


@pytest.mark.parametrize(
    "was, becomes",
    [
        (b"BE71096123456769", b"BE00096123456769"),
        (b"PaymentMeansCode>30<", b"PaymentMeansCode>59<"),
        (b"EUR", b"SEK"),
        (b'PayableAmount currencyID="EUR">', b'PayableAmount currencyID="EUR">-'),
    ],
)
def test_there_is_no_code_where_a_bank_could_not_pay(was, becomes):
    content = ubl()
    assert was in content and payment_code.payload(reading.read([content]))
    assert payment_code.payload(reading.read([content.replace(was, becomes)])) == ""


def test_a_credit_note_has_no_code():
    content = ubl(type="credit_note", precedingInvoices=[{"number": "1"}])
    assert payment_code.payload(reading.read([content])) == ""
