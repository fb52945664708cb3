"""Examples of the Identity API: the document's own, and our answers to them."""

from typing import Any

_TIME, _LATER = "2026-01-26T10:00:00Z", "2026-01-27T09:30:00Z"
_PLATFORM, _BRANCH = (f"tenant_01jaysezv0f3rr5p2m8xw4q7k{letter}" for letter in "tv")

CREDENTIALS = {
    "clientId": "client_01jaysezv0f3rr5p2m8xw4q7kt",
    "clientSecret": "gh_secret_6uV0cXk2mPq9sYt4bNf7Ra1WzEd8Hg2ZtLhQ",
}


def _checklist(*done: str) -> dict[str, Any]:
    steps = [
        ("complete_profile", "Complete your business profile", False),
        ("business_details", "Add tax and address details", True),
        ("select_plan", "Select a plan", False),
    ]
    needed = [key in done for key, _, optional in steps if not optional]
    return {
        "steps": [
            {"key": key, "title": title, "completed": key in done, "optional": optional}
            for key, title, optional in steps
        ],
        "completionRatio": sum(needed) / len(needed),
    }


PROFILE = {
    "businessName": "Acme Trading Co.",
    "country": "SA",
    "capabilities": ["BUSINESS_CAPABILITY_EINVOICING", "BUSINESS_CAPABILITY_BILLING"],
}
REGISTERED = {
    "tenantId": _PLATFORM,
    **CREDENTIALS,
    "checklist": _checklist("complete_profile"),
}
DETAILS = {
    "taxId": "300000000000003",
    "addressLine": "King Fahd Road",
    "city": "Riyadh",
    "postalCode": "11564",
    "country": "SA",
    "currency": "SAR",
    "timezone": "Asia/Riyadh",
}
DETAILS_CHANGED = {
    "businessDetails": DETAILS,
    "capabilities": PROFILE["capabilities"],
    "checklist": _checklist("complete_profile", "business_details"),
}
_DONE = _checklist("complete_profile", "business_details", "select_plan")
SUBSCRIBED = {
    "subscriptionId": "subscription_01jaysezv0f3rr5p2m8xw4q7kt",
    "planCode": "starter-monthly",
    "checklist": _DONE,
}
ONBOARDING = {
    "tenantId": _PLATFORM,
    "organizationType": "BUSINESS",
    "status": "ACTIVE",
    "businessName": "Acme Trading Co.",
    "country": "SA",
    "capabilities": PROFILE["capabilities"],
    "businessDetails": DETAILS,
    "planCode": "starter-monthly",
    "checklist": _DONE,
}
PLANS = {
    "plans": [
        {
            "planCode": "starter-monthly",
            "name": "Starter",
            "description": "",
            "currency": "EUR",
            "monthlyFee": "49.00",
            "includedDocuments": 250,
            "overagePrice": "0.1500",
            "stopsAtIncludedDocuments": False,
            "documentsPerDay": None,
            "connectedBusinessLimit": 25,
        }
    ]
}
FORM: dict[str, Any] = {
    "motivation": "We run 140 franchise shops and want to invoice for all of them.",
    "expectedConnectedBusinesses": 140,
    "expectedMonthlyTransactionVolume": 9000,
    "technicalContactEmail": "tech@acme.example",
    "termsOfServiceAccepted": True,
}
APPLICATION = {
    "applicationId": "application_01jaysezv0f3rr5p2m8xw4q7kt",
    "tenantId": _PLATFORM,
    "status": "SUBMITTED",
    **FORM,
    "reviewMessage": "",
    "submittedAt": _TIME,
    "decidedAt": None,
    "history": [{"status": "SUBMITTED", "message": "", "at": _TIME}],
}
_QUESTION = "How many of the shops invoice abroad?"
ASKED_BACK = {
    **APPLICATION,
    "status": "INFO_REQUESTED",
    "reviewMessage": _QUESTION,
    "decidedAt": _LATER,
    "history": [
        {"status": "SUBMITTED", "message": "", "at": _TIME},
        {"status": "INFO_REQUESTED", "message": _QUESTION, "at": _LATER},
    ],
}
NEW_BUSINESS = {
    "name": "Acme Riyadh Branch",
    "country": "SA",
    "taxId": "300000000000004",
    "adminEmail": "admin@acme-riyadh.com",
}
_BUSINESS = {
    "tenantId": _BRANCH,
    "parentTenantId": _PLATFORM,
    **NEW_BUSINESS,
    "status": "ACTIVE",
    "statusReason": "",
    "createdAt": _TIME,
    "updatedAt": _TIME,
}
_SUSPENDED = {
    **_BUSINESS,
    "status": "SUSPENDED",
    "statusReason": "Non-payment",
    "updatedAt": _LATER,
}
CONNECTED = {"connectedBusiness": _BUSINESS, **CREDENTIALS}
ONE_BUSINESS = {"connectedBusiness": _BUSINESS, **_BUSINESS}
SUSPENDED_BUSINESS = {"connectedBusiness": _SUSPENDED, **_SUSPENDED}
SEARCH = {"textSearch": "riyadh", "pagination": {"limit": 20}}
BUSINESS_LIST = {
    "connectedBusinesses": [_BUSINESS],
    "items": [{**_BUSINESS, "status": "CONNECTED_BUSINESS_STATUS_ACTIVE"}],
    "totalCount": "42",
    "pagination": {"nextPageCursor": "IjAxOTJi...", "totalCount": 42},
    "nextPageCursor": "IjAxOTJi...",
}
