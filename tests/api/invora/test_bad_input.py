"""Input that no reader should have to read: refused in the envelope, and nothing is written."""

import pytest

from tenants.models import Event, Organization
from tests.api.invora.conftest import (
    BRANCH,
    BUSINESSES,
    DETAILS,
    FORM,
    PROFILE,
    REGISTRATION,
    code,
)

# What is refused here is refused before a database is asked.
pytestmark = pytest.mark.once

MALFORMED = {
    "no JSON": b"{",
    "words": b"name=Branch&country=SA",
    "NUL": b'{"name": "a\\u0000b", "businessName": "a\\u0000b", "city": "\\u0000"}',
    "a raw NUL": b'{"name": "a\x00b"}',
    "a lone surrogate": b'{"name": "\\ud800", "businessName": "\\ud800"}',
    "a surrogate as a name": b'{"\\udc00": 1}',
    "a key twice": b'{"name": "a", "name": "b", "country": "SA"}',
    "a key twice within": b'{"pagination": {"limit": 1, "limit": 2}}',
    "beyond 64 bits": b'{"pagination": {"limit": 9223372036854775808}}',
    "far beyond": b'{"expectedConnectedBusinesses": ' + b"9" * 5000 + b"}",
    "no number": b'{"limit": NaN}',
    "an infinite one": b'{"limit": 1e999}',
    "not UTF-8": b'{"name": "\xff"}',
    "deep": b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}
OPERATIONS = {
    "complete-profile": ("POST", f"{REGISTRATION}/complete-profile", PROFILE),
    "business-details": ("PUT", f"{REGISTRATION}/business-details", DETAILS),
    "select-plan": ("POST", f"{REGISTRATION}/select-plan", {"planCode": "starter-monthly"}),
    "apply": ("POST", f"{REGISTRATION}/platform-application", FORM),
    "create": ("POST", BUSINESSES, BRANCH),
    "list": ("POST", f"{BUSINESSES}/list", {}),
    "suspend": ("POST", "{branch}/suspend", {"reason": "r"}),
}


def fingerprint():
    return Event.objects.count(), list(Organization.objects.values_list("pk", "updated_at"))


@pytest.fixture
def send(ann, owner, branch, at, plan):
    """Sends raw bytes to an operation, as somebody for whom it is there."""

    def send(operation, raw, **extra):
        method, path, _ = OPERATIONS[operation]
        who = owner if "connected" in path or "{" in path else ann
        return who(method, path.format(branch=at()), raw=raw, **extra)

    return send


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_bodies_are_refused_and_write_nothing(send, operation, what):
    before = fingerprint()
    answer = send(operation, MALFORMED[what])
    assert code(answer) == (400, "INVALID_ARGUMENT", "MALFORMED_JSON"), answer.content
    assert fingerprint() == before


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - {"list"}))
@pytest.mark.parametrize(
    "raw", [b"null", b"[]", b'"text"', b"5", b"true", b"[[]]", b'[{"name": "a"}]']
)
def test_a_body_that_is_no_object_is_refused(send, operation, raw):
    before = fingerprint()
    assert code(send(operation, raw))[1] in ("INVALID_ARGUMENT", "FAILED_PRECONDITION")
    assert fingerprint() == before


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_body_above_a_megabyte_is_refused(send, operation):
    raw = b'{"name": "' + b"x" * 1024 * 1024 + b'"}'
    assert code(send(operation, raw))[:2] == (413, "INVALID_ARGUMENT")


@pytest.mark.parametrize("type_", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_json_is_read_whatever_it_is_called(send, type_):
    assert send("list", b'{"textSearch": "riyadh"}', content_type=type_).status_code == 200


def test_unknown_fields_are_ignored(owner):
    body = {**BRANCH, "tenantId": "mine", "status": "CLOSED", "parentTenantId": "other", "x": [1]}
    made = owner.post(BUSINESSES, body).json()["connectedBusiness"]
    assert made["status"] == "ACTIVE" and made["tenantId"] != "mine"


@pytest.mark.parametrize("header", ["\x01", "é" * 10, "x" * 300, "a b\tc"])
def test_a_bad_idempotency_key_is_refused(owner, header):
    answer = owner.post(BUSINESSES, BRANCH, headers={"Idempotency-Key": header})
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT")
    assert not Organization.objects.filter(kind="managed").exists()


def test_one_idempotency_key_for_two_requests_is_refused(owner):
    key = {"headers": {"Idempotency-Key": "k-1"}}
    assert owner.post(BUSINESSES, BRANCH, **key).status_code == 200
    answer = owner.post(BUSINESSES, {**BRANCH, "name": "Other"}, **key)
    assert code(answer) == (422, "INVALID_ARGUMENT", "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("target", ["\x00", "x" * 5000, "é", "' or 1=1 --", "tenant_" + "z" * 26])
def test_a_bad_target_is_nobodys(owner, target):
    headers = {"X-Target-Org-Id": target}
    answer = owner.get(f"{REGISTRATION}/onboarding-status", headers=headers)
    assert code(answer)[:2] == (404, "NOT_FOUND")
