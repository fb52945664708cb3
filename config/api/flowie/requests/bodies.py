"""What callers of the platform API may send, field by field as Flowie spells it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.flowie.requests.fields import (
    PLATFORM_SCOPES,
    TENANT_SCOPES,
    Country,
    EventTypes,
    Metadata,
    PeppolId,
    Scopes,
    Secret,
    Strict,
    VatNumber,
    WebhookUrl,
)
from config.api.kit.fields import Flag, Text
from tenants.models import Environment
from webhooks.models import Endpoint

KEY_TYPES = ("platform", "white_label")
MOST_PER_BATCH = 100


class PlatformKeyFields(Strict):
    """A platform key that a person wants to have (FLO-01)."""

    name = Text(max_length=255)
    scopes = Scopes(PLATFORM_SCOPES, default=lambda: ["*"])
    keyType = serializers.ChoiceField(KEY_TYPES, default="platform")
    environment = serializers.ChoiceField(Environment.choices, default=Environment.TEST)


class TenantKeyFields(Strict):
    """A key of one company. Without scopes it may do all that a tenant may."""

    name = Text(max_length=255)
    scopes = Scopes(TENANT_SCOPES, default=lambda: list(TENANT_SCOPES))


class Rotation(Strict):
    """How long what is replaced is good for beside its successor."""

    overlapSeconds = serializers.IntegerField(min_value=0, max_value=7 * 86400, default=86400)


class SecretRotation(Rotation):
    """The same for a signing secret, which may be the caller's own."""

    secret = Secret(max_length=256, required=False)


class WebhookFields(Strict):
    """A webhook. Without events it hears of everything; without a secret one is made (C-28)."""

    url = WebhookUrl()
    events = EventTypes(default=lambda: ["*"])
    secret = Secret(max_length=256, required=False)
    description = Text(max_length=255, allow_blank=True, default="")


class WebhookChanges(Strict):
    """What may be changed of a webhook; what is left out stays."""

    url = WebhookUrl(required=False)
    events = EventTypes(required=False)
    description = Text(max_length=255, allow_blank=True, required=False)
    status = serializers.ChoiceField(Endpoint.Status.choices, required=False)


class Address(Strict):
    """Where a company is; its invoices say so."""

    street = Text(max_length=255, required=False, allow_blank=True)
    additional = Text(max_length=255, required=False, allow_blank=True)
    city = Text(max_length=255, required=False, allow_blank=True)
    postalCode = Text(max_length=32, required=False, allow_blank=True)
    region = Text(max_length=255, required=False, allow_blank=True)
    country = Country(max_length=2, required=False)


class CompanyFields(Strict):
    """What a caller may set of a company."""

    vatNumber = VatNumber()
    name = Text(max_length=255)
    country = Country(max_length=2, required=False)
    companyNumber = Text(max_length=64, required=False, allow_blank=True)
    legalName = Text(max_length=255, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    address = Address(required=False)
    metadata = Metadata(required=False)


class Onboarding(CompanyFields):
    """A company with all that comes along (FLO-06); webhook and key are optional (FLO-07)."""

    peppolId = PeppolId(required=False)
    webhook = WebhookFields(required=False, allow_null=True)
    apiKey = TenantKeyFields(required=False, allow_null=True)


class CompanyChanges(CompanyFields):
    """What may be changed of a company; what is left out stays."""

    vatNumber = VatNumber(required=False)
    name = Text(max_length=255, required=False)
    peppolId = PeppolId(required=False, allow_null=True)


class Branding(Strict):
    """How a platform looks; what is left out stays, what is empty is unset."""

    displayName = Text(max_length=255, required=False, allow_blank=True)
    logoUrl = Text(max_length=2000, required=False, allow_blank=True)
    primaryColor = Text(max_length=7, required=False, allow_blank=True)
    supportEmail = Text(max_length=254, required=False, allow_blank=True)


class Defaults(Strict):
    """What holds for the documents of all companies."""

    preferredFormat = serializers.RegexField(
        r"^[a-z0-9][a-z0-9.-]*$", max_length=40, required=False, allow_null=True
    )
    autoCompliance = serializers.DictField(child=Flag(), required=False)

    def validate_autoCompliance(self, wanted: dict[str, bool]) -> dict[str, bool]:  # noqa: N802
        """Its names are countries."""
        check = Country(max_length=2)
        return {check.run_validation(country): on for country, on in wanted.items()}


class Settings(Strict):
    """A part of the settings; what is left out stays (FLO-38)."""

    branding = Branding(required=False)
    customDomain = Text(max_length=253, required=False, allow_null=True)
    defaults = Defaults(required=False)


class Replay(Strict):
    """What is to be sent again: everything missed, or what failed in a time."""

    what = serializers.ChoiceField(["failed", "missed"], default="missed")
    since = serializers.DateTimeField(default=lambda: timezone.now() - timedelta(days=30))
    until = serializers.DateTimeField(default=timezone.now)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "object", "additionalProperties": True},
            {"type": "string", "description": "UBL."},
        ]
    }
)
class Content(serializers.Field[Any, Any, Any, Any]):
    """What a document says: an object, or UBL as text."""

    default_error_messages = {"not_a_document": "Not a JSON object, nor UBL as text."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and data.lstrip().startswith("<"):
            return {"ubl": data}
        if not isinstance(data, dict) or not data:
            self.fail("not_a_document")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class Outgoing(Strict):
    """A document to be sent (FLO-59). `from` may be left out: it is the acting company."""

    type = serializers.ChoiceField(["invoice", "credit_note"], required=False)
    to = PeppolId(required=False)
    document = Content()

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language and cannot be named above."""
        return {**super().get_fields(), "from": Text(max_length=140, required=False)}


class Batch(Strict):
    """Up to 100 documents (FLO-42, FLO-43)."""

    documents = serializers.ListField(
        child=serializers.JSONField(allow_null=True), min_length=1, max_length=MOST_PER_BATCH
    )
