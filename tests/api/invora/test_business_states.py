"""ConnectedBusinessService shows, suspends and removes businesses: INV-23 to 29, INV-36, 40."""

import pytest

from apikeys.services import keys
from tenants.ids import read, spell
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.invora.conftest import (
    BRANCH,
    BUSINESSES,
    REGISTRATION,
    code,
    fields,
    machine_token,
    member,
    names,
)
from tests.conftest import SYSTEM

LIST = f"{BUSINESSES}/list"


def test_one_business_shows_status_country_tax_id_and_times(owner, branch, at, costs):
    """INV-23."""
    with costs(4):
        body = owner.get(at()).json()
    assert body["connectedBusiness"] == branch["connectedBusiness"]
    shown = {name: body[name] for name in ("status", "country", "taxId")}
    assert shown == {"status": "ACTIVE", "country": "SA", "taxId": "300000000000004"}


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/suspend"),
        ("POST", "/reactivate"),
    ],
)
def test_unknown_foreign_and_ones_own_tenant_are_not_under_it(
    owner, acme, rivals_company, unknown_id, method, rest
):
    """INV-24, INV-25."""
    answers = {
        owner(method, f"{BUSINESSES}/{tenant}{rest}", {"reason": "r"}).content
        for tenant in (
            unknown_id,
            "rubbish",
            "tenant_x",
            spell("tenant", rivals_company.pk),
            rivals_company.pk,
            acme.pk,
        )
    }
    assert len(answers) == 1
    answer = owner(method, f"{BUSINESSES}/{unknown_id}{rest}", {"reason": "r"})
    assert code(answer) == (404, "NOT_FOUND", "NOT_FOUND")
    rivals_company.refresh_from_db()
    assert rivals_company.status == "active" and "Rival" not in str(owner.post(LIST).json())


def test_suspending_takes_a_reason_and_keeps_what_there_is(owner, branch, at):
    """INV-26, INV-27, INV-47."""
    for body in ({}, {"reason": ""}, {"reason": " "}, {"reason": None}, {"reason": 5}, None):
        assert fields(owner.post(at("/suspend"), body)) == ["reason"]
    before = owner.get(at()).json()["connectedBusiness"]
    answer = owner.post(at("/suspend"), {"reason": "Non-payment"})
    after = answer.json()["connectedBusiness"]
    assert answer.status_code == 200
    assert (after["status"], after["statusReason"]) == ("SUSPENDED", "Non-payment")
    kept = {"status", "statusReason", "updatedAt"}
    assert {k: v for k, v in after.items() if k not in kept} == {
        k: v for k, v in before.items() if k not in kept
    }
    event = Event.objects.get(type="company.suspended")
    assert (event.reason, event.actor_kind) == ("Non-payment", "user")
    assert code(owner.post(at("/suspend"), {"reason": "again"}))[1] == "FAILED_PRECONDITION"


def test_reactivating_needs_no_body_and_no_content_type(owner, at):
    """INV-28."""
    owner.post(at("/suspend"), {"reason": "Non-payment"})
    answer = owner.client.generic("POST", at("/reactivate"), headers=owner.headers, content_type="")
    assert answer.status_code == 200 and answer.json()["status"] == "ACTIVE"
    assert code(owner.post(at("/reactivate")))[1] == "FAILED_PRECONDITION"


def test_while_suspended_its_people_and_credentials_are_refused(owner, branch, at):
    """INV-29."""
    child = Organization.objects.get(pk=read(branch["connectedBusiness"]["tenantId"]))
    callers = [Caller(machine_token(branch)), member(child)]
    callers.append(Caller(keys.issue(child, name="k", by=SYSTEM)[1]))
    status = f"{REGISTRATION}/onboarding-status"
    assert {call.get(status).status_code for call in callers} == {200}
    owner.post(at("/suspend"), {"reason": "Non-payment"})
    assert {code(call.get(status))[1] for call in callers} == {"PERMISSION_DENIED"}
    assert machine_token(branch) is None
    owner.post(at("/reactivate"))
    assert {call.get(status).status_code for call in callers} == {200}
    assert machine_token(branch)


def test_both_prefixes_answer_for_both_services(owner, branch):
    """INV-36."""
    tenant = branch["connectedBusiness"]["tenantId"]
    for method, path in (
        ("GET", "registration/onboarding-status"),
        ("PUT", "registration/business-details"),
        ("POST", "connected-businesses/list"),
        ("GET", f"connected-businesses/{tenant}"),
    ):
        answers = [
            owner(method, f"/api/{prefix}/{path}{slash}", {})
            for prefix in ("identity/v2", "v2/identity")
            for slash in ("", "/")
        ]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1


def test_a_platforms_machine_and_key_manage_its_businesses(owner, acme, acme_key, branch):
    """C-58: a credential belongs to an organization, not to a surface."""
    renewed = owner.post(f"{REGISTRATION}/rotate-credentials").json()
    for call in (Caller(machine_token(renewed)), Caller(acme_key)):
        assert names(call.post(LIST)) == ["Acme Riyadh Branch"]


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("PATCH", BUSINESSES, 405, "UNIMPLEMENTED"),
        ("GET", LIST, 405, "UNIMPLEMENTED"),
        ("GET", "/api/identity/v2/nowhere", 404, "NOT_FOUND"),
        ("POST", "/api/v2/identity", 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_there_says_so_in_the_envelope(owner, method, path, status, said):
    """INV-40."""
    assert code(owner(method, path, {}))[:2] == (status, said)


@pytest.mark.parametrize("stop", ["suspend", "close"])
def test_a_stopped_platform_manages_nothing(owner, acme, branch, at, stop):
    child = Caller(machine_token(branch))
    getattr(organizations, stop)(acme, reason="unpaid", by=SYSTEM)
    for call, method, path in (
        (owner, "POST", LIST),
        (owner, "POST", BUSINESSES),
        (owner, "DELETE", at()),
        (child, "GET", f"{REGISTRATION}/onboarding-status"),
    ):
        refused = call(method, path, BRANCH)
        assert code(refused) == (403, "PERMISSION_DENIED", "ORGANIZATION_NOT_ACTIVE")
