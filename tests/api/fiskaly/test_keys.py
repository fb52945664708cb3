"""API keys: made with a secret shown once, switched off and on, named once per organization."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection

from apikeys.models import ApiKey
from apikeys.services import keys as services
from config.api.fiskaly.ids import spell
from tenants.ids import uuid7
from tenants.models import Event
from tests.api.fiskaly.conftest import (
    Program,
    make_key,
    make_user,
    opened,
    opened_by,
    sign_in,
)
from tests.conftest import SYSTEM, make_company

FIELDS = {
    "_id",
    "_type",
    "_envs",
    "key",
    "secret",
    "created_at",
    "created_by_user",
    "name",
    "status",
    "metadata",
    "managed_by_organization_id",
}
TILL = {"name": "till-1", "status": "enabled"}


def keys(organization):
    return f"/organizations/{organization.pk}/api-keys"


@pytest.fixture
def fis(trying):
    """At work with a TEST token, which makes and sees TEST keys."""
    return trying


@pytest.fixture
def bakery(acme):
    """A TEST token sees no LIVE company."""
    return make_company(acme, "Bakery Peeters", environment="test")


@pytest.fixture
def till(fis, bakery):
    answer = fis.post(keys(bakery), {**TILL, "metadata": {"shop": "1"}})
    assert answer.status_code == 200, answer.content
    return answer.json()


def one(bakery, till):
    return f"{keys(bakery)}/{till['_id']}"


def test_a_key_is_made_with_its_secret(fis, bakery, acme, till):
    """FIS-37, FIS-44, FIS-66."""
    assert set(till) == FIELDS and UUID(till["_id"]).version == 4
    assert re.fullmatch("[0-9A-Za-z]{43}", till["secret"]), "as two clients check it"
    assert (till["_type"], till["_envs"]) == ("MANAGED_API_KEY", ["TEST"])
    assert (till["name"], till["status"], till["metadata"]) == ("till-1", "enabled", {"shop": "1"})
    assert till["managed_by_organization_id"] == spell(acme.pk)
    assert type(till["created_at"]) is int and abs(till["created_at"] - time.time()) < 5
    token = sign_in(api_key=till["key"], api_secret=till["secret"]).json()
    assert token["access_token_claims"]["organization_id"] == spell(bakery.pk)
    assert Program(token["access_token"]).get(f"/organizations/{bakery.pk}").status_code == 200


def test_a_main_organizations_key_reaches_its_companies(fis, acme, bakery):
    """FIS-44."""
    made = fis.post(keys(acme), TILL).json()
    assert (made["_type"], made["managed_by_organization_id"]) == ("API_KEY", None)
    token = sign_in(api_key=made["key"], api_secret=made["secret"]).json()["access_token"]
    assert Program(token).get(f"/organizations/{bakery.pk}").status_code == 200


def test_a_key_of_the_platform_alone_makes_no_key_that_reaches_further(acme, bakery):
    narrow = opened(*make_key(acme, ApiKey.Kind.COMPANY))
    assert narrow.get(f"/organizations/{bakery.pk}").status_code == 404
    made = narrow.post(keys(acme), TILL).json()
    token = sign_in(api_key=made["key"], api_secret=made["secret"]).json()["access_token"]
    assert Program(token).get(f"/organizations/{bakery.pk}").status_code == 404


def test_the_secret_is_shown_when_the_key_is_made_and_never_again(fis, bakery, till):
    """FIS-40, C-37."""
    path = one(bakery, till)
    shown = [
        fis.get(path),
        fis.patch(path, {"status": "enabled"}),
        fis.put(path, {}),
        fis.get(keys(bakery)),
        fis.patch(path, {"metadata": {"a": "b"}}),
    ]
    assert all(till["secret"] not in answer.content.decode() for answer in shown)
    assert shown[0].json() == {**till, "secret": None}
    assert till["secret"] not in str(list(Event.objects.values()))


NAMES = [
    ("abc", 200),
    ("a-1", 200),
    ("a" * 30, 200),
    ("---", 200),
    ("ab", 400),
    ("a" * 31, 400),
    ("GastroPilot-1", 400),
    ("till 1", 400),
    ("till_1", 400),
    ("", 400),
    (None, 400),
    ("tïll", 400),
    ("till\n", 400),
    (123, 400),
]


@pytest.mark.parametrize(("name", "status"), NAMES, ids=[repr(n)[:20] for n, _ in NAMES])
def test_names_of_keys(fis, bakery, name, status):
    """FIS-38."""
    assert fis.post(keys(bakery), {**TILL, "name": name}).status_code == status


def test_a_name_is_an_organizations_only_one(fis, bakery, acme, till):
    """FIS-39."""
    answer = fis.post(keys(bakery), TILL)
    assert (answer.status_code, answer.json()["code"]) == (409, "E_NAME_TAKEN")
    assert answer["x-should-retry"] == "false"
    assert fis.post(keys(acme), TILL).status_code == 200
    fis.patch(one(bakery, till), {"status": "disabled"})
    assert fis.post(keys(bakery), TILL).status_code == 409
    fis.delete(one(bakery, till))
    assert fis.post(keys(bakery), TILL).status_code == 200


def test_the_name_of_a_key_that_another_surface_made_is_taken_too(fis, bakery):
    """FIS-39."""
    services.issue(bakery, name="till-1", by=SYSTEM)
    assert fis.post(keys(bakery), TILL).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_keys_of_one_name_one_is_made(key, bakery):
    """FIS-39, in parallel."""
    token = sign_in(api_key=key[0].public_id, api_secret=key[1]).json()["access_token"]

    def create(_):
        try:
            return Program(token).post(keys(bakery), TILL).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(create, range(6)))
    assert statuses == [200, 409, 409, 409, 409, 409]
    assert ApiKey.objects.of(bakery).count() == 1


def test_without_a_status_a_key_is_enabled_and_it_may_be_born_disabled(fis, bakery):
    """C-39, FIS-42."""
    assert fis.post(keys(bakery), {"name": "abc"}).json()["status"] == "enabled"
    made = fis.post(keys(bakery), {"name": "off", "status": "disabled"}).json()
    assert made["status"] == "disabled"
    assert sign_in(api_key=made["key"], api_secret=made["secret"]).status_code == 401


def test_what_clients_send_besides_is_ignored(fis, bakery, acme):
    body = {**TILL, "managed_by_organization_id": spell(acme.pk), "kind": "x", "_id": 1}
    assert fis.post(keys(bakery), body).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_key_is_switched_and_annotated_and_keeps_its_name(fis, bakery, till, method):
    """FIS-41, FIS-42, FIS-45."""
    path = one(bakery, till)
    body = {"status": "disabled", "metadata": {"a": "b"}, "name": "other", "key": "x"}
    changed = fis(method, path, body)
    assert changed.status_code == 200
    assert changed.json() == {
        **till,
        "secret": None,
        "status": "disabled",
        "metadata": {"a": "b"},
    }
    credentials = {"api_key": till["key"], "api_secret": till["secret"]}
    assert sign_in(**credentials).status_code == 401
    assert fis(method, path, {"status": "enabled"}).json()["metadata"] == {"a": "b"}
    assert sign_in(**credentials).status_code == 200


def test_one_change_is_one_event(fis, bakery, till):
    before = Event.objects.count()
    fis.patch(one(bakery, till), {"status": "disabled", "metadata": {"a": "b"}})
    fis.patch(one(bakery, till), {"status": "disabled", "metadata": {"a": "b"}})
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize(
    "body",
    [
        {"status": "off"},
        {"status": None},
        {"status": True},
        {"metadata": []},
        [],
        {"metadata": {"k" * 41: ""}},
        {"metadata": {"k": "v" * 501}},
        {"metadata": {str(n): "" for n in range(21)}},
    ],
    ids=lambda body: str(body)[:30],
)
def test_a_bad_change_changes_nothing(fis, bakery, till, body):
    """FIS-65."""
    assert fis.patch(one(bakery, till), body).status_code == 400
    assert (
        fis.post(keys(bakery), {**TILL, "name": "new", **body} if body else []).status_code == 400
    )
    assert fis.get(one(bakery, till)).json() == {**till, "secret": None}


def test_the_list(fis, bakery, till):
    """FIS-36, FIS-43."""
    for name in ("zzz", "aaa"):
        fis.post(keys(bakery), {"name": name, "status": "disabled"})
    body = fis.get(keys(bakery)).json()
    assert (set(body), body["_type"], body["count"]) == (
        {"data", "count", "_type"},
        "API_KEY_LIST",
        3,
    )

    def named(query):
        return [row["name"] for row in fis.get(f"{keys(bakery)}?{query}").json()["data"]]

    assert named("") == named("order_by=created_at") == ["till-1", "zzz", "aaa"]
    assert named("order=desc") == ["aaa", "zzz", "till-1"]
    assert named("order_by=name") == ["aaa", "till-1", "zzz"]
    assert named("order_by=status")[-1] == "till-1"
    assert named("status=disabled") == ["zzz", "aaa"] and named("status=enabled") == ["till-1"]
    assert named("limit=1&offset=1") == ["zzz"]


@pytest.mark.parametrize("query", ["limit=101", "limit=-1", "order_by=key", "status=x", "offset=x"])
def test_a_query_that_makes_no_sense_is_refused(fis, bakery, query):
    assert fis.get(f"{keys(bakery)}?{query}").status_code == 400


@pytest.mark.parametrize("rows", [1, 12])
def test_a_list_takes_as_many_queries_however_long(fis, bakery, rows, costs):
    for n in range(rows):
        services.issue(bakery, name=f"k{n}", environment="test", by=SYSTEM)
    fis.get(keys(bakery))
    with costs(5):  # the caller, the organization, ids, rows, count
        fis.get(keys(bakery))


def test_a_revoked_key_is_gone(fis, bakery, till):
    """Clients delete keys, though the document does not say how."""
    path = one(bakery, till)
    assert fis.delete(path).json() == {"_success": True}
    assert [fis.get(path).status_code, fis.delete(path).status_code] == [404, 404]
    assert fis.get(keys(bakery)).json()["count"] == 0


def test_live_keys_are_made_by_live_tokens_for_live_organizations(fis, live, acme, bakery):
    """C-47, FIS-62."""
    assert live.post(keys(acme), {"name": "live-1"}).json()["_envs"] == ["LIVE"]
    assert fis.post(keys(acme), {"name": "test-1"}).json()["_envs"] == ["TEST"]
    assert live.post(keys(bakery), {"name": "live-1"}).json()["_envs"] == ["TEST"]


def test_one_organizations_key_is_not_anothers(fis, acme, till):
    """FIS-58."""
    for id in (till["_id"], uuid7(), "x", till["key"]):
        assert fis.get(f"{keys(acme)}/{id}").status_code == 404


def test_a_person_is_named_as_the_maker_and_needs_the_right(acme, bakery):
    """FIS-61."""
    owner = make_user("boss@acme.example", acme)
    made = opened_by(owner).post(keys(bakery), TILL).json()
    assert made["created_by_user"] == spell(owner.pk)
    viewer = opened_by(make_user("v@acme.example", acme, role="viewer"))
    assert viewer.get(keys(bakery)).status_code == 200
    assert viewer.post(keys(bakery), {"name": "mine"}).status_code == 403
    assert viewer.patch(one(bakery, made), {"status": "disabled"}).status_code == 403
    assert viewer.delete(one(bakery, made)).status_code == 403
