"""PublicRegistrationService: INV-01 to INV-14, INV-30, INV-37, INV-38, INV-48."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apikeys.models import MachineClient
from billing.models import Plan, Subscription
from tenants.ids import read
from tenants.models import Event, Membership, Organization, Role
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


def test_the_profile_answers_tenant_credentials_and_checklist(ann):
    """INV-01, INV-02."""
    answer = ann.post(COMPLETE, PROFILE)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert set(body) == {"tenantId", "clientId", "clientSecret", "checklist"}
    for step in body["checklist"]["steps"]:
        assert step["key"] and step["title"] and isinstance(step["completed"], bool)
    assert 0 < body["checklist"]["completionRatio"] < 1


def test_the_user_owns_the_business_and_the_trail_names_them(ann, business):
    organization = Organization.objects.get(pk=read(business["tenantId"]))
    assert (organization.kind, organization.name) == ("business", "Acme Trading Co.")
    assert Membership.objects.get(organization=organization).role == Role.OWNER
    made = Event.objects.get(organization=organization, type="company.created")
    assert made.actor_label == "ann@example.com"


@pytest.mark.parametrize(
    "words",
    [
        ["EINVOICING"],
        ["BILLING"],
        ["EINVOICING", "BILLING"],
        ["BUSINESS_CAPABILITY_BILLING"],
        ["BILLING", "BUSINESS_CAPABILITY_EINVOICING"],
        ["BILLING", "BILLING"],
    ],
)
def test_capabilities_are_taken_in_both_spellings_and_answered_in_the_long_one(ann, words):
    """INV-03, C-49."""
    assert ann.post(COMPLETE, {**PROFILE, "capabilities": words}).status_code == 200
    shown = ann.get(STATUS).json()["capabilities"]
    assert set(shown) == {f"BUSINESS_CAPABILITY_{w.split('_')[-1]}" for w in words}
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("businessName", ""),
        ("businessName", "   "),
        ("businessName", None),
        ("businessName", 5),
        ("businessName", "x" * 256),
        ("country", ""),
        ("country", "XX"),
        ("country", "sa"),
        ("country", "SAU"),
        ("country", ["SA"]),
        ("capabilities", []),
        ("capabilities", None),
        ("capabilities", ["CATERING"]),
        ("capabilities", "EINVOICING"),
        ("capabilities", [5]),
    ],
)
def test_a_bad_profile_is_refused_by_field(ann, field, value):
    """INV-04."""
    answer = ann.post(COMPLETE, {**PROFILE, field: value})
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT")
    assert fields(answer)[0].split(".")[0] == field
    assert not Organization.objects.exists()


def test_a_profile_is_completed_once(ann, business):
    """INV-05."""
    assert code(ann.post(COMPLETE, PROFILE)) == (409, "ALREADY_EXISTS", "PROFILE_TAKEN")
    assert Organization.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_profiles_at_once_one_wins():
    call, _ = newcomer()

    def complete(_):
        try:
            return Caller(call.headers["Authorization"][7:]).post(COMPLETE, PROFILE).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(complete, range(6))) == [200, 409, 409, 409, 409, 409]
    assert Organization.objects.count() == MachineClient.objects.count() == 1


def test_a_repeated_profile_gets_the_first_answer_secret_included(ann):
    key = {"headers": {"Idempotency-Key": "p-1"}}
    first, again = ann.post(COMPLETE, PROFILE, **key), ann.post(COMPLETE, PROFILE, **key)
    assert first.status_code == 200 and first.content == again.content
    assert again["Idempotency-Replayed"] == "true"


def test_whoever_was_invited_somewhere_acts_for_that_and_registers_nothing(acme):
    assert code(member(acme, Role.VIEWER).post(COMPLETE, PROFILE))[2] == "PROFILE_TAKEN"


def test_a_user_whose_business_was_deleted_may_begin_anew(ann, business):
    organization = Organization.objects.get(pk=read(business["tenantId"]))
    organizations.delete(organization, by=SYSTEM)
    assert ann.get(STATUS).json()["tenantId"] == ""
    assert ann.post(COMPLETE, PROFILE).status_code == 200


def test_no_later_answer_shows_the_secret(ann, business, plan):
    """INV-06."""
    answers = [
        ann.get(STATUS),
        ann.put(DETAIL, DETAILS),
        ann.post(SELECT, {"planCode": plan.code}),
        ann.post(COMPLETE, PROFILE),
    ]
    assert all(business["clientSecret"] not in answer.content.decode() for answer in answers)
    assert business["clientSecret"] not in str(list(Event.objects.values()))


def test_details_are_stored_and_the_checklist_comes_back(ann, business):
    """INV-07."""
    answer = ann.put(DETAIL, DETAILS)
    assert answer.status_code == 200 and answer.json()["checklist"]["steps"][1]["completed"]
    assert ann.get(STATUS).json()["businessDetails"] == DETAILS
    organization = Organization.objects.get(pk=read(business["tenantId"]))
    assert (organization.country, organization.vat_number) == ("SA", "300000000000003")


def test_details_come_in_any_portions_at_any_time(ann, business):
    """INV-08."""
    for name, value in DETAILS.items():
        assert ann.put(DETAIL, {name: value}).json()["businessDetails"][name] == value
    assert ann.get(STATUS).json()["businessDetails"] == DETAILS
    changed = ann.put(DETAIL, {"city": "Jeddah", "taxId": None, "unknown": 1}).json()
    assert changed["businessDetails"] == {**DETAILS, "city": "Jeddah"}
    assert ann.put(DETAIL, {}).status_code == 200
    assert ann.put(DETAIL, {"city": ""}).json()["businessDetails"]["city"] == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "SAX"),
        ("currency", "sar"),
        ("currency", "Riyal"),
        ("currency", 682),
        ("timezone", "Riyadh"),
        ("timezone", "asia/riyadh"),
        ("timezone", "../etc"),
        ("timezone", True),
        ("country", "ZZ"),
        ("taxId", "9" * 65),
        ("taxId", {"a": 1}),
        ("addressLine", "x" * 256),
        ("city", ["x"]),
        ("postalCode", "1" * 33),
        ("capabilities", []),
        ("capabilities", ["NONE"]),
    ],
)
def test_bad_details_are_refused_and_nothing_is_stored(ann, business, field, value):
    """INV-09."""
    answer = ann.put(DETAIL, {"city": "Riyadh", field: value})
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT")
    assert fields(answer)[0].split(".")[0] == field
    assert ann.get(STATUS).json()["businessDetails"]["city"] == ""


def test_capabilities_can_be_changed_later(ann, business):
    """INV-48."""
    changed = ann.put(DETAIL, {"capabilities": ["BILLING"]}).json()
    assert changed["capabilities"] == ["BUSINESS_CAPABILITY_BILLING"]


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
