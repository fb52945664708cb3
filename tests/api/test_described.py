"""What the five OpenAPI documents promised once is in them still."""

import pytest

from config.api import registry
from tests.api.described import COMMAND, document, gone, promises, read, snapshot, written

pytestmark = pytest.mark.once
SURFACES = [vendor.name for vendor in registry.VENDORS]


@pytest.mark.parametrize("surface", SURFACES)
def test_nothing_that_was_promised_is_gone_and_what_is_new_is_written_down(surface):
    offered = promises(document(surface))
    promised = read(snapshot(surface).read_text())
    lost, new = gone(promised, offered), gone(offered, promised)
    assert lost == [], f"Programs may rely on it. If it has to go all the same: {COMMAND}"
    assert new == [], f"So that it is missed when it goes, write it down: {COMMAND}"


COMPANY = {"type": "object", "properties": {"id": {"type": "string"}, "at": {"$ref": "#/x/Place"}}}
ANSWERS = {
    "200": {"content": {"application/json": {"schema": {"$ref": "#/x/Company"}}}},
    "404": {"description": "Unknown"},
}
LIMIT = {"in": "query", "name": "limit"}


@pytest.mark.parametrize(
    "what, missed",
    [
        ({}, []),
        ({"paths": {}}, ["GET /x: all of it"]),
        ({"id": "show"}, ["GET /x: id:get"]),
        ({"parameters": []}, ["GET /x: query:limit"]),
        ({"responses": {"200": ANSWERS["200"]}}, ["GET /x: 404"]),
        ({"responses": {**ANSWERS, "200": {"description": "Done"}}}, ["GET /x: 200:Company"]),
        ({"schemas": {}}, ["Company: all of it"]),
        ({"properties": {"at": COMPANY["properties"]["at"], "more": {}}}, ["Company: id"]),
        ({"properties": {"at": {"type": "string"}, "id": {}}}, ["Company: at:Place"]),
    ],
    ids=str,
)
def test_a_path_a_field_or_a_status_that_is_gone_is_missed(what, missed):
    def made(id="get", parameters=(LIMIT,), responses=ANSWERS, **parts):
        operation = {"operationId": id, "parameters": parameters, "responses": responses}
        company = {**COMPANY, "properties": parts.get("properties", COMPANY["properties"])}
        return {
            "paths": parts.get("paths", {"/x": {"get": operation}}),
            "components": {"schemas": parts.get("schemas", {"Company": company})},
        }

    promised = promises(made())
    assert read(written(promised)) == promised
    assert gone(promised, promises(made(**what))) == missed
