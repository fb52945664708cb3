"""Documents as they are listed and read, by whom (FLO-16, FLO-50)."""

import json
from datetime import date

import pytest

from peppol.models import Document
from tenants.ids import spell
from tenants.models import Organization
from tests.api.flowie.conftest import Flowie

pytestmark = pytest.mark.django_db
SEND, BATCH = "/documents/send", "/documents/send/batch"


def received(company_id, **columns):
    company = Organization.objects.get(kind="managed", pk=company_id)
    return Document.objects.create(
        organization=company,
        direction="inbound",
        kind="invoice",
        state="received",
        instance_id=str(Document.objects.count()),
        sender="0208:0202239951",
        receiver="9957:FR86797978996",
        retain_until=date(2036, 12, 31),
        **columns,
    )


@pytest.fixture
def mixed(acting, company):
    """Three sent ones and a received one."""
    for n in range(3):
        acting.post(SEND, {"document": {"number": f"S-{n}"}})
    return received(Organization.objects.get(kind="managed").pk, number="R-0")


def test_documents_are_listed_in_pages_newest_first(acting, mixed):
    first = acting.get("/documents?limit=3").json()
    second = acting.get(f"/documents?limit=3&cursor={first['nextCursor']}").json()
    numbers = [one["number"] for one in first["documents"] + second["documents"]]
    assert numbers == ["R-0", "S-2", "S-1", "S-0"] and second["nextCursor"] is None
    again = acting.get(f"/documents?cursor={first['nextCursor']}x")
    assert again.json()["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("direction=inbound", ["R-0"]),
        ("direction=outbound", ["S-2", "S-1", "S-0"]),
        ("status=received", ["R-0"]),
        ("status=failed", []),
        ("number=S-1", ["S-1"]),
        ("type=invoice", ["R-0"]),
        ("since=2126-01-01T00:00:00Z", []),
        ("until=2126-01-01T00:00:00Z&number=R-0", ["R-0"]),
    ],
)
def test_documents_are_filtered(acting, mixed, query, numbers):
    found = acting.get(f"/documents?{query}").json()["documents"]
    assert [one["number"] for one in found] == numbers


@pytest.mark.parametrize(
    "query",
    [
        "direction=up",
        "status=lost",
        "type=poem",
        "since=once",
        "limit=-1",
        "cursor=x",
        "number=%00",
    ],
)
def test_a_filter_that_cannot_be_is_named(acting, query):
    answer = acting.get(f"/documents?{query}")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == query.split("=")[0]


@pytest.mark.parametrize("count", [1, 25])
def test_a_list_costs_the_same_however_long(acting, company, count, costs):
    items = [{"document": {"n": n}} for n in range(count)]
    acting.post(BATCH, {"documents": items})
    with costs(4):  # the key, the company, its identifiers, the page
        assert len(acting.get("/documents").json()["documents"]) == count


def test_who_may_only_receive_sees_what_came_in(onboard, mixed, api):
    made = onboard(
        vatNumber="FR11111111111", name="Sister", apiKey={"name": "k", "scopes": ["receive"]}
    )
    tenant, company = Flowie(made["apiKey"]["key"]), made["company"]["id"]
    api.acting(company).post(SEND, {"document": {"number": "S"}})
    received(Organization.objects.get(vat_number="FR11111111111").pk, number="R")
    assert [one["number"] for one in tenant.get("/documents").json()["documents"]] == ["R"]


@pytest.mark.parametrize("rest", ["", "/payload"])
def test_a_document_is_shown_to_its_company_and_platform_alone(
    api, rival_api, acting, tenant, onboard, rest
):
    id = acting.post(SEND, {"document": {"number": "S"}}).json()["id"]
    sister = onboard(vatNumber="FR11111111111", name="Sister")
    for caller in (api, acting, tenant):
        assert caller.get(f"/documents/{id}{rest}").status_code == 200
    unknown = api.get(f"/documents/doc_00000000000000000000000000{rest}")
    for stranger in (
        rival_api,
        Flowie(sister["apiKey"]["key"]),
        api.acting(sister["company"]["id"]),
    ):
        answer = stranger.get(f"/documents/{id}{rest}")
        assert (answer.status_code, answer.content) == (404, unknown.content)


def test_payloads_are_files_and_no_pages(acting):
    id = acting.post(SEND, {"document": {"x": "<script>"}}).json()["id"]
    answer = acting.get(f"/documents/{id}/payload")
    assert answer["Content-Disposition"] == f'attachment; filename="{id}.json"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert json.loads(answer.content) == {"x": "<script>"}


def test_ids_of_other_things_are_no_documents(acting, company):
    assert acting.get(f"/documents/{company}").status_code == 404
    assert spell("doc", Organization.objects.first().pk) != company
