"""What the Identity API answers, a class for each thing."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar

from rest_framework import serializers

from billing import checklist
from config.api.invora.requests import CAPABILITIES, CAPABILITY
from config.api.kit.answers import (
    Amount,
    Answer,
    Choice,
    Email,
    Flag,
    Float,
    Mapping,
    Number,
    Text,
    Texts,
    Time,
    nothing,
)
from tenants.ids import spell
from tenants.models import Organization, PlatformApplication

Kind = Organization.Kind
STATUSES = ("PENDING", "ACTIVE", "SUSPENDED", "CLOSED")
_TYPES = {
    Kind.BUSINESS: "BUSINESS",
    Kind.PLATFORM: "PLATFORM",
    Kind.MANAGED: "CONNECTED_BUSINESS",
}
_TITLES = {
    "complete_profile": "Complete your business profile",
    "business_details": "Add tax and address details",
    "select_plan": "Select a plan",
}


def tenant_id(organization: Organization) -> str:
    """An organization's id as this surface spells it."""
    return spell("tenant", organization.pk)


class Capabilities(Texts):
    """What a business uses, in the long spelling (C-49)."""

    child = serializers.ChoiceField(choices=[f"{CAPABILITY}{word}" for word in CAPABILITIES])

    def write(self, value: Any) -> list[str]:
        return [f"{CAPABILITY}{word}" for word in value]


class Moment(Time):
    """A moment in ISO 8601, UTC, to the second."""

    def write(self, value: Any) -> str | None:
        return f"{value:%Y-%m-%dT%H:%M:%SZ}" if value else None


class FieldViolation(Answer):
    """A field that cannot be, and why."""

    field = Text()
    description = Text()


class ErrorDetail(Answer):
    """One of Google's error details: ErrorInfo or BadRequest."""

    reason = Text(nothing, required=False)
    domain = Text(nothing, required=False)
    metadata = Mapping(nothing, child=serializers.CharField(), required=False)
    fieldViolations = FieldViolation(many=True, required=False, read=nothing)

    def get_fields(self) -> dict[str, Any]:
        """`@type` is no name that could stand above."""
        return {"@type": serializers.CharField(), **super().get_fields()}

    @classmethod
    def of(cls, row: str, **given: Any) -> dict[str, Any]:
        """A detail of the type that `row` names."""
        return {"@type": f"type.googleapis.com/google.rpc.{row}", **super().of(None, **given)}


class Status(Answer):
    """An error: gRPC's code by name, a sentence, details."""

    code = Text()
    message = Text()
    details = ErrorDetail(many=True)


class ChecklistStep(Answer):
    """One step of the onboarding."""

    key = Text()
    title = Text(lambda step: _TITLES[step.key])
    completed = Flag("done")
    optional = Flag()


class Checklist(Answer):
    """How far the onboarding is; the ratio counts the steps that are not optional."""

    steps = ChecklistStep(many=True)
    completionRatio = Float("ratio", min_value=0, max_value=1)

    @classmethod
    def about(cls, organization: Organization | None, plan: str) -> dict[str, Any]:
        """The steps of a business on the plan of this code (INV-02, INV-13)."""
        return cls.of(checklist.of(organization, plan))


class Credentials(Answer):
    """OIDC credentials; the secret is shown this once."""

    clientId = Text("client_id")
    clientSecret = Text("secret")


class Registered(Credentials):
    """A new business."""

    tenantId = Text()
    checklist = Checklist()


class Details(Answer):
    """Tax, address, currency and time zone; empty until they are told."""

    taxId = Text("vat_number", required=False, allow_blank=True)
    addressLine = Text("address_line1", required=False, allow_blank=True)
    city = Text(required=False, allow_blank=True)
    postalCode = Text("postal_code", required=False, allow_blank=True)
    country = Text("address_country", required=False, allow_blank=True)
    currency = Text(required=False, allow_blank=True)
    timezone = Text(required=False, allow_blank=True)


class DetailsChanged(Answer):
    """The details as they are now."""

    businessDetails = Details(source="*")
    capabilities = Capabilities()
    checklist = Checklist()


class Subscribed(Answer):
    """The subscription of a business."""

    subscriptionId = Text(lambda row: spell("subscription", row.pk))
    planCode = Text("plan.code")
    checklist = Checklist()


def _or_empty(read: Callable[[Organization], str]) -> Callable[[Organization | None], str]:
    return lambda row: read(row) if row is not None else ""


class Onboarding(Answer):
    """Where a business stands; before it has a profile, every text is empty."""

    tenantId = Text(_or_empty(tenant_id), allow_blank=True)
    organizationType = Text(
        _or_empty(lambda row: _TYPES[Kind(row.kind)]),
        allow_blank=True,
        help_text="BUSINESS, PLATFORM or CONNECTED_BUSINESS.",
    )
    status = Text(
        _or_empty(lambda row: row.status.upper()),
        allow_blank=True,
        help_text="As of a Connected Business.",
    )
    businessName = Text(_or_empty(attrgetter("name")), allow_blank=True)
    country = Text(_or_empty(attrgetter("country")), allow_blank=True)
    capabilities = Capabilities()
    businessDetails = Details(source="*")
    planCode = Text(allow_blank=True)
    checklist = Checklist()

    # What a person without a business has instead of lists and objects (C-55).
    _BEGINNING: ClassVar[dict[str, Any]] = {"capabilities": [], "businessDetails": {}}

    @classmethod
    def about(cls, organization: Organization | None, plan: str) -> dict[str, Any]:
        """Of a business, or of a person who has none yet (INV-12)."""
        given = {"planCode": plan, "checklist": Checklist.about(organization, plan)}
        return cls.of(organization, **given, **({} if organization else cls._BEGINNING))


class PlanShown(Answer):
    """A plan to choose; amounts are decimal strings, no limit is null."""

    planCode = Text("code")
    name = Text()
    description = Text(allow_blank=True)
    currency = Text()
    monthlyFee = Amount("monthly_fee")
    includedDocuments = Number("included_documents")
    overagePrice = Amount("overage_price")
    stopsAtIncludedDocuments = Flag("quota_is_hard")
    documentsPerDay = Number("documents_per_day", allow_null=True)
    connectedBusinessLimit = Number("company_limit", allow_null=True)


class PlanList(Answer):
    """The plans on offer."""

    plans = PlanShown(many=True, source="*")


class Turn(Answer):
    """One turn between applicant and reviewer."""

    status = Text(lambda turn: turn.state.upper())
    message = Text("text", allow_blank=True)
    at = Moment("written_at")


def _said_last(row: PlatformApplication) -> str:
    turns = reversed(row.messages.all())
    return next((turn.text for turn in turns if turn.state != "submitted"), "")


class ApplicationShown(Answer):
    """An application to become a Platform; `reviewMessage` is what the reviewer said last."""

    applicationId = Text(lambda row: spell("application", row.pk))
    tenantId = Text(lambda row: spell("tenant", row.organization_id))
    status = Choice(
        ("SUBMITTED", "APPROVED", "REJECTED", "INFO_REQUESTED"), lambda row: row.state.upper()
    )
    motivation = Text()
    expectedConnectedBusinesses = Number("expected_companies")
    expectedMonthlyTransactionVolume = Number("expected_documents")
    technicalContactEmail = Email("technical_contact")
    termsOfServiceAccepted = Flag(lambda row: True)
    reviewMessage = Text(_said_last, allow_blank=True)
    submittedAt = Moment("submitted_at")
    decidedAt = Moment("decided_at", allow_null=True)
    history = Turn(many=True, read=lambda row: row.messages.all())
