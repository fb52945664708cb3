"""A tenant's API keys."""

import pytest

from tests.api.conftest import Caller

SHOWN = {"id", "tenant_id", "name", "description", "created_at", "updated_at", "is_deleted"}


@pytest.fixture
def key(call, at):
    return call.post(at("/api-keys"), {"name": "production-key", "description": "Ours"}).json()


def test_a_key_is_shown_once_with_every_field(call, tenant, key):
    """EIN-20, EIN-27."""
    assert set(key) == {*SHOWN, "key"}
    assert key["key"].startswith("einv_prod_") and key["tenant_id"] == tenant["id"]
    assert (key["name"], key["description"], key["is_deleted"]) == ("production-key", "Ours", False)


def test_an_answer_with_a_key_is_kept_by_no_cache(call, at):
    answer = call.post(at("/api-keys"), {"name": "k", "description": None})
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")


@pytest.mark.parametrize(
    "body, type_", [({}, "value_error.missing"), ({"name": 1}, "type_error.str")]
)
def test_a_key_needs_a_name(call, at, body, type_):
    """EIN-21."""
    answer = call.post(at("/api-keys"), body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["type"] == type_


def test_the_list_shows_keys_without_their_values(call, at, key):
    """EIN-22, EIN-23."""
    for n in range(3):
        call.post(at("/api-keys"), {"name": f"k{n}"})
    page = call.get(at("/api-keys?limit=2")).json()
    assert (len(page["api_keys"]), page["total"]) == (2, 4)
    assert all(set(one) == SHOWN for one in page["api_keys"])
    everything = call.get(at("/api-keys?limit=100")).content.decode()
    assert key["key"] not in everything


def test_the_latest_key_is_the_newest_that_lives(call, at, key):
    """EIN-24, C-12."""
    newer = call.post(at("/api-keys"), {"name": "newer"}).json()
    assert call.get(at("/api-keys/latest")).json()["id"] == newer["id"]
    call.delete(at(f"/api-keys/{newer['id']}"))
    latest = call.get(at("/api-keys/latest")).json()
    assert latest["id"] == key["id"] and "key" not in latest
    call.delete(at(f"/api-keys/{key['id']}"))
    answer = call.get(at("/api-keys/latest"))
    assert (answer.status_code, answer.json()) == (404, {"detail": "API key not found"})


def test_a_key_can_be_renamed(call, at, key):
    """EIN-25, EIN-27."""
    body = {"name": "production-key-v2", "description": "Updated"}
    changed = call.put(at(f"/api-keys/{key['id']}"), body).json()
    assert set(changed) == SHOWN
    assert (changed["name"], changed["description"]) == ("production-key-v2", "Updated")


def test_a_revoked_key_is_gone_and_opens_nothing(call, at, key):
    """EIN-26, EIN-40."""
    customer = Caller(key["key"])
    assert customer.get("/api/me").status_code == 200
    assert call.delete(at(f"/api-keys/{key['id']}")).status_code == 204
    assert customer.get("/api/me").status_code == 401
    assert call.get(at("/api-keys")).json()["total"] == 0
    assert call.delete(at(f"/api-keys/{key['id']}")).status_code == 404


def test_rotation_needs_no_pause(call, at, key):
    """EIN-28, EIN-44."""
    new = call.post(at("/api-keys"), {"name": "production-key-v2"}).json()
    assert all(Caller(k["key"]).get("/api/me").status_code == 200 for k in (key, new))
    call.delete(at(f"/api-keys/{key['id']}"))
    assert Caller(key["key"]).get("/api/me").status_code == 401
    assert Caller(new["key"]).get("/api/me").status_code == 200


def test_another_tenants_key_is_unknown(call, at, key):
    other = call.post("/api/admin/tenants", {"name": "other"}).json()["id"]
    path = f"/api/admin/tenants/{other}/api-keys/{key['id']}"
    assert call.put(path, {"name": "x"}).json() == {"detail": "API key not found"}
    assert call.delete(path).status_code == 404


def test_a_key_is_also_named_by_its_value(call, rival_call, at, key):
    """Some clients keep nothing else; the value is looked for by its digest."""
    path, other = at(f"/api-keys/{key['key']}"), key["key"][:-1] + "?"
    assert rival_call.put(path, {"name": "theirs"}).status_code == 404
    assert call.put(at(f"/api-keys/{other}"), {"name": "x"}).status_code == 404
    changed = call.put(path, {"name": "by value"})
    assert (changed.json()["id"], changed.json()["name"]) == (key["id"], "by value")
    assert key["key"] not in changed.content.decode()
    tenant = call.post("/api/admin/tenants", {"name": "other"}).json()["id"]
    assert call.delete(f"/api/admin/tenants/{tenant}/api-keys/{key['key']}").status_code == 404
    assert call.delete(path).status_code == 204
    assert Caller(key["key"]).get("/api/me").status_code == 401
    assert call.delete(path).status_code == 404


def test_a_deleted_tenants_keys_open_nothing(call, at, key):
    call.delete(at())
    assert Caller(key["key"]).get("/api/me").status_code == 401


def test_the_account_has_the_fields_of_the_tenant_api(call, tenant, key):
    me = Caller(key["key"]).get("/api/me/").json()
    assert (me["name"], me["peppol_ids"]) == (tenant["name"], tenant["peppol_ids"])
    assert (me["smp_registration"], me["company_country"]) == (False, "Belgium")


def test_an_organization_key_is_no_tenant_key(call):
    assert call.get("/api/me").status_code == 401
