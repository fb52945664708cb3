"""Documents to read through the API: as a page, on paper, and the files inside of them."""

import base64
import hashlib
import json
import zipfile
from io import BytesIO

import pytest

from config.api.flowie.openapi import examples

pytestmark = pytest.mark.django_db
FILE = b"%PDF-1.4 a time sheet"
INVOICE = {
    **examples.OUTGOING["document"],
    "note": "<script>alert(1)</script>",
    "attachments": [
        {
            "id": "TS-1",
            "description": "Time sheet",
            "filename": "sheet.pdf",
            "mimeType": "application/pdf",
            "content": base64.b64encode(FILE).decode(),
        },
        {"id": "SPEC", "description": "The contract", "url": "https://acme.example/contract"},
    ],
}


@pytest.fixture
def sent(acting, company):
    answer = acting.post("/documents/send", {"to": "0208:0403170701", "document": INVOICE})
    assert answer.status_code == 202, answer.content
    return f"/documents/{answer.json()['id']}"


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("", "Invoice"),
        ("?language=en", "Invoice"),
        ("?language=de", "Rechnung"),
        ("?language=fr", "Facture"),
        ("?language=nl", "Factuur"),
    ],
)
def test_a_document_is_read_in_four_languages(acting, sent, language, word):
    html = acting.get(f"{sent}/html{language}")
    assert html.status_code == 200 and html["Content-Type"].startswith("text/html")
    assert f"<title>{word} " in html.content.decode()
    paper = acting.get(f"{sent}/pdf{language}")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")


def test_another_language_is_refused_by_name(acting, sent):
    answer = acting.get(f"{sent}/html?language=tlh")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "language"


def test_nothing_in_the_page_comes_alive(acting, sent):
    answer = acting.get(f"{sent}/html")
    assert b"<script>" not in answer.content and b"&lt;script&gt;" in answer.content
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "sandbox" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_attachments_are_listed_and_come_out_as_they_were(acting, sent):
    inside, outside = acting.get(f"{sent}/attachments").json()["attachments"]
    assert (inside["filename"], inside["size"], inside["place"]) == ("sheet.pdf", len(FILE), 0)
    assert (outside["url"], outside["place"]) == ("https://acme.example/contract", None)
    answer = acting.get(f"{sent}/attachments/0")
    assert answer.content == FILE and answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("place", ["1", "-1", "x", "99999999", "²"])
def test_there_is_no_other_attachment(acting, sent, place):
    assert acting.get(f"{sent}/attachments/{place}").status_code == 404


def test_what_nobody_could_read_says_so(acting):
    made = acting.post("/documents/send", {"document": {"any": "thing"}}).json()["id"]
    for way in ("html", "pdf"):
        answer = acting.get(f"/documents/{made}/{way}")
        assert (answer.status_code, answer.json()["code"]) == (409, "NOT_READABLE")
    assert acting.get(f"/documents/{made}/attachments").json() == {"attachments": []}


def test_a_strangers_document_is_as_good_as_none(rival_api, sent):
    for way in ("html", "pdf", "attachments", "attachments/0"):
        assert rival_api.get(f"{sent}/{way}").status_code == 404


def test_documents_come_in_one_file_with_their_digests(acting, sent):
    answer = acting.get("/documents/archive?direction=outbound")
    packed = zipfile.ZipFile(BytesIO(answer.content))
    (entry,) = json.loads(packed.read("manifest.json"))["documents"]
    assert hashlib.sha256(packed.read(entry["file"])).hexdigest() == entry["sha256"]
    nothing = acting.get("/documents/archive?direction=inbound")
    assert zipfile.ZipFile(BytesIO(nothing.content)).namelist() == ["manifest.json"]
    assert acting.get("/documents/archive?direction=sideways").status_code == 422
