"""What a receiver is told of a delivery that does not verify, and what can be subscribed to."""

import pytest

from webhooks import catalogue, signing, verification

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BODY = b'{"type":"company.created"}'


def captured(**changes):
    headers = signing.headers("evt", 1_800_000_000, BODY, shared=[SECRET])
    return {**{name.title(): value for name, value in headers.items()}, **changes}


@pytest.mark.parametrize(
    "headers, body, secret, now, step",
    [
        (captured(), BODY, SECRET, 1_800_000_000, ""),
        (captured(), BODY, SECRET, 1_800_000_300, ""),
        (captured(), BODY, SECRET, 1_800_000_301, "timestamp"),
        (captured(), BODY, SECRET, 1_799_999_699, "timestamp"),
        (captured(), BODY + b" ", SECRET, 1_800_000_000, "body"),
        (captured(), BODY, OTHER, 1_800_000_000, "secret"),
        (captured(**{"Webhook-Signature": ""}), BODY, SECRET, 1_800_000_000, "headers"),
        (captured(**{"Webhook-Signature": "v2,é v1"}), BODY, SECRET, 1_800_000_000, "secret"),
        (captured(**{"Webhook-Timestamp": "soon"}), BODY, SECRET, 1_800_000_000, "timestamp"),
        ({}, b"", SECRET, 0, "headers"),
    ],
)
def test_the_failing_step_of_a_captured_delivery_is_named(headers, body, secret, now, step):
    finding = verification.check(headers, body, secret, now=now, sent=BODY)
    assert (finding.step, finding.holds) == (step, not step)
    assert finding.explanation


def test_the_catalogue_lists_public_types_with_an_example_each():
    entries = {entry["name"]: entry for entry in catalogue.entries()}
    assert {"company.created", "company.suspended", "endpoint.disabled"} <= set(entries)
    assert "key.issued" not in entries
    for entry in entries.values():
        assert entry["description"] and entry["example"]["type"] == entry["name"]
        assert entry["example"]["data"]["company"]["id"].startswith("org_")
