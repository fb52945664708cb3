"""What every answer has: envelope, request id, JSON that is read strictly, documents."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from openapi_spec_validator import validate

from config.api.fiskaly.ids import spell
from config.api.fiskaly.responses import OrganizationAnswer
from tenants.models import Event, Organization
from tests.api.fiskaly.conftest import ADDRESS, NEW, Program, make_key, sign_in

ALL = "/organizations"
WRITES = [
    ("POST", "/auth"),
    ("POST", ALL),
    ("PATCH", f"{ALL}/{{id}}"),
    ("PUT", f"{ALL}/{{id}}"),
    ("POST", f"{ALL}/{{id}}/enable-env"),
    ("POST", f"{ALL}/{{id}}/api-keys"),
    ("PATCH", f"{ALL}/{{id}}/api-keys/{{key}}"),
    ("POST", f"{ALL}/{{id}}/users"),
    ("POST", "/billing-addresses"),
]
BROKEN = {
    "not JSON": b"{",
    "not UTF-8": b'{"name": "\xff"}',
    "a key twice": b'{"name":"a","name":"b"}',
    "NUL": b'{"name": "a\\u0000b"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "NUL in a key": b'{"metadata": {"a\\u0000": "b"}}',
    "beyond 64 bits": b'{"name": 1e999}',
    "a huge integer": b'{"name": 99999999999999999999}',
    "NaN": b'{"name": NaN}',
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"1",
}


@pytest.fixture
def places(bakery, key):
    return {"id": bakery.pk, "key": make_key(bakery, "company")[0].pk}


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_broken_body_is_refused_and_writes_nothing(fis, places, broken):
    events = Event.objects.count()
    for method, path in WRITES:
        answer = fis(method, path.format(**places), raw=BROKEN[broken])
        assert answer.status_code == 400, (method, path)
        assert set(answer.json()) == {"status_code", "error", "code", "message"}
    assert Event.objects.count() == events


def test_a_body_that_is_too_large_is_refused(fis):
    answer = fis.post(ALL, raw=b'{"name":"' + b"x" * (1024 * 1024) + b'"}')
    assert answer.status_code == 413 and answer.json()["status_code"] == 413


def test_unknown_fields_are_ignored_and_empty_bodies_are_objects(fis, bakery):
    assert fis.post(ALL, {**NEW, "_id": 1, "status": [], "": None}).status_code == 200
    assert fis.patch(f"{ALL}/{bakery.pk}", raw=b"").status_code == 200
    answer = fis.post(ALL, NEW, content_type="text/plain")
    assert answer.status_code == 200


def test_every_answer_has_an_id_of_its_own(fis, stranger, acme, monkeypatch):
    """FIS-08: 200, 400, 401, 404, 405 and 500."""
    answers = [
        fis.get(ALL),
        fis.get(ALL),
        fis.post(ALL, {}),
        stranger.get(ALL),
        fis.get(f"{ALL}/x"),
        fis.get("/nowhere"),
        fis.delete(ALL),
        stranger.post("/auth", {}),
    ]
    monkeypatch.setattr(OrganizationAnswer, "of", lambda row: 1 / 0)
    answers.append(fis.get(f"{ALL}/{acme.pk}"))
    assert [a.status_code for a in answers] == [200, 200, 400, 401, 404, 404, 405, 400, 500]
    assert len({answer["X-Request-ID"] for answer in answers}) == len(answers)


@pytest.mark.parametrize(
    ("path", "status", "error", "code"),
    [
        (f"{ALL}?limit=-1", 400, "Bad Request", "E_INVALID"),
        (f"{ALL}/x", 404, "Not Found", "E_NOT_FOUND"),
        ("/nowhere", 404, "Not Found", "E_NOT_FOUND"),
        ("", 404, "Not Found", "E_NOT_FOUND"),
        ("/organizations/x/y/z", 404, "Not Found", "E_NOT_FOUND"),
        (f"{ALL}/%00", 404, "Not Found", "E_NOT_FOUND"),
        ("/auth", 405, "Method Not Allowed", "E_METHOD_NOT_ALLOWED"),
    ],
)
def test_errors_have_one_shape(fis, path, status, error, code):
    """FIS-09, FIS-58."""
    answer = fis.get(path)
    body = answer.json()
    assert answer.status_code == status and answer["Content-Type"] == "application/json"
    assert (body["status_code"], body["error"], body["code"]) == (status, error, code)
    assert body["message"] and set(body) == {"status_code", "error", "code", "message"}


def test_paths_that_lead_nowhere_do_so_for_everybody(stranger, db):
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        assert stranger(method, "/nowhere").status_code == 404


def test_an_unforeseen_fault_is_temporary_and_leaves_nothing(fis, monkeypatch):
    """FIS-67."""
    monkeypatch.setattr(OrganizationAnswer, "of", lambda row: 1 / 0)
    answer = fis.post(ALL, NEW, headers={"Idempotency-Key": "k"})
    assert answer.json() == {
        "status_code": 500,
        "error": "Internal Server Error",
        "code": "E_INTERNAL_ERROR",
        "message": "Internal Server Error",
    }
    assert not Organization.objects.filter(name=NEW["name"]).exists()
    monkeypatch.undo()
    assert fis.post(ALL, NEW, headers={"Idempotency-Key": "k"}).status_code == 200


def test_too_many_requests_are_told_to_wait(fis, monkeypatch):
    """FIS-67."""
    monkeypatch.setattr("config.api.fiskaly.surface.LEAST_PER_MINUTE", 101)
    answers = [fis.get("/billing-addresses") for _ in range(102)]
    assert [a.status_code for a in answers[-2:]] == [200, 429]
    assert int(answers[-1]["Retry-After"]) > 0 and answers[0]["X-RateLimit-Limit"] == "101"


def test_a_call_may_be_repeated(fis, bakery):
    path, headers = f"{ALL}/{bakery.pk}/api-keys", {"Idempotency-Key": "once"}
    first, again = (fis.post(path, {"name": "abc"}, headers=headers) for _ in range(2))
    assert first.content == again.content and first.json()["secret"]
    assert fis.post(path, {"name": "abd"}, headers=headers).status_code == 422


def test_people_of_one_organization_repeat_their_own_calls_only(acme, robin_fis, fis, bakery):
    path, headers = f"{ALL}/{bakery.pk}/api-keys", {"Idempotency-Key": "once"}
    assert robin_fis.post(path, {"name": "abc"}, headers=headers).status_code == 200
    assert fis.post(path, {"name": "abc"}, headers=headers).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_free_place_one_gets_it(key, acme):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    token = sign_in(api_key=key[0].public_id, api_secret=key[1]).json()["access_token"]
    body = {**NEW, "managed_by_organization_id": spell(acme.pk)}

    def create(_):
        try:
            return Program(token).post(ALL, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, range(4))) == [200, 403, 403, 403]


def test_paths_answer_with_and_without_a_slash(fis, acme):
    for path in (ALL, f"{ALL}/{acme.pk}", f"{ALL}/{acme.pk}/users", "/billing-addresses"):
        assert fis.get(path).content == fis.get(f"{path}/").content


def test_the_scenario_of_the_document(fis, acme):
    """FIS-64: token, managed organization, key, token of that key, billing address."""
    made = fis.post(ALL, {**NEW, "managed_by_organization_id": spell(acme.pk)}).json()
    below = f"{ALL}/{made['_id']}"
    key = fis.post(f"{below}/api-keys", {"name": "till-1", "status": "enabled"}).json()
    token = sign_in(api_key=key["key"], api_secret=key["secret"]).json()
    assert token["access_token_claims"]["organization_id"] == made["_id"]
    its = Program(token["access_token"])
    address = its.post("/billing-addresses", ADDRESS).json()
    assert address["organization_id"] == made["_id"]
    assert its.patch(below, {"billing_address_id": address["_id"]}).status_code == 200
    assert fis.get("/billing-addresses").json()["data"] == [address]


# --- The document ---------------------------------------------------------------------------------
@pytest.fixture
def document(client, db):
    return client.get("/api/docs/fiskaly.json").json()


def test_the_document_is_valid_and_describes_every_operation(document):
    validate(document)
    assert document["openapi"].startswith("3.1")
    operations = {
        f"{method.upper()} {path.removeprefix('/api/v0')}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert len(operations) == 23
    for name, operation in operations.items():
        statuses = set(operation["responses"])
        assert {"200", "400", "401", "403", "429"} <= statuses, name
        assert ("404" in statuses) == ("{" in name or name == "POST /billing-addresses"), name
        assert operation["operationId"] and operation["summary"] and operation["tags"]
        if name.startswith("POST"):
            assert {"409", "422"} <= statuses and "examples" in str(operation["requestBody"])
    assert operations["POST /auth"]["security"] == [{}]
    assert operations["PUT /organizations/{organization_id}"]["deprecated"]


def resolved(document, schema):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def test_what_is_answered_is_what_the_document_describes(document, fis, acme, bakery):
    """FIS-10, FIS-37, FIS-47, FIS-53: every key, always."""
    made = fis.post(f"{ALL}/{bakery.pk}/api-keys", {"name": "abc"}).json()
    user = fis.post(f"{ALL}/{bakery.pk}/users", {"email": "x@example.com"}).json()
    address = fis.post("/billing-addresses", ADDRESS).json()
    for name, shown in (
        ("Organization", fis.get(f"{ALL}/{acme.pk}").json()),
        ("ApiKey", made),
        ("User", user),
        ("BillingAddress", address),
    ):
        schema = document["components"]["schemas"][name]
        assert set(schema["properties"]) == set(schema["required"]) == set(shown), name


def test_examples_have_the_shape_that_is_described(document):
    for methods in document["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                for media in answer.get("content", {}).values():
                    schema = resolved(document, media["schema"])
                    for example in media["examples"].values():
                        assert set(schema["required"]) <= set(example["value"])
                        json.dumps(example)
