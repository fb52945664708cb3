"""The shapes of the Identity API's answers, for its OpenAPI document."""

from typing import Any

from rest_framework import serializers

from config.api.invora.requests import CAPABILITIES, CAPABILITY

STATUSES = ("PENDING", "ACTIVE", "SUSPENDED", "CLOSED")


class ErrorDetail(serializers.Serializer[Any]):
    """One of Google's error details: ErrorInfo or BadRequest."""

    reason = serializers.CharField(required=False)
    domain = serializers.CharField(required=False)
    metadata = serializers.DictField(child=serializers.CharField(), required=False)
    fieldViolations = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()), required=False
    )

    def get_fields(self) -> dict[str, Any]:
        return {"@type": serializers.CharField(), **super().get_fields()}


class Status(serializers.Serializer[Any]):
    """An error: gRPC's code by name, a sentence, details."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = ErrorDetail(many=True)


class ChecklistStep(serializers.Serializer[Any]):
    """One step of the onboarding."""

    key = serializers.CharField()
    title = serializers.CharField()
    completed = serializers.BooleanField()
    optional = serializers.BooleanField()


class Checklist(serializers.Serializer[Any]):
    """How far the onboarding is; the ratio counts the steps that are not optional."""

    steps = ChecklistStep(many=True)
    completionRatio = serializers.FloatField(min_value=0, max_value=1)


class Credentials(serializers.Serializer[Any]):
    """OIDC credentials; the secret is shown this once."""

    clientId = serializers.CharField()
    clientSecret = serializers.CharField()


class Registered(Credentials):
    """A new business."""

    tenantId = serializers.CharField()
    checklist = Checklist()


class Details(serializers.Serializer[Any]):
    """Tax, address, currency and time zone; empty until they are told."""

    taxId = serializers.CharField(required=False, allow_blank=True)
    addressLine = serializers.CharField(required=False, allow_blank=True)
    city = serializers.CharField(required=False, allow_blank=True)
    postalCode = serializers.CharField(required=False, allow_blank=True)
    country = serializers.CharField(required=False, allow_blank=True)
    currency = serializers.CharField(required=False, allow_blank=True)
    timezone = serializers.CharField(required=False, allow_blank=True)


def _capabilities() -> serializers.ListField:
    words = [f"{CAPABILITY}{word}" for word in CAPABILITIES]
    return serializers.ListField(child=serializers.ChoiceField(choices=words))


class DetailsChanged(serializers.Serializer[Any]):
    """The details as they are now."""

    businessDetails = Details()
    capabilities = _capabilities()
    checklist = Checklist()


class Subscribed(serializers.Serializer[Any]):
    """The subscription of a business."""

    subscriptionId = serializers.CharField()
    planCode = serializers.CharField()
    checklist = Checklist()


class Onboarding(serializers.Serializer[Any]):
    """Where a business stands; before it has a profile, every text is empty."""

    tenantId = serializers.CharField(allow_blank=True)
    organizationType = serializers.CharField(
        allow_blank=True, help_text="BUSINESS, PLATFORM or CONNECTED_BUSINESS."
    )
    status = serializers.CharField(allow_blank=True, help_text="As of a Connected Business.")
    businessName = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    capabilities = _capabilities()
    businessDetails = Details()
    planCode = serializers.CharField(allow_blank=True)
    checklist = Checklist()


class PlanShown(serializers.Serializer[Any]):
    """A plan to choose; amounts are decimal strings, no limit is null."""

    planCode = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    currency = serializers.CharField()
    monthlyFee = serializers.CharField()
    includedDocuments = serializers.IntegerField()
    overagePrice = serializers.CharField()
    connectedBusinessLimit = serializers.IntegerField(allow_null=True)


class PlanList(serializers.Serializer[Any]):
    """The plans on offer."""

    plans = PlanShown(many=True)


class Turn(serializers.Serializer[Any]):
    """One turn between applicant and reviewer."""

    status = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class ApplicationShown(serializers.Serializer[Any]):
    """An application to become a Platform; `reviewMessage` is what the reviewer said last."""

    applicationId = serializers.CharField()
    tenantId = serializers.CharField()
    status = serializers.ChoiceField(
        choices=("SUBMITTED", "APPROVED", "REJECTED", "INFO_REQUESTED")
    )
    motivation = serializers.CharField()
    expectedConnectedBusinesses = serializers.IntegerField()
    expectedMonthlyTransactionVolume = serializers.IntegerField()
    technicalContactEmail = serializers.EmailField()
    termsOfServiceAccepted = serializers.BooleanField()
    reviewMessage = serializers.CharField(allow_blank=True)
    submittedAt = serializers.DateTimeField()
    decidedAt = serializers.DateTimeField(allow_null=True)
    history = Turn(many=True)


class ConnectedBusiness(serializers.Serializer[Any]):
    """A business under a platform."""

    tenantId = serializers.CharField()
    parentTenantId = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    taxId = serializers.CharField(allow_blank=True)
    adminEmail = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=STATUSES)
    statusReason = serializers.CharField(allow_blank=True)
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()


class Connected(Credentials):
    """A new business under a platform."""

    connectedBusiness = ConnectedBusiness()


class OneBusiness(ConnectedBusiness):
    """A business under a platform, wrapped and bare."""

    connectedBusiness = ConnectedBusiness()


class PageShown(serializers.Serializer[Any]):
    """Where the list goes on, and how long it is."""

    nextPageCursor = serializers.CharField(required=False)
    totalCount = serializers.IntegerField()


class BusinessList(serializers.Serializer[Any]):
    """A page of businesses; on the last one there is no cursor."""

    connectedBusinesses = ConnectedBusiness(many=True)
    pagination = PageShown()
    nextPageCursor = serializers.CharField(required=False)
