"""The five OpenAPI documents are such that programs can be made of them, and that linters of
OpenAPI find nothing wrong (the rules of Spectral and Redocly that were broken once)."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from config.api import registry
from config.api.kit.description import finish
from tests.api import described
from tests.api.described import operations, parts

pytestmark = pytest.mark.once


@pytest.fixture(params=[vendor.name for vendor in registry.VENDORS])
def document(request):
    return described.document(request.param)


def test_it_is_valid_and_says_where_it_answers_and_who_is_asked(document):
    validate(document)
    assert document["servers"] == [{"url": "http://localhost"}]
    assert {"contact", "license", "description", "version"} <= set(document["info"])


def test_documents_that_are_read_at_the_same_time_are_not_mixed_up():
    """drf-spectacular keeps what it makes them by for the whole of a program."""
    asked = 3 * [vendor.name for vendor in registry.VENDORS]
    with ThreadPoolExecutor(len(asked)) as readers:
        read = list(readers.map(described.document.__wrapped__, asked))
    titles = {vendor.name: vendor.surface.title for vendor in registry.VENDORS}
    assert [one["info"]["title"] for one in read] == [titles[surface] for surface in asked]
    assert all(one["tags"] and one["servers"] for one in read)


def test_every_tag_is_declared_with_a_sentence(document):
    used = {name for operation in operations(document).values() for name in operation["tags"]}
    told = {tag["name"]: tag.get("description") for tag in document["tags"]}
    assert set(told) == used
    assert all(told.values()), "Say in the surface's `tags` what each is about."


def test_every_example_is_what_its_schema_says(document):
    for media in parts(document, "examples"):
        shape = {**media["schema"], "components": document["components"]}
        for name, example in media["examples"].items():
            found = [
                error.message for error in Draft202012Validator(shape).iter_errors(example["value"])
            ]
            assert found == [], name


def test_nothing_is_in_it_that_generators_stumble_over(document):
    for schema in parts(document, "oneOf"):
        assert {} not in schema["oneOf"]
    for schema in parts(document, "anyOf"):
        assert not any("const" in one for one in schema["anyOf"])
    for schema in parts(document, "enum"):
        assert None not in schema["enum"] and "type" in schema
    assert list(parts(document, "x-spec-enum-id")) == []


def test_no_number_of_a_promise_is_shown_to_those_who_have_no_list_of_them(document):
    told = [part["description"] for part in parts(document, "description")]
    assert [text for text in map(str, told) if re.search(r"\b[A-Z]+-\d\d\b", text)] == []


def test_what_is_only_for_us_is_taken_out_and_examples_stay_as_they_are():
    sent = {"oneOf": [{}, {"type": "null"}], "description": "Ours (C-22)."}
    schema = {
        "description": "A state (C-22, FLO-04 to FLO-06), if any (see above).",
        "x-spec-enum-id": "ab",
        "type": ["string", "null"],
        "enum": ["on", "off", None],
        "examples": {"One": {"value": sent}},
    }
    operation = {"tags": ["C", "B"], "responses": {"200": schema}}
    given = {
        "paths": {"/x": {"get": operation}},
        "tags": [{"name": "A", "description": "a"}, {"name": "B", "description": "b"}],
    }
    made = finish(result=given, request=RequestFactory().get("/", headers={"host": "localhost"}))
    assert made["tags"] == [{"name": "B", "description": "b"}, {"name": "C"}]
    assert made["paths"]["/x"]["get"]["responses"]["200"] == {
        "oneOf": [{"type": "string", "enum": ["on", "off"]}, {"type": "null"}],
        "description": "A state, if any (see above).",
        "examples": {"One": {"value": sent}},
    }
