"""PublicRegistrationService from a business to one with a plan: INV-10 to 14, INV-30, 37, 38."""

import pytest

from billing.models import Plan, Subscription
from tenants.ids import read
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.invora.conftest import (
    BUSINESSES,
    DETAILS,
    FORM,
    PROFILE,
    REGISTRATION,
    code,
    fields,
    machine_token,
    member,
    newcomer,
)
from tests.conftest import SYSTEM

COMPLETE, STATUS = f"{REGISTRATION}/complete-profile", f"{REGISTRATION}/onboarding-status"
DETAIL, SELECT = f"{REGISTRATION}/business-details", f"{REGISTRATION}/select-plan"
ROTATE, PLANS = f"{REGISTRATION}/rotate-credentials", "/api/account/v2/plans"


def test_choosing_a_plan_answers_the_subscription(ann, business, plan):
    """INV-10."""
    answer = ann.post(SELECT, {"planCode": "starter-monthly"})
    assert answer.status_code == 200
    assert answer.json()["subscriptionId"].startswith("subscription_")
    assert answer.json()["checklist"]["completionRatio"] == 1.0
    organization = Organization.objects.get(pk=read(business["tenantId"]))
    assert organization.company_limit == 2


def test_choosing_the_same_plan_again_changes_nothing(ann, business, plan):
    first, again = (ann.post(SELECT, {"planCode": plan.code}).json() for _ in range(2))
    assert first == again and Subscription.objects.count() == 1


@pytest.mark.parametrize("chosen", ["gold", "", None, 5, "hidden", "x" * 65])
def test_a_plan_that_is_not_offered_is_refused(ann, business, plan, chosen):
    """INV-11."""
    Plan.objects.create(code="hidden", name="H", monthly_fee=1, overage_price=1, is_offered=False)
    answer = ann.post(SELECT, {"planCode": chosen})
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT") and fields(answer) == ["planCode"]
    assert not Subscription.objects.exists()


def test_the_status_says_tenant_type_and_checklist(ann, business):
    """INV-12."""
    body = ann.get(STATUS).json()
    assert body["tenantId"] == business["tenantId"] and body["organizationType"] == "BUSINESS"
    assert body["checklist"] == business["checklist"]


def test_before_a_profile_the_status_is_at_the_beginning(ann):
    """C-55."""
    body = ann.get(STATUS).json()
    assert body["tenantId"] == "" and body["checklist"]["completionRatio"] == 0.0
    assert not any(step["completed"] for step in body["checklist"]["steps"])


def test_progress_grows_and_is_done_without_the_optional_step(ann, plan):
    """INV-13."""
    ratios = [ann.get(STATUS).json()["checklist"]["completionRatio"]]
    ratios.append(ann.post(COMPLETE, PROFILE).json()["checklist"]["completionRatio"])
    ratios.append(ann.put(DETAIL, DETAILS).json()["checklist"]["completionRatio"])
    ratios.append(ann.post(SELECT, {"planCode": plan.code}).json()["checklist"]["completionRatio"])
    assert ratios == sorted(ratios) and (ratios[0], ratios[-1]) == (0.0, 1.0)
    other, _ = newcomer("bob@example.com")
    other.post(COMPLETE, PROFILE)
    done = other.post(SELECT, {"planCode": plan.code}).json()["checklist"]
    assert done["completionRatio"] == 1.0 and not done["steps"][1]["completed"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", DETAIL),
        ("POST", SELECT),
        ("POST", ROTATE),
        ("POST", f"{REGISTRATION}/platform-application"),
    ],
)
def test_what_comes_after_the_profile_says_so_before_it(ann, plan, method, path):
    answer = ann(method, path, {"planCode": plan.code, **DETAILS, **FORM})
    assert code(answer) == (400, "FAILED_PRECONDITION", "NO_ORGANIZATION")


@pytest.mark.parametrize("token", [None, "", "rubbish", "a.b.c", "gh_plat_live_" + "0" * 36, "é"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", COMPLETE),
        ("PUT", DETAIL),
        ("POST", SELECT),
        ("GET", STATUS),
        ("POST", ROTATE),
        ("GET", PLANS),
        ("POST", BUSINESSES),
        ("POST", f"{BUSINESSES}/list"),
        ("GET", f"{BUSINESSES}/x"),
        ("GET", "/api/identity/v2/nowhere"),
    ],
)
def test_without_a_good_token_nothing_opens(db, method, path, token):
    """INV-14."""
    assert code(Caller(token)(method, path, {}))[:2] == (401, "UNAUTHENTICATED")


def test_client_id_and_secret_give_a_token_that_opens_the_surface(ann, business):
    """INV-30."""
    machine = Caller(machine_token(business))
    assert machine.get(STATUS).json()["tenantId"] == business["tenantId"]
    assert machine.put(DETAIL, {"city": "Riyadh"}).status_code == 200
    assert Event.objects.filter(type="company.updated", actor_kind="key").count() == 1
    assert code(machine.post(COMPLETE, PROFILE)) == (403, "PERMISSION_DENIED", "USER_REQUIRED")


def test_rotated_credentials_work_and_the_old_ones_are_refused(ann, business):
    """INV-37."""
    old_token = machine_token(business)
    renewed = ann.post(ROTATE)
    assert renewed.status_code == 200 and renewed["Cache-Control"] == "no-store"
    assert renewed.json()["clientId"] == business["clientId"]
    assert machine_token(business) is None
    assert Caller(old_token).get(STATUS).status_code == 401
    assert Caller(machine_token(renewed.json())).get(STATUS).status_code == 200


def test_the_plans_on_offer_are_listed_the_cheapest_first(ann, plan, costs):
    """INV-38."""
    shared = {"overage_price": "0.05", "company_limit": None}
    Plan.objects.create(code="free", name="Free", monthly_fee=0, **shared)
    Plan.objects.create(code="x", name="Hidden", monthly_fee=1, is_offered=False, **shared)
    with costs(4):
        plans = ann.get(PLANS).json()["plans"]
    assert [one["planCode"] for one in plans] == ["free", "starter-monthly"]
    assert plans[0]["connectedBusinessLimit"] is None
    assert plans[1]["connectedBusinessLimit"] == 2 and plans[1]["monthlyFee"] == "49.00"
    assert ann.get("/api/v2/account/plans").json()["plans"] == plans


def test_a_connected_business_is_on_its_platforms_plan(bakery, plan):
    call = member(bakery)
    refused = call.post(SELECT, {"planCode": plan.code})
    assert code(refused) == (403, "PERMISSION_DENIED", "PLATFORM_PAYS")
    body = call.get(STATUS).json()
    assert body["organizationType"] == "CONNECTED_BUSINESS"
    assert body["checklist"]["completionRatio"] == 1.0


@pytest.mark.parametrize("stop", ["suspend", "close"])
def test_a_stopped_organization_stops_its_people_and_machines(ann, business, stop):
    machine = Caller(machine_token(business))
    organization = Organization.objects.get(pk=read(business["tenantId"]))
    getattr(organizations, stop)(organization, reason="unpaid", by=SYSTEM)
    for call in (ann, machine):
        for method, path in (("GET", STATUS), ("PUT", DETAIL), ("POST", ROTATE), ("GET", PLANS)):
            refused = call(method, path, {})
            assert code(refused) == (403, "PERMISSION_DENIED", "ORGANIZATION_NOT_ACTIVE")
