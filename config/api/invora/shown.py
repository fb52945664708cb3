"""What the Identity API answers, field by field."""

from datetime import datetime
from typing import Any

from apikeys.services.clients import Credentials
from billing import checklist as onboarding_checklist
from billing.models import Plan
from config.api.invora.requests import CAPABILITY
from tenants.ids import spell
from tenants.models import Organization, PlatformApplication
from tenants.models.organizations import name_key

Kind = Organization.Kind
_TYPES = {
    Kind.BUSINESS: "BUSINESS",
    Kind.PLATFORM: "PLATFORM",
    Kind.MANAGED: "CONNECTED_BUSINESS",
}
_DETAILS = {
    "taxId": "vat_number",
    "addressLine": "address_line1",
    "city": "city",
    "postalCode": "postal_code",
    "country": "address_country",
    "currency": "currency",
    "timezone": "timezone",
}
_TITLES = {
    "complete_profile": "Complete your business profile",
    "business_details": "Add tax and address details",
    "select_plan": "Select a plan",
}


def tenant_id(organization: Organization) -> str:
    """An organization's id as this surface spells it."""
    return spell("tenant", organization.pk)


def profile(fields: dict[str, Any]) -> dict[str, Any]:
    """A business profile, or details of one, as the profile of an organization."""
    ours = {"businessName": "name", "capabilities": "capabilities", **_DETAILS}
    if "businessName" in fields:
        ours = {**ours, "country": "country"}
    return {ours[name]: value for name, value in fields.items()}


def company(fields: dict[str, Any]) -> dict[str, Any]:
    """A Connected Business to be as the profile of a company; its name is claimed."""
    return {
        "name": fields["name"],
        "name_key": name_key(fields["name"]),
        "country": fields["country"],
        "vat_number": fields.get("taxId", ""),
        "email": fields.get("adminEmail", ""),
    }


def time(at: datetime) -> str:
    """A moment in ISO 8601, UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def credentials(made: Credentials) -> dict[str, str]:
    """The secret of a machine client, this once (INV-06, INV-17)."""
    return {"clientId": made.client_id, "clientSecret": made.secret}


def business(row: Organization) -> dict[str, Any]:
    """A Connected Business (INV-16, INV-23)."""
    return {
        "tenantId": tenant_id(row),
        "parentTenantId": spell("tenant", row.platform_id),
        "name": row.name,
        "country": row.country,
        "taxId": row.vat_number,
        "adminEmail": row.email,
        "status": row.status.upper(),
        "statusReason": row.status_reason,
        "createdAt": time(row.created_at),
        "updatedAt": time(row.updated_at),
    }


def checklist(organization: Organization | None, plan: str) -> dict[str, Any]:
    """How far the onboarding is: the ratio counts the steps that are not optional (INV-02, 13)."""
    found = onboarding_checklist.of(organization, plan)
    steps = [
        {
            "key": step.key,
            "title": _TITLES[step.key],
            "completed": step.done,
            "optional": step.optional,
        }
        for step in found.steps
    ]
    return {"steps": steps, "completionRatio": found.ratio}


def onboarding(organization: Organization | None, plan: str) -> dict[str, Any]:
    """Where a business stands; before it has a profile, at the beginning (INV-12, C-55)."""
    return {
        "tenantId": tenant_id(organization) if organization else "",
        "organizationType": _TYPES[Kind(organization.kind)] if organization else "",
        "status": organization.status.upper() if organization else "",
        "businessName": organization.name if organization else "",
        "country": organization.country if organization else "",
        "capabilities": capabilities(organization) if organization else [],
        "businessDetails": details(organization) if organization else {},
        "planCode": plan,
        "checklist": checklist(organization, plan),
    }


def capabilities(organization: Organization) -> list[str]:
    """What a business uses, in the long spelling (C-49)."""
    return [f"{CAPABILITY}{word}" for word in organization.capabilities]


def details(organization: Organization) -> dict[str, str]:
    """Tax, address, currency and time zone (INV-07)."""
    return {ours: getattr(organization, name) for ours, name in _DETAILS.items()}


def plan(row: Plan) -> dict[str, Any]:
    """A plan to choose (INV-38); amounts are decimal strings."""
    return {
        "planCode": row.code,
        "name": row.name,
        "description": row.description,
        "currency": row.currency,
        "monthlyFee": str(row.monthly_fee),
        "includedDocuments": row.included_documents,
        "overagePrice": str(row.overage_price),
        "connectedBusinessLimit": row.company_limit,
    }


def application(row: PlatformApplication) -> dict[str, Any]:
    """An application to become a platform, and what was said about it (INV-34, INV-35)."""
    turns = list(row.messages.all())
    said = next((turn.text for turn in reversed(turns) if turn.state != "submitted"), "")
    return {
        "applicationId": spell("application", row.pk),
        "tenantId": spell("tenant", row.organization_id),
        "status": row.state.upper(),
        "motivation": row.motivation,
        "expectedConnectedBusinesses": row.expected_companies,
        "expectedMonthlyTransactionVolume": row.expected_documents,
        "technicalContactEmail": row.technical_contact,
        "termsOfServiceAccepted": True,
        "reviewMessage": said,
        "submittedAt": time(row.submitted_at),
        "decidedAt": time(row.decided_at) if row.decided_at else None,
        "history": [
            {"status": turn.state.upper(), "message": turn.text, "at": time(turn.written_at)}
            for turn in turns
        ],
    }


def form(fields: dict[str, Any]) -> dict[str, Any]:
    """An application's fields as the applicant's form."""
    ours = {
        "motivation": "motivation",
        "expectedConnectedBusinesses": "expected_companies",
        "expectedMonthlyTransactionVolume": "expected_documents",
        "technicalContactEmail": "technical_contact",
    }
    return {ours[name]: value for name, value in fields.items() if name in ours}
