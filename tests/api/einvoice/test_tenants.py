"""Tenants of the Admin API."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.models import Event, Organization
from tests.api.conftest import Caller
from tests.api.einvoice.conftest import TENANTS
from tests.conftest import make_company

FULL = {
    "name": "customer-company-bvba",
    "description": "Customer Company BVBA - Accounting Software Integration",
    "company_number": "0123456789",
    "company_tax_id": "BE0123456789",
    "peppol_ids": ["0208:0123456789"],
}
FIELDS = {
    "id",
    "name",
    "description",
    "company_number",
    "company_tax_id",
    "peppol_ids",
    "test_mode",
    "created_at",
    "updated_at",
    "is_deleted",
    *(f"company_{name}" for name in ("name", "email", "address", "zip", "city", "country")),
    "smp_registration",
    "smp_registration_date",
}
COMPANY = {
    "company_name": "Customer Company BVBA",
    "company_email": "info@customer.example",
    "company_address": "Korenmarkt 5",
    "company_zip": "9000",
    "company_city": "Gent",
    "company_country": "Belgium",
}


def test_creation_answers_with_every_field(call):
    """EIN-06, EIN-14, EIN-39, EIN-41, EIN-42: the documented sample with its wrong check digits."""
    answer = call.post(TENANTS, FULL)
    assert answer.status_code == 201
    shown = answer.json()
    assert set(shown) == FIELDS
    assert {name: shown[name] for name in FULL} == FULL
    assert (shown["is_deleted"], shown["test_mode"]) == (False, False)
    assert shown["created_at"].endswith("Z") and datetime.fromisoformat(shown["created_at"])
    assert call.get(f"{TENANTS}/{shown['id']}").json() == shown


def test_all_but_the_name_is_optional(call):
    """EIN-10, C-07; null is sent by real clients."""
    nothing = {"description": None, "company_number": None, "peppol_ids": None}
    for name, extra in (("one", {}), ("two", nothing)):
        shown = call.post(TENANTS, {"name": name, **extra}).json()
        assert (shown["description"], shown["company_tax_id"], shown["peppol_ids"]) == (
            None,
            None,
            [],
        )


def test_a_tenants_company_and_address_are_taken_and_shown(call):
    """Resellers keep them with the tenant, and its own key reads them at /api/me."""
    made = call.post(TENANTS, {"name": "one", **COMPANY, "company_country": "be"}).json()
    assert {name: made[name] for name in COMPANY} == COMPANY
    path = f"{TENANTS}/{made['id']}"
    moved = call.put(path, {"company_city": "Brugge", "company_country": "France"}).json()
    assert (moved["company_city"], moved["company_country"]) == ("Brugge", "France")
    assert moved["company_zip"] == "9000"
    assert Organization.objects.get(handle="one").country == "BE"
    assert call.put(path, {**moved, **COMPANY}).json()["company_country"] == "Belgium"
    key = call.post(f"{path}/api-keys", {"name": "k"}).json()["key"]
    me = Caller(key).get("/api/me").json()
    assert {name: me[name] for name in COMPANY} == COMPANY
    for name, value in (("company_email", "nobody"), ("company_country", "Atlantis")):
        refused = call.put(path, {name: value})
        assert refused.status_code == 422
        assert refused.json()["detail"][0]["loc"] == ["body", name]


@pytest.mark.parametrize("body", [{}, None])
def test_a_missing_name_is_said_in_the_documented_words(call, body):
    """EIN-07."""
    answer = call.post(TENANTS, body)
    assert answer.status_code == 422
    assert answer.json() == {
        "detail": [
            {"loc": ["body", "name"], "msg": "field required", "type": "value_error.missing"}
        ]
    }


@pytest.mark.parametrize("name", ["Customer 1", "customer 1", "Customer", "a\tb", "ÉCOLE", "", " "])
def test_a_name_is_lowercase_and_without_spaces(call, name):
    """EIN-08."""
    answer = call.post(TENANTS, {"name": name})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "name"]


@pytest.mark.parametrize(
    "name", ["0208:0705969661", "customer_1", "cust-42", "école.be", "x" * 255]
)
def test_names_that_real_clients_use_are_taken(call, name):
    answer = call.post(TENANTS, {"name": name})
    assert (answer.status_code, answer.json()["name"]) == (201, name)


@pytest.mark.parametrize(
    "field, value, type_",
    [
        ("name", 5, "type_error.str"),
        ("name", None, "type_error.none.not_allowed"),
        ("name", "x" * 256, "value_error.any_str.max_length"),
        ("description", ["a"], "type_error.str"),
        ("description", "x" * 2001, "value_error.any_str.max_length"),
        ("company_number", True, "type_error.str"),
        ("company_tax_id", "x" * 65, "value_error.any_str.max_length"),
        ("peppol_ids", "0208:0123456789", "type_error.list"),
        ("peppol_ids", ["0208:0123456789", "9925:BE0123456789"], "value_error.list.max_items"),
        ("peppol_ids", ["BE0123456789"], "value_error"),
        ("peppol_ids", [7], "type_error.str"),
    ],
)
def test_a_field_that_cannot_be_is_refused_where_it_stands(call, field, value, type_):
    """EIN-11, EIN-12."""
    answer = call.post(TENANTS, {"name": "customer", field: value})
    assert answer.status_code == 422
    entry = answer.json()["detail"][0]
    assert (entry["loc"][:2], entry["type"]) == (["body", field], type_)
    assert not Organization.objects.filter(kind="managed").exists()


@pytest.mark.parametrize(
    "raw, status",
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[]", 422),
        (b'"x"', 422),
        (b"3", 422),
        (b"null", 422),
        (b'{"name": "a", "name": "b"}', 400),
        (b'{"name": NaN}', 400),
        (b'{"n": 99999999999999999999}', 400),
        (b'{"n": 1e999}', 400),
        (b'{"name": "a\\u0000b"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b"[" * 100000, 400),
        (b'{"name": "a' + b"x" * 1024 * 1024 + b'"}', 413),
    ],
)
def test_a_body_that_is_no_good_json_is_refused(call, raw, status):
    answer = call.post(TENANTS, raw=raw)
    assert answer.status_code == status and answer.json()["detail"]
    assert not Organization.objects.filter(kind="managed").exists()


def test_fields_that_nobody_knows_are_ignored(call):
    assert call.post(TENANTS, {"name": "customer", "new_field": 1}).status_code == 201


def test_the_same_name_again_is_a_conflict(call, tenant):
    """EIN-09; clients by Stainless would try again if they were not told otherwise."""
    answer = call.post(TENANTS, {"name": tenant["name"]})
    assert answer.status_code == 409
    assert answer.json() == {"detail": "A tenant with similar name already exists"}
    assert answer["x-should-retry"] == "false"


def test_a_deleted_tenants_name_is_free_again(call, tenant, at):
    """EIN-16, C-11."""
    assert call.delete(at()).status_code == 204
    again = call.post(TENANTS, {"name": tenant["name"]})
    assert again.status_code == 201 and again.json()["id"] != tenant["id"]
    assert [t["id"] for t in call.get(TENANTS).json()["tenants"]] == [again.json()["id"]]


def test_a_204_carries_no_content_type(call, at):
    answer = call.delete(at())
    assert "Content-Type" not in answer and answer.content == b""


def test_the_list_is_paged_without_overlap_and_newest_first(call):
    """EIN-04, EIN-05, C-10."""
    names = [call.post(TENANTS, {"name": f"t{n}"}).json()["name"] for n in range(5)]
    seen = []
    for skip in (0, 2, 4, 6):
        page = call.get(f"{TENANTS}?skip={skip}&limit=2").json()
        assert page["total"] == 5
        assert all(set(t) == FIELDS for t in page["tenants"])
        seen += [t["name"] for t in page["tenants"]]
    assert seen == names[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "skip=-1",
        "limit=-1",
        "limit=0",
        "limit=1001",
        "skip=x",
        "limit=1.5",
        "skip=" + "9" * 30,
        "limit=%00",
        "limit=",
    ],
)
def test_a_page_that_cannot_be_is_refused(call, query):
    answer = call.get(f"{TENANTS}?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", query.split("=")[0]]


def test_the_list_costs_the_same_however_long(acme, call):
    costs = []
    for count in (3, 30):
        for n in range(count):
            make_company(acme, f"c{count}-{n}")
        call.get(TENANTS)
        with CaptureQueriesContext(connection) as queries:
            call.get(TENANTS)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


def test_an_update_changes_what_was_given_and_keeps_the_rest(call, tenant, at):
    """EIN-15, C-18."""
    changed = call.put(at(), {"description": "Updated", "company_tax_id": "BE0123456789"}).json()
    assert (changed["name"], changed["description"]) == (tenant["name"], "Updated")
    assert changed["peppol_ids"] == tenant["peppol_ids"]
    assert changed["created_at"] == tenant["created_at"]
    assert changed["updated_at"] >= tenant["updated_at"]
    whole = call.put(at(), {**FULL, "peppol_ids": ["0208:0403170701"]}).json()
    assert whole["peppol_ids"] == ["0208:0403170701"]
    assert call.put(at(), {"peppol_ids": []}).json()["peppol_ids"] == []


def test_an_update_may_not_take_anothers_name(call, at):
    call.post(TENANTS, {"name": "taken"})
    assert call.put(at(), {"name": "taken"}).status_code == 409


def test_a_company_of_another_surface_is_a_tenant_too(call, acme):
    company = make_company(acme, "Acme Riyadh Branch")
    (shown,) = call.get(TENANTS).json()["tenants"]
    assert shown["name"] == "Acme Riyadh Branch"
    path = f"{TENANTS}/{company.pk}"
    assert call.get(path).json() == shown
    assert call.put(path, {**shown, "description": "x"}).status_code == 200


def test_every_write_is_one_event_that_names_the_key(call, tenant):
    """EIN-49."""
    event = Event.objects.get(type="company.created", organization__handle=tenant["name"])
    assert (event.actor_kind, event.actor_label[:4]) == ("key", "acme")
    assert event.request_id


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_for_one_name_one_wins(acme_key):
    def create(_):
        try:
            return Caller(acme_key).post(TENANTS, {"name": "wanted"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(create, range(6)))
    assert statuses == [201, 409, 409, 409, 409, 409]
