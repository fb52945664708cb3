"""What scopes and roles allow, and for whom a person acts."""

import pytest

from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.models import Role, User
from tenants.services import people
from tests.api.conftest import Caller
from tests.api.invora.conftest import BUSINESSES, REGISTRATION, code, machine_token, member
from tests.conftest import SYSTEM

LIST = f"{BUSINESSES}/list"
DETAIL, SELECT = f"{REGISTRATION}/business-details", f"{REGISTRATION}/select-plan"
ROTATE, STATUS = f"{REGISTRATION}/rotate-credentials", f"{REGISTRATION}/onboarding-status"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.OWNER, (DETAIL, SELECT, ROTATE)),
        (Role.ADMIN, (DETAIL, SELECT, ROTATE)),
        (Role.DEVELOPER, (ROTATE,)),
        (Role.BILLING, (SELECT,)),
        (Role.VIEWER, ()),
    ],
)
def test_a_role_changes_what_it_may(acme, plan, role, allowed):
    call = member(acme, role)
    for method, path in (("PUT", DETAIL), ("POST", SELECT), ("POST", ROTATE)):
        answer = call(method, path, {"planCode": plan.code, "city": "Gent"})
        assert answer.status_code == (200 if path in allowed else 403), path
    assert call.get(STATUS).status_code == 200


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        (["*"], 200, 200),
        (["companies.write"], 200, 200),
        (["companies.read"], 200, 403),
        (["send", "receive"], 403, 403),
    ],
)
def test_a_keys_scopes_bind(acme, branch, at, scopes, reads, writes):
    key = keys.issue(acme, name="k", kind=ApiKey.Kind.PLATFORM, scopes=scopes, by=SYSTEM)[1]
    assert Caller(key).get(at()).status_code == reads
    assert Caller(key).post(LIST).status_code == reads
    assert Caller(key).post(at("/suspend"), {"reason": "r"}).status_code == writes


@pytest.mark.parametrize(
    ("role", "creates", "suspends"),
    [
        (Role.ADMIN, 200, 200),
        (Role.DEVELOPER, 200, 403),
        (Role.BILLING, 403, 403),
        (Role.VIEWER, 403, 403),
    ],
)
def test_a_role_manages_what_it_may(acme, branch, at, role, creates, suspends):
    call = member(acme, role)
    assert call.get(at()).status_code == call.post(LIST).status_code == 200
    made = call.post(BUSINESSES, {"name": "Jeddah", "country": "SA"})
    assert made.status_code == creates
    assert call.post(at("/suspend"), {"reason": "r"}).status_code == suspends
    if creates == 403:
        assert code(made) == (403, "PERMISSION_DENIED", "ROLE")


def test_a_member_of_two_organizations_chooses(ann, business, acme):
    """Point 13 of what clients send."""
    people.join(acme, User.objects.get(email="ann@example.com"), role="viewer", by=SYSTEM)
    assert ann.get(STATUS).json()["tenantId"] == business["tenantId"]
    chosen = ann.get(STATUS, headers={"X-Target-Org-Id": str(acme.pk)})
    assert chosen.json()["organizationType"] == "PLATFORM"


@pytest.mark.parametrize("whose", ["a person", "a machine", "a key"])
def test_nobody_targets_an_organization_that_is_not_theirs(
    ann, business, acme_key, rival, unknown_id, whose
):
    call = {
        "a person": ann,
        "a machine": Caller(machine_token(business)),
        "a key": Caller(acme_key),
    }[whose]
    theirs = call.get(STATUS, headers={"X-Target-Org-Id": str(rival.pk)})
    unknown = call.get(STATUS, headers={"X-Target-Org-Id": unknown_id})
    assert code(theirs)[:2] == (404, "NOT_FOUND") and theirs.content == unknown.content
