"""The OpenAPI document, and that our own answers are what it says."""

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from config.api.flowie import urls
from config.api.flowie.openapi import examples
from tests.api.flowie.conftest import BASE, ONBOARDING

# What is described is the same on every database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def document(client):
    return client.get("/api/docs/flowie.json").json()


def operations(document):
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_valid_and_describes_every_operation(document):
    validate(document)
    found = operations(document)
    assert document["openapi"].startswith("3.1")
    assert len(found) == 47 and len(document["paths"]) == len(urls.documented)
    assert len({operation["operationId"] for operation in found.values()}) == len(found)
    for (method, path), operation in found.items():
        assert path.startswith(BASE) and operation["summary"] and operation["tags"]
        if path.endswith("readiness"):
            continue
        assert {"400", "401", "403", "404", "422", "429"} <= set(operation["responses"])
        assert operation.get("security") == ([{}] if "sandbox" in path else [{"key": []}])
        named = {one["name"] for one in operation.get("parameters", [])}
        assert ("Idempotency-Key" in named) == (method == "POST")
        for status, answer in operation["responses"].items():
            content = answer.get("content", {"none": {"examples": status == "204"}})
            for kind, media in content.items():
                # A file has no example.
                file = kind != "application/json"
                assert media.get("examples") or file or "payload" in path, (path, status)
        if "requestBody" in operation:
            assert operation["requestBody"]["content"]["application/json"]["examples"]


def validator(document, shape):
    return Draft202012Validator({**shape, "components": document["components"]})


def test_every_example_is_what_its_schema_says(document):
    for operation in operations(document).values():
        parts = [answer.get("content", {}) for answer in operation["responses"].values()]
        parts.append(operation.get("requestBody", {}).get("content", {}))
        for media in (media for part in parts for media in part.values()):
            for example in media.get("examples", {}).values():
                validator(document, media["schema"]).validate(example["value"])


def test_the_playbooks_calls_are_shown(document):
    shown = operations(document)["POST", f"{BASE}/platform/companies"]["requestBody"]
    (example,) = shown["content"]["application/json"]["examples"].values()
    assert example["value"] == ONBOARDING


@pytest.fixture
def check(document):
    """Makes a call and holds the answer to the document: no status, no field beyond it."""

    def check(caller, method, path, body=None):
        answer = caller(method, path, body)
        plain = BASE + path.partition("?")[0]
        template = next(
            known
            for known in sorted(document["paths"], key=lambda known: known.count("{"))
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", known), plain)
        )
        told = operations(document)[method, template]["responses"][str(answer.status_code)]
        if answer.status_code == 204:
            return None
        shape = told["content"]["application/json"]["schema"]
        validator(document, shape).validate(answer.json())
        schemas, name = document["components"]["schemas"], shape.get("$ref", "").rpartition("/")[2]
        assert set(answer.json()) <= set(schemas.get(name, {}).get("properties", ())), path
        return answer.json()

    return check


def test_answers_about_companies_and_keys_are_what_the_schemas_say(check, api, person):
    dashboard = person()
    key = check(dashboard, "POST", "/api-keys", examples.NEW_PLATFORM_KEY)
    check(dashboard, "GET", "/api-keys")
    made = check(api, "POST", "/platform/companies", ONBOARDING)
    check(api, "POST", "/platform/companies", ONBOARDING)
    check(api, "POST", "/platform/companies", {})
    company = f"/companies/{made['company']['id']}"
    check(api, "GET", "/platform/companies")
    check(api, "GET", company)
    check(api, "PATCH", company, {"name": "New"})
    check(api, "GET", "/platform/api-keys")
    check(api, "GET", f"/platform/api-keys/{made['apiKey']['id']}")
    check(api, "POST", f"/platform/api-keys/{made['apiKey']['id']}/rotate", {})
    check(api, "DELETE", f"/platform/api-keys/{made['apiKey']['id']}")
    check(api, "GET", f"/platform/api-keys/{key['id']}")
    check(api, "GET", f"{company}/api-keys")
    check(api, "POST", f"{company}/api-keys", {"name": "k"})
    check(api, "DELETE", company)
    check(api, "PATCH", company, {"name": "New"})
    check(api, "GET", "/health/readiness")


def test_answers_about_documents_and_webhooks_are_what_the_schemas_say(check, api, acting, made):
    outgoing = {**examples.OUTGOING, "from": made["company"]["id"]}
    check(api, "POST", "/documents/send", outgoing)
    sent = check(acting, "POST", "/documents/send", outgoing)
    check(acting, "POST", "/documents/send", {"document": {"x": 1}, "to": "x"})
    check(acting, "POST", "/documents/send/batch", {"documents": [outgoing, None, {}]})
    check(acting, "POST", "/documents/validate", outgoing)
    wrong = {**outgoing, "document": {**outgoing["document"], "buyerReference": ""}}
    check(acting, "POST", "/documents/validate", wrong)
    check(acting, "GET", "/documents")
    check(acting, "GET", f"/documents/{sent['id']}")
    check(acting, "GET", "/stats?period=month")
    hook = f"/webhooks/{made['webhook']['id']}"
    check(api, "POST", "/webhooks", examples.NEW_WEBHOOK)
    check(api, "GET", "/webhooks")
    check(api, "GET", hook)
    check(api, "PATCH", hook, {"description": "x"})
    check(api, "POST", f"{hook}/rotate-secret", {})
    test = check(api, "POST", f"{hook}/test")
    check(api, "GET", f"{hook}/deliveries")
    check(api, "POST", f"{hook}/deliveries/{test['id']}/replay")
    check(api, "POST", f"{hook}/replay", {})
    check(api, "DELETE", hook)
    check(api, "GET", hook)


def test_answers_about_the_platform_are_what_the_schemas_say(check, api, made, entitled):
    check(api, "GET", "/platform/settings")
    check(api, "PATCH", "/platform/settings", examples.NEW_SETTINGS)
    check(api, "PATCH", "/platform/settings", {"customDomain": "localhost"})
    check(api, "GET", "/platform/usage?groupBy=company")
    check(api, "GET", "/platform/usage?period=custom")
