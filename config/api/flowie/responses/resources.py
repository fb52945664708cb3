"""What the OpenAPI document says of the objects that are answered; the answers are in `shapes`."""

from typing import Any

from rest_framework import serializers

from config.api.flowie.requests.bodies import KEY_TYPES
from config.api.flowie.requests.fields import Metadata
from peppol.models import Document as Row
from peppol.models import Participant
from tenants.models import CustomDomain, Environment
from webhooks.models import Delivery as DeliveryRow
from webhooks.models import Endpoint

_Texts = serializers.ListField(child=serializers.CharField())


def _text(**options: Any) -> serializers.CharField:
    return serializers.CharField(allow_null=True, **options)


def _time() -> serializers.DateTimeField:
    return serializers.DateTimeField(allow_null=True)


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0)


class ErrorEntry(serializers.Serializer[Any]):
    """One thing that is wrong: where and what; of a document the rule and the place too."""

    field = serializers.CharField()
    message = serializers.CharField()
    code = serializers.CharField()
    location = serializers.CharField(required=False)
    fatal = serializers.BooleanField(required=False)


class Failure(serializers.Serializer[Any]):
    """Every refusal: a code for programs, a sentence for people."""

    code = serializers.CharField()
    message = serializers.CharField()
    companyId = serializers.CharField(required=False)

    def get_fields(self) -> dict[str, Any]:
        """`errors` is taken in a serializer and cannot be named above."""
        return {**super().get_fields(), "errors": ErrorEntry(many=True, required=False)}


class ShownAddress(serializers.Serializer[Any]):
    """Where a company is; empty where nobody said."""

    street = serializers.CharField(allow_blank=True)
    additional = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    postalCode = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)


class Company(serializers.Serializer[Any]):
    """A managed company: `status` is the contract's, `smpRegistered` the network's (C-22)."""

    id = serializers.CharField()
    peppolId = _text()
    vatNumber = _text()
    name = serializers.CharField()
    country = _text()
    status = serializers.ChoiceField(["pending", "active", "suspended", "closed", "deregistered"])
    smpRegistered = serializers.BooleanField()
    smpStatus = serializers.ChoiceField(Participant.State.choices, allow_null=True)
    smpError = _text()
    companyNumber = _text()
    legalName = _text()
    email = _text()
    address = ShownAddress()
    metadata = Metadata()
    environment = serializers.ChoiceField(Environment.choices)
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()


class Key(serializers.Serializer[Any]):
    """An API key without its value."""

    id = serializers.CharField()
    keyPrefix = serializers.CharField()
    name = serializers.CharField()
    keyType = serializers.ChoiceField([*KEY_TYPES, "company"])
    companyId = _text()
    scopes = _Texts
    environment = serializers.ChoiceField(Environment.choices)
    status = serializers.ChoiceField(["active", "disabled", "expired"])
    createdAt = serializers.DateTimeField()
    lastUsedAt = _time()
    expiresAt = _time()


class IssuedKey(Key):
    """An API key with its value, which is shown this once."""

    key = serializers.CharField()


class Webhook(serializers.Serializer[Any]):
    """A webhook; at platform level `companyId` is null."""

    id = serializers.CharField()
    url = serializers.CharField()
    status = serializers.ChoiceField(Endpoint.Status.choices)
    events = _Texts
    description = serializers.CharField(allow_blank=True)
    companyId = _text()
    environment = serializers.ChoiceField(Environment.choices)
    failureCount = _count()
    consecutiveFailures = _count()
    disabledReason = _text()
    lastSuccessAt = _time()
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()


class NewWebhook(Webhook):
    """A webhook with its signing secret, which is shown this once."""

    secret = serializers.CharField()


class Onboarded(serializers.Serializer[Any]):
    """What one call made."""

    company = Company()
    apiKey = IssuedKey(allow_null=True)
    webhook = NewWebhook(allow_null=True)


class Attempt(serializers.Serializer[Any]):
    """One try to deliver."""

    number = _count()
    startedAt = serializers.DateTimeField()
    durationMs = _count()
    statusCode = serializers.IntegerField(allow_null=True)
    error = _text()


class Delivery(serializers.Serializer[Any]):
    """An event due to a webhook; `eventId` is what `X-Flowie-Event-Id` says."""

    id = serializers.CharField()
    eventId = serializers.CharField()
    type = serializers.CharField()
    companyId = serializers.CharField()
    state = serializers.ChoiceField(DeliveryRow.State.choices)
    createdAt = serializers.DateTimeField()
    nextAttemptAt = _time()
    deliveredAt = _time()
    attempts = Attempt(many=True)


class Replayed(serializers.Serializer[Any]):
    """How many deliveries are sent again."""

    replayed = _count()


class Warnings(serializers.Serializer[Any]):
    """A rule that a document breaks without being refused."""

    rule = serializers.CharField()
    message = serializers.CharField()
    location = serializers.CharField()
    fatal = serializers.BooleanField()


class Document(serializers.Serializer[Any]):
    """A document without its content."""

    id = serializers.CharField()
    companyId = serializers.CharField()
    direction = serializers.ChoiceField(Row.Direction.choices)
    type = serializers.ChoiceField(Row.Kind.choices)
    status = serializers.ChoiceField(Row.State.choices)
    response = serializers.ChoiceField(["received", "accepted", "rejected"], allow_null=True)
    to = serializers.CharField()
    sender = serializers.CharField()
    number = _text()
    issueDate = serializers.DateField(allow_null=True)
    currency = _text()
    amount = _text()
    format = serializers.ChoiceField(Row.Format.choices)
    environment = serializers.ChoiceField(Environment.choices)
    error = _text()
    warnings = Warnings(many=True)
    retainUntil = serializers.DateField()
    createdAt = serializers.DateTimeField()
    finishedAt = _time()

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language and cannot be named above."""
        return {**super().get_fields(), "from": serializers.CharField()}


class BatchResult(serializers.Serializer[Any]):
    """What became of one document: `document` or `error`."""

    index = _count()
    status = serializers.ChoiceField(["accepted", "rejected"])
    statusCode = serializers.IntegerField()
    document = Document(required=False)
    error = Failure(required=False)


class Batched(serializers.Serializer[Any]):
    """A result for each document, in their order."""

    accepted = _count()
    rejected = _count()
    results = BatchResult(many=True)


class Judged(serializers.Serializer[Any]):
    """What a document that may be sent would be."""

    valid = serializers.BooleanField()
    type = serializers.ChoiceField(Row.Kind.choices)
    number = _text()
    sender = serializers.CharField()
    to = serializers.CharField()
    format = serializers.ChoiceField(Row.Format.choices)
    currency = _text()
    amount = _text()
    warnings = Warnings(many=True)


class ShownBranding(serializers.Serializer[Any]):
    """How a platform looks; empty where nothing was set."""

    displayName = serializers.CharField(allow_blank=True)
    logoUrl = serializers.CharField(allow_blank=True)
    primaryColor = serializers.CharField(allow_blank=True)
    supportEmail = serializers.CharField(allow_blank=True)


class DnsRecord(serializers.Serializer[Any]):
    """A record to set for the custom domain."""

    type = serializers.ChoiceField(["CNAME", "A", "AAAA", "TXT"])
    name = serializers.CharField()
    value = serializers.CharField()


class ShownDefaults(serializers.Serializer[Any]):
    """What holds for the documents of all companies."""

    preferredFormat = _text()
    autoCompliance = serializers.DictField(child=serializers.BooleanField())


class Settings(serializers.Serializer[Any]):
    """A platform's settings."""

    branding = ShownBranding()
    customDomain = _text()
    customDomainStatus = serializers.ChoiceField(CustomDomain.State.choices, allow_null=True)
    customDomainError = _text()
    dnsRecords = DnsRecord(many=True)
    defaults = ShownDefaults()
    whiteLabel = serializers.BooleanField()
