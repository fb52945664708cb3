"""PublicRegistrationService makes a business: INV-01 to INV-09, INV-48."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apikeys.models import MachineClient
from tenants.ids import read
from tenants.models import Event, Membership, Organization, Role
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.invora.conftest import (
    DETAILS,
    PROFILE,
    REGISTRATION,
    code,
    fields,
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
