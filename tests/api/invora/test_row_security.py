"""The surface behind PostgreSQL's second wall."""

from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.invora.conftest import (
    BRANCH,
    BUSINESSES,
    DETAILS,
    FORM,
    PROFILE,
    REGISTRATION,
    code,
    machine_token,
    member,
)
from tests.conftest import SYSTEM
from tests.ordinary_role import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL


def test_a_newcomer_is_let_through_to_a_business_of_their_own(ann, plan):
    key = {"headers": {"Idempotency-Key": "wall-1"}}
    business = ann.post(f"{REGISTRATION}/complete-profile", PROFILE, **key).json()
    again = ann.post(f"{REGISTRATION}/complete-profile", PROFILE, **key)
    assert again.json() == business
    assert code(ann.post(f"{REGISTRATION}/complete-profile", PROFILE))[0] == 409
    assert ann.put(f"{REGISTRATION}/business-details", DETAILS).status_code == 200
    chosen = ann.post(f"{REGISTRATION}/select-plan", {"planCode": plan.code})
    assert chosen.status_code == 200
    assert ann.post(f"{REGISTRATION}/platform-application", FORM).status_code == 200
    assert ann.put(f"{REGISTRATION}/platform-application", {}).status_code == 400
    renewed = ann.post(f"{REGISTRATION}/rotate-credentials").json()
    machine = Caller(machine_token(renewed))
    status = machine.get(f"{REGISTRATION}/onboarding-status").json()
    assert (status["tenantId"], status["planCode"]) == (business["tenantId"], plan.code)


def test_a_platform_is_let_through_to_its_businesses_and_no_further(owner, rival_owner):
    key = {"headers": {"Idempotency-Key": "wall-2"}}
    made = owner.post(BUSINESSES, BRANCH, **key).json()
    assert owner.post(BUSINESSES, BRANCH, **key).json() == made
    path = f"{BUSINESSES}/{made['connectedBusiness']['tenantId']}"
    assert code(rival_owner.get(path))[:2] == (404, "NOT_FOUND")
    assert len(owner.post(f"{BUSINESSES}/list").json()["connectedBusinesses"]) == 1
    assert rival_owner.post(f"{BUSINESSES}/list").json()["connectedBusinesses"] == []
    assert owner.post(f"{path}/suspend", {"reason": "r"}).status_code == 200
    assert owner.post(f"{path}/reactivate").status_code == 200
    assert owner.post(f"{path}/suspend", {"reason": "r"}).status_code == 200
    assert owner.delete(path).status_code == 200


def test_a_connected_business_is_let_through_to_itself(bakery):
    call = member(bakery)
    assert call.put(f"{REGISTRATION}/business-details", DETAILS).status_code == 200
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    assert code(call.get(f"{REGISTRATION}/onboarding-status"))[0] == 403
