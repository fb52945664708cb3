"""What the page about moving says of the tenant API, sentence by sentence: each is tried, and
stands there still."""

from pathlib import Path

import pytest

from tests.api.einvoice.tenant.documents.conftest import BROKEN, draft, post
from tests.api.einvoice.tenant.documents.test_json import FLAT

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).resolve().parents[5] / "docs/moving-from-e-invoice.be.md"
TEXT = " ".join(PAGE.read_text().split())
DRAFT = "/api/documents/{draft}"
HOOK = {"url": "https://a:secret-word@your.example/hook", "events": ["document.sent"]}
# words of the page, method, path, body, status, what the answer has
SAID = [
    ("`GET /api/me`", "GET", "/api/me", None, 200, '"smp_registration":true'),
    ("by day, week or month", "GET", "/api/stats?aggregation=WEEK", None, 200, "WEEK"),
    ("not shown again", "POST", "/api/webhooks", HOOK, 201, '"url":"https://your.example/hook"'),
    ("a draft in UBL", "POST", "/api/documents/", FLAT, 201, '"state":"DRAFT"'),
    ("taken apart", "POST", "/api/validate/json", FLAT, 201, "<cbc:PostalZone>69002"),
    ("the tenant's profile says", "POST", "/api/documents", FLAT, 201, "Bakkerij Peeters BV"),
    ("what follows from `customer_tax_id`", "POST", "/api/documents", FLAT, 201, "9957:FR86"),
    ("is `422` at its field", "POST", "/api/documents", {**FLAT, "subtotal": 9}, 422, "subtotal"),
    ("named in `warnings`", "POST", "/api/documents", {**FLAT, "a": 1}, 201, "unknown_field"),
    ("and shows the UBL", "POST", "/api/validate/json", FLAT, 201, "<cbc:ID>INV-1"),
    ("`POST …/{id}/send` sends it", "POST", f"{DRAFT}/send", None, 200, '"TRANSIT"'),
    ("`POST …/{id}/validate`", "POST", f"{DRAFT}/validate", None, 200, '"is_valid":true'),
    ("`…/ubl` (with a `signed_url`", "GET", f"{DRAFT}/ubl", None, 200, "signed_url"),
    ("and `…/timeline`", "GET", f"{DRAFT}/timeline", None, 200, "document_created"),
    ("`DELETE` of a draft", "DELETE", DRAFT, None, 200, '"is_deleted":true'),
    ("(`400` when it is to be deleted)", "DELETE", "/api/documents/{sent}", None, 400, "draft"),
    ("one that was sent already `405`", "POST", "/api/documents/{sent}/send", None, 405, "draft"),
    ("breaks the rules `406`", "POST", "/api/documents/{broken}/send", None, 406, "R003"),
    (
        "a sender that is not the tenant's is `409`",
        "POST",
        f"{DRAFT}/send?sender_peppol_id=0208:0202239951",
        None,
        409,
        "not an identifier",
    ),
    (
        "are written into the document",
        "POST",
        f"{DRAFT}/send?receiver_peppol_id=0208:0202239951",
        None,
        200,
        '"customer_peppol_id":"0208:0202239951"',
    ),
    ("`GET` and `POST …/{id}/attachments`", "GET", f"{DRAFT}/attachments", None, 200, "[]"),
    ("is empty and what is below it `404`", "GET", "/api/mailbox/", None, 200, '"total":0'),
    ("is empty and what is below it `404`", "GET", "/api/mailbox/x", None, 404, "detail"),
    ("`/api/documents`, `/api/inbox`", "GET", "/api/documents", None, 200, '"total":3'),
    ("under way or did not arrive", "GET", "/api/drafts", None, 200, '"TRANSIT"'),
    ("or by `state`", "GET", "/api/drafts?state=DRAFT", None, 200, '"total":2'),
    ("Lists have names and sums", "GET", "/api/outbox", None, 200, '"invoice_total":"26.50"'),
    ("is `null` there", "GET", "/api/outbox", None, 200, '"items":null'),
    ("Sorting knows all but `due_date`", "GET", "/api/drafts?sort_by=vendor_name", None, 200, "3"),
    ("An identifier that nobody has", "GET", "/api/lookup?peppol_id=0208:1", None, 200, "error"),
]


@pytest.fixture
def made(own):
    """A draft, one that breaks the rules, and a document that was sent."""
    ids = {"draft": draft(own)["id"], "broken": draft(own, BROKEN)["id"]}
    sent = draft(own)["id"]
    assert own.post(f"/api/documents/{sent}/send").status_code == 200
    return {**ids, "sent": sent}


@pytest.mark.parametrize(
    ("words", "method", "path", "body", "status", "has"), SAID, ids=[row[0][:40] for row in SAID]
)
def test_what_the_page_says_is_so(own, sender, made, words, method, path, body, status, has):
    assert words in TEXT
    answer = own(method, path.format(**made), body)
    shown = answer.content.decode()
    assert (answer.status_code, has in shown.replace('\\"', '"')) == (status, True), shown[:400]
    assert "secret-word" not in shown


def test_what_is_no_ubl_is_415(own, sender):
    assert "(`415` for anything else)" in TEXT
    assert post(own, "/api/documents/ubl", b"{}").status_code == 415
