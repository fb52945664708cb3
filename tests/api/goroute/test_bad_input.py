"""Whatever comes in: a documented refusal, nothing written, never a fault of ours."""

import pytest

from tenants.models import Event
from tests.api.goroute.conftest import SAMPLE

# What is refused here is refused before a database is asked.
pytestmark = pytest.mark.once

MALFORMED = {
    "no JSON": b"{",
    "cut": b'{"name": "x"',
    "duplicate keys": b'{"name": "a", "name": "b", "country": "NL"}',
    "NUL": b'{"name": "a\\u0000b", "country": "NL"}',
    "lone surrogate": b'{"name": "\\ud800", "country": "NL"}',
    "beyond 64 bits": b'{"name": 9223372036854775808}',
    "NaN": b'{"name": NaN}',
    "not UTF-8": b'{"name": "\xff"}',
    "nested without end": b"[" * 100_000,
}
COLLECTIONS = ("/organizations", "/invoices", "/participants", "/webhooks", "/api-keys")


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("path", COLLECTIONS)
def test_malformed_json_is_refused(call, path, raw):
    before = Event.objects.count()
    answer = call.post(path, raw=raw)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed_json")
    assert Event.objects.count() == before


@pytest.mark.parametrize("path", COLLECTIONS)
def test_a_body_that_is_too_large_is_refused(call, path):
    # An invoice may carry attachments.
    most = 20 if path.endswith("invoices") else 1
    assert call.post(path, raw=b" " * (most * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("path", COLLECTIONS)
@pytest.mark.parametrize("body", [[], ["x"], "x", 1, None, True], ids=str)
def test_a_body_that_is_no_object_is_refused(call, path, body):
    answer = call.post(path, body)
    assert answer.status_code == 422 and answer.json()["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": 5}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"country": "NLD"}, "country"),
        ({"country": "XX"}, "country"),
        ({"country": "nl"}, "country"),
        ({"country": None}, "country"),
        ({"legal_name": "x" * 256}, "legal_name"),
        ({"vat_number": 123}, "vat_number"),
        ({"vat_number": "x" * 65}, "vat_number"),
        ({"address": "street"}, "address"),
        ({"address": {"country": "Holland"}}, "address.country"),
        ({"address": {"city": {"x": 1}}}, "address.city"),
        ({"contact": {"email": "no mail"}}, "contact.email"),
        ({"contact": {"email": f"{'x' * 250}@x.example"}}, "contact.email"),
        ({"contact": {"phone": "x" * 65}}, "contact.phone"),
        ({"contact": []}, "contact"),
        ({"metadata": ["x"]}, "metadata"),
        ({"metadata": {"x": {"y": 1}}}, "metadata"),
        ({"metadata": {"x" * 41: 1}}, "metadata"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_an_organization_cannot_be_is_refused_with_the_field(
    call, first, method, change, field
):
    before = Event.objects.count()
    path = "/organizations" if method == "POST" else f"/organizations/{first}"
    answer = call(method, path, {**SAMPLE, **change})
    assert answer.status_code == 422, answer.content
    assert answer.json()["fields"][0]["field"] == field
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", ["name", "country"])
def test_an_organization_needs_name_and_country(call, name):
    body = {key: value for key, value in SAMPLE.items() if key != name}
    answer = call.post("/organizations", body)
    entry = {"field": name, "message": "This field is required.", "code": "required"}
    assert (answer.status_code, answer.json()["fields"]) == (422, [entry])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "peppol_id"),
        ({"peppol_id": "nonsense"}, "peppol_id"),
        ({"peppol_id": "0208:ABC"}, "peppol_id"),
        ({"peppol_id": 5}, "peppol_id"),
        ({"scheme": "0208"}, "peppol_id"),
        ({"scheme": "02081", "identifier": "0403170701"}, "scheme"),
        ({"peppol_id": f"0106:{'1' * 200}"}, "peppol_id"),
        ({"peppol_id": "0106:12345678", "name": "x" * 256}, "name"),
    ],
    ids=str,
)
def test_what_cannot_be_registered_is_refused(call, body, field):
    answer = call.post("/participants", body)
    assert (answer.status_code, answer.json()["fields"][0]["field"]) == (422, field)


GOOD = {"url": "https://hooks.example.com/x", "events": ["invoice.delivered"]}


@pytest.mark.parametrize(
    "change",
    [
        {"url": None},
        {"url": ""},
        {"url": "nonsense"},
        {"url": "http://example.com"},
        {"url": "ftp://example.com"},
        {"url": 5},
        {"url": "https://10.0.0.1/x"},
        {"url": f"https://example.com/{'x' * 2000}"},
        {"url": "https://[::1"},
        {"events": []},
        {"events": "invoice.delivered"},
        {"events": [5]},
        {"events": ["x" * 65]},
        {"events": [""]},
        {"events": ["é"]},
        {"events": ["x"] * 101},
        {"secret": "short"},
        {"secret": 5},
        {"secret": "whsec_short"},
        {"description": "x" * 256},
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_webhook_cannot_be_is_refused(call, change):
    before = Event.objects.count()
    answer = call.post("/webhooks", {**GOOD, **change})
    assert answer.status_code == 422, answer.content
    assert answer.json()["fields"][0]["field"] in ("url", "events", "secret", "description") or (
        answer.json()["fields"][0]["field"].startswith("events.")
    )
    made = call.post("/webhooks", GOOD).json()["id"]
    assert call.patch(f"/webhooks/{made}", change).status_code == 422
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": None},
        {"name": 5},
        {"name": "x" * 256},
        {"name": "k", "environment": "prod"},
        {"name": "k", "expires_at": "soon"},
        {"name": "k", "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "k", "description": 5},
    ],
    ids=str,
)
def test_what_a_key_cannot_be_is_refused(call, body):
    answer = call.post("/api-keys", body)
    assert answer.status_code == 422 and answer.json()["fields"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=1e3",
        "limit=",
        "cursor=forged",
        "limit=99999999999999999999",
        "cursor=eyJwayI6MX0",
        f"cursor={'x' * 501}",
        "cursor=%00",
        "cursor=%ed%a0%80",
    ],
)
@pytest.mark.parametrize("path", [*COLLECTIONS, "/transactions"])
def test_what_no_page_can_be_is_refused(call, path, query):
    assert call.get(f"{path}?{query}").status_code == 422


def test_a_cursor_leads_through_its_own_list_only(call, for_org, first, second):
    for n in range(2):
        for_org(first).post("/invoices", {"number": str(n)})
    cursor = for_org(first).get("/invoices?limit=1").json()["next_cursor"]
    assert for_org(first).get(f"/invoices?limit=1&cursor={cursor}").status_code == 200
    for caller, path in (
        (for_org(second), "/invoices"),
        (for_org(first), "/transactions"),
        (call, "/organizations"),
        (for_org(first), "/invoices?direction=outbound"),
    ):
        mark = "&" if "?" in path else "?"
        answer = caller.get(f"{path}{mark}cursor={cursor}")
        assert (answer.status_code, answer.json()["error"]) == (422, "invalid_cursor")


@pytest.mark.parametrize("query", ["direction=sideways", "status=done", "direction="])
def test_a_filter_that_fits_nothing_is_refused(call, query):
    assert call.get(f"/invoices?{query}").status_code == 422


def test_unknown_fields_are_ignored(call):
    answer = call.post("/organizations", {**SAMPLE, "plan": "gold", "status": "closed", "id": 5})
    assert (answer.status_code, answer.json()["status"]) == (201, "active")
