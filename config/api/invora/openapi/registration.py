"""What the OpenAPI document says of PublicRegistrationService's operations."""

from functools import partial

from config.api.invora import requests, responses
from config.api.invora.openapi import examples
from config.api.invora.openapi.parts import operation

_registration = partial(operation, "PublicRegistrationService")

COMPLETE_PROFILE = _registration(
    "CompleteBusinessProfile",
    "Create the business of a new user",
    responses.Registered,
    examples.REGISTERED,
    request=requests.BusinessProfile,
    sent=examples.PROFILE,
    post=True,
)
BUSINESS_DETAILS = _registration(
    "UpdateBusinessDetails",
    "Add or change tax, address, currency and time zone",
    responses.DetailsChanged,
    examples.DETAILS_CHANGED,
    request=requests.BusinessDetails,
    sent=examples.DETAILS,
)
SELECT_PLAN = _registration(
    "SelectPlan",
    "Subscribe the business to a plan",
    responses.Subscribed,
    examples.SUBSCRIBED,
    request=requests.PlanChoice,
    sent={"planCode": "starter-monthly"},
    post=True,
)
ONBOARDING_STATUS = _registration(
    "GetOnboardingStatus",
    "See how far the onboarding is",
    responses.Onboarding,
    examples.ONBOARDING,
)
ROTATE_CREDENTIALS = _registration(
    "RotateCredentials",
    "Replace the client secret",
    responses.Credentials,
    examples.CREDENTIALS,
    post=True,
)
SUBMIT_APPLICATION = _registration(
    "SubmitPlatformApplication",
    "Apply to become a Platform",
    responses.ApplicationShown,
    examples.APPLICATION,
    request=requests.Application,
    sent=examples.FORM,
    post=True,
)
GET_APPLICATION = _registration(
    "GetPlatformApplication",
    "See the application and what was decided",
    responses.ApplicationShown,
    examples.ASKED_BACK,
)
RESUBMIT_APPLICATION = _registration(
    "ResubmitPlatformApplication",
    "Update the application and submit it again",
    responses.ApplicationShown,
    examples.APPLICATION,
    request=requests.ApplicationChanges,
    sent={"motivation": examples.FORM["motivation"], "message": "As you asked."},
)
LIST_PLANS = _registration(
    "ListPlans", "See the plans on offer", responses.PlanList, examples.PLANS
)
