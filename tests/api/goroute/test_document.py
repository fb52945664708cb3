"""GoRoute's OpenAPI document says what the surface does."""

import pytest

from tests.api.goroute.conftest import BASE, SAMPLE


@pytest.fixture
def document(client, db):
    return client.get("/api/docs/goroute.json").json()


def operations(document):
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_described(document):
    found = operations(document)
    assert document["openapi"].startswith("3.1") and len(found) == 42
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    for _, path, operation in found:
        assert path.startswith(BASE) and operation["summary"] and operation["tags"]
        assert {"400", "401", "403", "404", "422", "429"} <= set(operation["responses"])
        names = {one["name"] for one in operation["parameters"]}
        assert ("X-Organization-Id" in names) != ("org_id" in names)


def test_it_shows_the_published_call(document):
    operation = document["paths"][f"{BASE}/organizations"]["post"]
    (example,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
    assert example["value"] == SAMPLE
    assert document["components"]["securitySchemes"]["key"]["name"] == "X-API-Key"


def shape(document, operation, status):
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]


@pytest.mark.parametrize(
    "thing", ["organizations", "invoices", "transactions", "participants", "webhooks", "api-keys"]
)
def test_a_list_has_the_fields_that_the_document_has(document, call, for_org, first, thing):
    caller = for_org(first)
    caller.post("/invoices", {"number": "1"})
    caller.post("/participants", {"peppol_id": "0106:12345678"})
    caller.post("/webhooks", {"url": "https://x.example", "events": ["*"]})
    caller.post("/api-keys", {"name": "k"})
    answer = caller.get(f"/{thing}").json()
    page = shape(document, document["paths"][f"{BASE}/{thing}"]["get"], "200")
    assert set(answer) == set(page)
    name = thing.replace("-", "_")
    one = document["components"]["schemas"][page[name]["items"]["$ref"].rpartition("/")[2]]
    assert set(answer[name][0]) == set(one["properties"])
    (example,) = document["paths"][f"{BASE}/{thing}"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["examples"].values()
    assert set(example["value"][name][0]) == set(one["properties"])


def test_a_refusal_has_the_fields_that_the_document_has(document, call):
    operation = document["paths"][f"{BASE}/organizations"]["post"]
    answer = call.post("/organizations", {}).json()
    assert set(answer) <= set(shape(document, operation, "422"))
