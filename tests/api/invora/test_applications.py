"""Becoming a platform: INV-31 to INV-35, INV-41, INV-45."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.ids import read
from tenants.models import Event, Organization, PlatformApplication, Role
from tests.api.invora.conftest import (
    BRANCH,
    BUSINESSES,
    DETAILS,
    FORM,
    PROFILE,
    REGISTRATION,
    code,
    fields,
    member,
)

APPLY = f"{REGISTRATION}/platform-application"


def review(business, decision, message=""):
    """What the operator does on the command line."""
    said = StringIO()
    call_command(
        "operate",
        "review-application",
        "--organization",
        business["tenantId"],
        "--decision",
        decision,
        "--message",
        message,
        stdout=said,
    )
    return json.loads(said.getvalue())


@pytest.fixture
def applied(ann, business):
    answer = ann.post(APPLY, FORM)
    assert answer.status_code == 200
    return answer.json()


def test_an_application_is_taken_with_its_five_fields(ann, business, applied):
    """INV-31."""
    assert applied["status"] == "SUBMITTED" and applied["tenantId"] == business["tenantId"]
    assert {name: applied[name] for name in FORM} == FORM
    assert ann.get(APPLY).json() == applied


@pytest.mark.parametrize(
    "form",
    [
        {
            "reason": "140 shops",
            "expectedConnectedBusinesses": "140",
            "technicalContact": "t@a.example",
            "expectedMonthlyTransactions": "9000",
            "termsAccepted": True,
        },
        {**FORM, "expectedMonthlyTransactionVolume": 0},
    ],
)
def test_likely_spellings_and_numbers_as_text_are_taken(ann, business, form):
    """C-50: the document names no fields; point 13: int64 as a string."""
    shown = ann.post(APPLY, form).json()
    assert shown["motivation"] == "140 shops" and shown["expectedConnectedBusinesses"] == 140
    assert isinstance(shown["expectedMonthlyTransactionVolume"], int)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("termsOfServiceAccepted", False),
        ("termsOfServiceAccepted", None),
        ("termsOfServiceAccepted", "true"),
        ("termsOfServiceAccepted", 1),
        ("motivation", " "),
        ("motivation", None),
        ("motivation", "x" * 5001),
        ("expectedConnectedBusinesses", 0),
        ("expectedConnectedBusinesses", -1),
        ("expectedConnectedBusinesses", "many"),
        ("expectedConnectedBusinesses", 2**31),
        ("expectedConnectedBusinesses", 1.5),
        ("expectedMonthlyTransactionVolume", -1),
        ("expectedMonthlyTransactionVolume", "9223372036854775808"),
        ("technicalContactEmail", "nobody"),
        ("technicalContactEmail", None),
    ],
)
def test_a_bad_application_is_refused_by_field(ann, business, field, value):
    """INV-32 and bad input."""
    answer = ann.post(APPLY, {**FORM, field: value})
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT") and fields(answer) == [field]
    assert not PlatformApplication.objects.exists()


def test_a_business_applies_once(ann, applied):
    assert code(ann.post(APPLY, FORM)) == (409, "ALREADY_EXISTS", "APPLICATION_TAKEN")


def test_who_has_not_applied_has_no_application(ann, business):
    assert code(ann.get(APPLY))[:2] == (404, "NOT_FOUND")
    assert code(ann.put(APPLY, FORM))[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize("whose", ["acme", "bakery"])
def test_only_a_business_applies(request, whose):
    refused = member(request.getfixturevalue(whose)).post(APPLY, FORM)
    assert code(refused) == (403, "PERMISSION_DENIED", "NOT_A_BUSINESS")


def test_approved_it_is_a_platform(ann, business, applied):
    """INV-33."""
    assert code(ann.post(BUSINESSES, BRANCH))[0] == 403
    assert review(business, "approve")["kind"] == "platform"
    assert ann.get(APPLY).json()["status"] == "APPROVED"
    status = ann.get(f"{REGISTRATION}/onboarding-status").json()
    assert status["organizationType"] == "PLATFORM"
    assert ann.post(BUSINESSES, BRANCH).status_code == 200


def test_rejected_it_stays_a_business_and_reads_why(ann, business, applied):
    """INV-34."""
    review(business, "reject", "Too few businesses.")
    shown = ann.get(APPLY).json()
    assert (shown["status"], shown["reviewMessage"]) == ("REJECTED", "Too few businesses.")
    status = ann.get(f"{REGISTRATION}/onboarding-status").json()
    assert status["organizationType"] == "BUSINESS"
    assert code(ann.post(BUSINESSES, BRANCH))[0] == 403


def test_asked_back_it_is_updated_and_submitted_again(ann, business, applied):
    """INV-35, INV-45."""
    review(business, "request-info", "Which shops invoice abroad?")
    shown = ann.get(APPLY).json()
    assert shown["status"] == "INFO_REQUESTED" and shown["decidedAt"]
    assert shown["reviewMessage"] == "Which shops invoice abroad?"
    again = ann.put(APPLY, {"motivation": "Twelve of them.", "message": "See above."}).json()
    assert (again["status"], again["decidedAt"]) == ("SUBMITTED", None)
    assert again["motivation"] == "Twelve of them."
    assert again["expectedConnectedBusinesses"] == 140  # what is left out stays
    review(business, "approve", "Welcome.")
    history = ann.get(APPLY).json()["history"]
    assert [turn["status"] for turn in history] == [
        "SUBMITTED",
        "INFO_REQUESTED",
        "SUBMITTED",
        "APPROVED",
    ]
    assert [turn["message"] for turn in history] == [
        "",
        "Which shops invoice abroad?",
        "See above.",
        "Welcome.",
    ]


def test_a_rejected_application_may_be_submitted_again(ann, business, applied):
    review(business, "reject", "No.")
    assert ann.put(APPLY, {}).json()["status"] == "SUBMITTED"


@pytest.mark.parametrize("decision", ["none", "approve"])
def test_only_an_answered_application_is_submitted_again(ann, business, applied, decision):
    if decision != "none":
        review(business, decision)
    assert code(ann.put(APPLY, {"motivation": "x"}))[:2] == (400, "FAILED_PRECONDITION")
    assert ann.get(APPLY).json()["motivation"] == FORM["motivation"]


@pytest.mark.parametrize(
    "body",
    [
        {"termsOfServiceAccepted": False},
        {"motivation": ""},
        {"expectedConnectedBusinesses": "0"},
    ],
)
def test_a_bad_update_is_refused_and_changes_nothing(ann, business, applied, body):
    review(business, "request-info", "?")
    answer = ann.put(APPLY, body)
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT") and fields(answer) == list(body)
    assert ann.get(APPLY).json()["status"] == "INFO_REQUESTED"


@pytest.mark.parametrize(("decision", "message"), [("reject", ""), ("request-info", " ")])
def test_a_reviewer_says_why(business, applied, decision, message):
    with pytest.raises(CommandError, match="message_required"):
        review(business, decision, message)
    assert PlatformApplication.objects.get().state == "submitted"


def test_an_answer_is_given_once(business, applied):
    review(business, "approve")
    with pytest.raises(CommandError, match="wrong_state"):
        review(business, "reject", "Changed my mind.")
    assert Organization.objects.get(pk=read(business["tenantId"])).is_platform


def test_without_an_application_there_is_nothing_to_review(business):
    with pytest.raises(CommandError, match="not_found"):
        review(business, "approve")


def test_reading_it_costs_the_same_however_long_it_was_talked_about(ann, business, applied, costs):
    for n in range(3):
        review(business, "request-info", f"Question {n}?")
        ann.put(APPLY, {})
    with costs(5):  # session, user, membership, application, messages
        assert len(ann.get(APPLY).json()["history"]) == 7


def test_viewers_look_on(ann, business, applied):
    viewer = member(Organization.objects.get(pk=read(business["tenantId"])), Role.VIEWER)
    assert viewer.get(APPLY).status_code == 200
    assert code(viewer.put(APPLY, {})) == (403, "PERMISSION_DENIED", "ROLE")


def test_the_whole_way_from_sign_up_to_a_suspended_business(db, plan, caller):
    """INV-41, over allauth's sign-up."""
    person = {"email": "new@example.com", "password": "a-long-enough-Passw0rd"}
    signed = caller(None).post("/_allauth/app/v1/auth/signup", person)
    call = caller(signed.json()["meta"]["access_token"])
    business = call.post(f"{REGISTRATION}/complete-profile", PROFILE).json()
    call.put(f"{REGISTRATION}/business-details", DETAILS)
    call.post(f"{REGISTRATION}/select-plan", {"planCode": plan.code})
    call.post(APPLY, FORM)
    review(business, "approve")
    made = call.post(BUSINESSES, BRANCH).json()["connectedBusiness"]
    listed = call.post(f"{BUSINESSES}/list", {"textSearch": "riyadh"}).json()
    assert listed["connectedBusinesses"] == [made]
    path = f"{BUSINESSES}/{made['tenantId']}"
    assert call.post(f"{path}/suspend", {"reason": "Non-payment"}).json()["status"] == "SUSPENDED"
    assert call.post(f"{path}/reactivate").json()["status"] == "ACTIVE"
    types = Event.objects.order_by("id").values_list("type", flat=True)
    assert {"application.approved", "company.suspended", "company.reactivated"} <= set(types)
