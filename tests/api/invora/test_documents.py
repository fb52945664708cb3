"""The OpenAPI document, and that our own answers are what it says."""

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from config.api.invora import urls
from tests.api.invora.conftest import BRANCH, BUSINESSES, DETAILS, FORM, PROFILE, REGISTRATION


@pytest.fixture
def document(client, db):
    return client.get("/api/docs/invora.json").json()


def operations(document):
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_valid_and_describes_every_operation(document):
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert len(operations(document)) == 17 and len(document["paths"]) == len(urls._DOCUMENTED)
    for operation in operations(document).values():
        assert set(operation["responses"]) == {
            "200",
            "400",
            "401",
            "403",
            "404",
            "409",
            "413",
            "422",
            "429",
        }
        assert operation["operationId"] and operation["summary"] and operation["tags"]
        assert operation["security"] == [{"key": []}]
        for status, answer in operation["responses"].items():
            assert answer["content"]["application/json"]["examples"], (operation, status)
        if "requestBody" in operation:
            assert operation["requestBody"]["content"]["application/json"]["examples"]


def validator(document, reference):
    return Draft202012Validator({**reference, "components": document["components"]})


def test_every_example_is_what_its_schema_says(document):
    for operation in operations(document).values():
        parts = [answer["content"] for answer in operation["responses"].values()]
        if "requestBody" in operation:
            parts.append(operation["requestBody"]["content"])
        for part in parts:
            media = part["application/json"]
            for example in media["examples"].values():
                validator(document, media["schema"]).validate(example["value"])


def test_every_answer_is_what_its_schema_says(document, ann, owner, plan):
    """One of each operation, and a refusal."""

    def check(call, method, path, body=None, template=None):
        answer = call(method, path, body)
        media = operations(document)[method, template or path]["responses"][str(answer.status_code)]
        shape = media["content"]["application/json"]["schema"]
        validator(document, shape).validate(answer.json())
        schemas, name = document["components"]["schemas"], shape.get("$ref", "").rpartition("/")[2]
        assert set(answer.json()) <= set(schemas.get(name, {}).get("properties", ())), path
        return answer.json()

    check(ann, "GET", f"{REGISTRATION}/onboarding-status")
    check(ann, "POST", f"{REGISTRATION}/complete-profile", PROFILE)
    check(ann, "POST", f"{REGISTRATION}/complete-profile", PROFILE)
    check(ann, "PUT", f"{REGISTRATION}/business-details", DETAILS)
    check(ann, "POST", f"{REGISTRATION}/select-plan", {"planCode": plan.code})
    check(ann, "POST", f"{REGISTRATION}/select-plan", {})
    check(ann, "GET", f"{REGISTRATION}/onboarding-status")
    check(ann, "GET", f"{REGISTRATION}/platform-application")
    check(ann, "POST", f"{REGISTRATION}/platform-application", FORM)
    check(ann, "GET", f"{REGISTRATION}/platform-application")
    check(ann, "PUT", f"{REGISTRATION}/platform-application", {})
    check(ann, "POST", f"{REGISTRATION}/rotate-credentials")
    check(ann, "GET", "/api/account/v2/plans")
    made = check(owner, "POST", BUSINESSES, BRANCH)["connectedBusiness"]["tenantId"]
    check(owner, "POST", f"{BUSINESSES}/list", {"pagination": {"limit": 1}})
    one = f"{BUSINESSES}/{{tenant_id}}"
    check(owner, "GET", f"{BUSINESSES}/{made}", template=one)
    for verb in ("suspend", "reactivate", "suspend"):
        check(owner, "POST", f"{BUSINESSES}/{made}/{verb}", {"reason": "r"}, f"{one}/{verb}")
    check(owner, "DELETE", f"{BUSINESSES}/{made}", template=one)
