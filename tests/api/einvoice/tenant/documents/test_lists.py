"""Lists of documents, and who sees none of them."""

import pytest

from apikeys.services import keys
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.einvoice.tenant.documents.conftest import CREDIT, UBL, draft
from tests.api.routes import routes
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def test_lists_are_paged_chosen_and_sorted(own):
    for content in (UBL, UBL.replace(b"2026-0042", b"2026-0099"), CREDIT):
        made = draft(own, content)["id"]
        assert own.post(f"/api/documents/{made}/send").status_code == 200

    def numbers(query=""):
        return [one["invoice_id"] for one in own.get(f"/api/outbox{query}").json()["items"]]

    assert numbers() == ["C-1", "2026-0099", "2026-0042"]
    assert numbers("?type=CREDIT_NOTE") == ["C-1"] and numbers("?type=DEBIT_NOTE") == []
    assert numbers("?sort_by=invoice_id&sort_order=asc") == ["2026-0042", "2026-0099", "C-1"]
    assert numbers("?search=0099") == ["2026-0099"] and numbers("?search=nothing") == []
    assert len(numbers("?receiver=fr86797978996&date_from=2026-11-20T00:00:00Z")) == 3
    assert numbers("?date_to=2026-11-19") == []
    page = own.get("/api/outbox/?page=2&page_size=2").json()
    assert (page["total"], page["pages"], page["has_next_page"]) == (3, 2, False)
    assert [one["invoice_id"] for one in page["items"]] == ["2026-0042"]
    assert own.get("/api/outbox?page=9").json()["items"] == []
    assert own.get("/api/inbox").json()["total"] == 0


def test_lists_tell_states_names_and_totals(own):
    """Drafts and what was sent stand in one list; the names and sums need no look into the UBL."""
    for content in (UBL, UBL.replace(b"2026-0042", b"2026-0099")):
        kept = draft(own, content)["id"]
    own.post(f"/api/documents/{kept}/send")
    draft(own, CREDIT)

    def numbers(path):
        return [(one["invoice_id"], one["state"]) for one in own.get(path).json()["items"]]

    waiting, sent = [("C-1", "DRAFT"), ("2026-0042", "DRAFT")], ("2026-0099", "TRANSIT")
    everything = [waiting[0], sent, waiting[1]]
    assert numbers("/api/documents/") == numbers("/api/drafts") == everything
    assert sorted(numbers("/api/documents?sort_by=customer_name&page_size=2")) != everything
    assert numbers("/api/documents?sort_by=invoice_id&sort_order=asc&page=2&page_size=2") == [
        waiting[0]
    ]
    assert numbers("/api/documents?state=DRAFT&direction=OUTBOUND") == waiting
    assert numbers("/api/drafts?state=TRANSIT") == [sent]
    assert numbers("/api/documents?state=RECEIVED") == numbers("/api/documents?direction=INBOUND")
    assert numbers("/api/documents?type=CREDIT_NOTE&search=lumi") == waiting[:1]
    for one in own.get("/api/documents").json()["items"]:
        assert (one["vendor_name"], one["customer_name"]) == (
            "Bakkerij Peeters BV",
            "Studio Lumière SARL",
        )
        sums = ("subtotal", "total_tax", "invoice_total", "amount_due")
        assert [one[name] for name in sums] == ["25.00", "1.50", "26.50", "26.50"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=10001",
        "page_size=101",
        "page_size=0",
        "type=ORDER",
        "sort_by=secret",
        "sort_order=up",
        "date_from=soon",
        "search=%00",
        f"search={'x' * 201}",
        f"search={'x+' * 9}",
    ],
)
@pytest.mark.parametrize("path", ["/api/inbox", "/api/outbox", "/api/drafts", "/api/documents"])
def test_what_cannot_be_listed_is_refused(own, path, query):
    answer = own.get(f"{path}?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][:2] == ["query", query.partition("=")[0]]


@pytest.mark.parametrize(
    ("path", "queries"), [("/api/outbox", 4), ("/api/drafts", 5), ("/api/documents", 5)]
)
def test_lists_cost_the_same_however_long(own, path, queries, costs):
    for number in range(6):
        made = draft(own)["id"]
        if path == "/api/outbox" or number % 2:
            own.post(f"/api/documents/{made}/send")
    for size in (2, 5):
        with costs(queries):
            assert len(own.get(f"{path}?page_size={size}").json()["items"]) == size


TENANT_ROUTES = routes(
    "einvoice",
    below=("api/documents", "api/inbox", "api/outbox", "api/drafts", "api/webhooks", "api/stats"),
)


@pytest.mark.parametrize("route", TENANT_ROUTES)
def test_a_strangers_key_finds_what_whoever_guesses_finds(own, acme_key, rivals_company, route):
    made = {
        "document_id": draft(own)["id"],
        "attachment_id": "att_x",
        "webhook_id": own.post(
            "/api/webhooks", {"url": "https://x.example", "events": ["*"]}
        ).json()["id"],
    }
    sister = organizations.create_company(
        Organization.objects.get(name="Acme Accounting"), {"name": "Sister"}, by=SYSTEM
    )
    before = Event.objects.count()
    for other in (rivals_company, sister):
        stranger = Caller(keys.issue(other, name="k", by=SYSTEM)[1])
        before += 1
        for method in ("GET", "POST", "PUT", "DELETE"):
            if method == "POST" and "{" not in route:
                continue
            found = stranger(method, "/" + route.format(**made))
            guess = stranger(
                method, "/" + route.format(document_id="x", webhook_id="x", attachment_id="x")
            )
            assert (found.status_code, found.content) == (guess.status_code, guess.content)
            assert "{" not in route or found.status_code in (404, 405)
    for secret in (None, acme_key, "gh_live_" + "0" * 36):
        assert Caller(secret).get("/" + route.format(**made)).status_code == 401
    assert Event.objects.count() == before


def test_a_tenant_key_with_fewer_rights_does_less(own, sender):
    made = draft(own)["id"]
    reader = Caller(keys.issue(sender, name="k", scopes=["documents.read"], by=SYSTEM)[1])
    assert reader.get(f"/api/documents/{made}").status_code == 200
    assert reader.post(f"/api/documents/{made}/send").status_code == 403
    assert reader.delete(f"/api/documents/{made}").status_code == 403
    assert reader.post("/api/documents", {}).status_code == 403
    receiver = Caller(keys.issue(sender, name="k", scopes=["receive"], by=SYSTEM)[1])
    assert receiver.get(f"/api/documents/{made}").status_code == 404
    assert receiver.get("/api/documents").json()["total"] == 0
    tester = Caller(keys.issue(sender, name="k", environment="test", by=SYSTEM)[1])
    assert tester.get("/api/documents").json()["total"] == 0
