"""What the pages about moving say, sentence by sentence: each is tried, and stands there still."""

import json
from pathlib import Path

import pytest
from django.test import Client

from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.ids import spell
from tests.conftest import SYSTEM, make_company

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs"
F, G, I, K = "/exchange/v1", "/peppol-api/api/v1", "/api/v2/identity", "/api/v0"  # noqa: E741
ACTS = {"X-Flowie-Company": "{company}"}
FOR = {"X-Organization-Id": "{org}"}
NEW = {"address_line1": "S 1", "zip": "1000", "town": "B", "country_code": "BEL"}
NOBODY = "0" * 26

# page, words that are in it, method, path, body, headers, status, what the answer has
SAID = [
    ("flowie", "`/v1` is the same", "GET", "/v1/platform/companies", None, {}, 200, "companies"),
    ("flowie", "`403 COMPANY_REQUIRED`", "GET", f"{F}/stats", None, {}, 403, "COMPANY_REQUIRED"),
    ("flowie", "`400` for what is no JSON", "POST", f"{F}/companies", "{", {}, 400, "MALFORMED"),
    ("flowie", "`422` for what cannot be", "POST", f"{F}/companies", {}, {}, 422, "vatNumber"),
    ("flowie", "blanks, dots and dashes do not count", "POST", f"{F}/companies",
     {"vatNumber": "fr 86.797-978 996"}, {}, 201, "9957:FR86797978996"),
    ("flowie", "A number from which no identifier follows leaves `peppolId` null", "POST",
     f"{F}/companies", {"vatNumber": "SA300000000000003"}, {}, 201, '"peppolId":null'),
    ("flowie", "`from` must be the same company", "POST", f"{F}/documents/send",
     {"from": f"comp_{NOBODY}", "document": {"a": 1}}, ACTS, 422, "company_mismatch"),
    ("flowie", "with the warning `unknown_shape`", "POST", f"{F}/documents/send",
     {"document": {"a": 1}}, ACTS, 202, '"rule":"unknown_shape"'),
    ("flowie", "is `false` in the sandbox, too", "POST", f"{F}/documents/validate",
     {"document": {"a": 1}}, ACTS, 200, '"valid":false'),
    ("flowie", "`accepted` with the document, or `rejected` with the error", "POST",
     f"{F}/documents/send/batch", {"documents": [{"document": {"a": 1}}, {}]}, ACTS, 207,
     '"accepted":1,"rejected":1'),
    ("flowie", "`DELETE /companies/{id}` answers `204`", "DELETE", f"{F}/companies/{{company}}",
     None, {}, 204, ""),
    ("flowie", "A company that is not yours is `404`", "GET", f"{F}/companies/comp_{NOBODY}", None,
     {}, 404, "NOT_FOUND"),
    ("flowie", "two headers that differ are `422 COMPANY_MISMATCH`", "GET", f"{F}/stats", None,
     {**ACTS, "X-Flowie-Organization-Id": "{sister}"}, 422, "COMPANY_MISMATCH"),
    ("flowie", "`limit` up to 100", "GET", f"{F}/companies?limit=101", None, {}, 422, "limit"),
    ("flowie", "A tenant key without scopes gets the five of a tenant", "POST",
     f"{F}/companies/{{company}}/api-keys", {"name": "k"}, {}, 201, 'write","lifecycle"'),
    ("flowie", "in the sandbox only, gives a stranger", "POST", f"{F}/sandbox/bootstrap",
     {}, {}, 201, '"keyType":"personal"'),
    ("goroute", "without `/peppol-api` it is the same", "GET", "/api/v1/organizations", None, {},
     200, "organizations"),
    ("goroute", "`400 organization_mismatch`", "GET", f"{G}/organizations/org_{NOBODY}/invoices",
     None, FOR, 400, "organization_mismatch"),
    ("goroute", "`404 not_found` for both", "GET", f"{G}/invoices", None,
     {"X-Organization-Id": f"org_{NOBODY}"}, 404, "not_found"),
    ("goroute", "**`name` and `country`** are required", "POST", f"{G}/organizations", {}, {}, 422,
     '"field":"country"'),
    ("goroute", "`null` clears", "PATCH", f"{G}/organizations/{{org}}", {"metadata": None}, {}, 200,
     '"metadata":{}'),
    ("goroute", "`warnings` (`fatal`) says why it would be refused", "POST", f"{G}/invoices",
     {"content": "aGVsbG8="}, FOR, 201, '"fatal":true'),
    ("goroute", "what is on no list is `422`", "POST", f"{G}/participants",
     {"peppol_id": "0106:12345678", "document_types": ["Poem"]}, FOR, 422, "unknown_document_type"),
    ("goroute", "`limit` 1 to 100", "GET", f"{G}/invoices?limit=0", None, {}, 422, "limit"),
    ("goroute", "answered is the identifier it goes by", "PATCH", f"{G}/organizations/{{org}}",
     {"peppol_id": "0106:12345678"}, {}, 200, '"peppol_id":"0106:12345678"'),
    ("goroute", "closes it for good", "DELETE", f"{G}/organizations/{{org}}", None, {}, 200,
     '"status":"closed"'),
    ("goroute", "Without a `secret` one is made", "POST", f"{G}/webhooks",
     {"url": "https://e.example", "events": ["*"]}, FOR, 201, '"secret":"whsec_'),
    ("invora", "Platform keys of the portal open the API as tokens do", "POST",
     f"{I}/connected-businesses/list", {}, {}, 200, '"totalCount":"2"'),
    ("invora", "with and without a slash at the end", "POST",
     "/api/identity/v2/connected-businesses/list/", {}, {}, 200, "items"),
    ("invora", "in a `filter` by `part.status.inValues`", "POST", f"{I}/connected-businesses/list",
     {"filter": {"part": {"status": {"inValues": ["SUSPENDED"]}}}}, {}, 200, '"totalCount":"0"'),
    ("invora", "a business without a country is in its platform's", "POST",
     f"{I}/connected-businesses", {"name": "No Country"}, {}, 200, '"country":"BE"'),
    ("invora", "the same whatever their case and spaces", "POST", f"{I}/connected-businesses",
     {"name": " NO  country"}, {}, 200, "clientSecret"),
    ("invora", "`suspend` needs a reason", "POST", f"{I}/connected-businesses/{{tenant}}/suspend",
     {}, {}, 400, '"field":"reason"'),
    ("invora", "of suspended ones; they count until then", "DELETE",
     f"{I}/connected-businesses/{{tenant}}", None, {}, 400, "FAILED_PRECONDITION"),
    ("invora", "**64-bit numbers** are taken as numbers or strings", "POST",
     f"{I}/connected-businesses/list", {"pagination": {"limit": "1"}}, {}, 200, "nextPageCursor"),
    ("fiskaly", "Creating answers `200`", "POST", f"{K}/organizations",
     {"name": "Main One", **NEW}, {}, 200, '"_type":"ORGANIZATION"'),
    ("fiskaly", "are empty strings then", "GET", f"{K}/organizations", None, {}, 200, '"zip":""'),
    ("fiskaly", "zeros and `null` name nobody", "POST", f"{K}/organizations",
     {"name": "Main", **NEW, "contact_person_id": "00000000-0000-0000-0000-000000000000"}, {}, 200,
     '"contact_person_id":null'),
    ("fiskaly", "as a parent `403`", "POST", f"{K}/organizations",
     {"name": "Main", **NEW, "managed_by_organization_id": "01a22dad-16ca-40ff-94c3-49fc9bc28887"},
     {}, 403, "E_FORBIDDEN"),
    ("fiskaly", "(`limit=5001`) is `400`", "GET", f"{K}/organizations?limit=5001", None, {}, 400,
     "limit"),
    ("fiskaly", "Both are read", "GET", f"{K}/organizations/{{uuid7}}", None, {}, 200, "Bakery"),
    ("fiskaly", "Nobody deletes their own", "DELETE", f"{K}/organizations/{{own}}", None, {}, 403,
     "E_FORBIDDEN"),
    ("fiskaly", "`enable-env` adds `LIVE`", "POST", f"{K}/organizations/{{uuid7}}/enable-env",
     {"env": "LIVE"}, {}, 200, "_success"),
    ("fiskaly", "as the organization of a billing address `404`", "POST", f"{K}/billing-addresses",
     {"recipient": "R", **NEW, "organization_id": "01a22dad-16ca-40ff-94c3-49fc9bc28887"}, {}, 404,
     "E_NOT_FOUND"),
]  # fmt: skip


@pytest.fixture
def world(acme, bakery):
    """A platform with two companies, and its key as each vendor's program shows it."""
    key, secret = keys.issue(acme, name="k", kind=ApiKey.Kind.PLATFORM, by=SYSTEM)
    sister = make_company(acme, "Sister")
    ids = {
        "company": spell("comp", bakery.pk),
        "sister": spell("comp", sister.pk),
        "org": spell("org", bakery.pk),
        "tenant": spell("tenant", bakery.pk),
        "uuid7": str(bakery.pk),
        "own": str(acme.pk),
    }
    return ids, key, secret


def sign(vendor, key, secret):
    if vendor == "goroute":
        return {"X-API-Key": secret}
    if vendor == "fiskaly":
        signed = {"api_key": key.public_id, "api_secret": secret}
        answer = Client().post(f"{K}/auth", json.dumps(signed), content_type="application/json")
        secret = answer.json()["access_token"]
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    ("vendor", "words", "method", "path", "body", "headers", "status", "has"),
    SAID,
    ids=[f"{row[0]}: {row[1]}" for row in SAID],
)
def test_it_is_as_the_page_says(world, vendor, words, method, path, body, headers, status, has):
    page = (DOCS / f"moving-from-{vendor}.md").read_text()
    assert " ".join(words.split()) in " ".join(page.split())
    ids, key, secret = world
    told = {name: value.format(**ids) for name, value in headers.items()}
    answer = Client().generic(
        method,
        path.format(**ids),
        body if isinstance(body, str) else json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={**sign(vendor, key, secret), **told},
    )
    assert answer.status_code == status, answer.content
    assert has in answer.content.decode()
