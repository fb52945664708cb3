"""What callers send to GoRoute's API, field by field."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from config.api.goroute import document_types
from config.api.kit.fields import QueryNumber, RetrySchedule, Text, Texts
from peppol import identifiers
from peppol.identifiers import DocumentType
from peppol.models import Document
from tenants.errors import Invalid
from tenants.models import Environment, Organization
from tenants.models.profiles import validate_country
from tenants.services.profiles import Merge
from webhooks.models import Endpoint

_OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True, "allow_blank": True}


class Address(serializers.Serializer[Any]):
    """Where an organization is."""

    street = Text(max_length=255, **_OPTIONAL)
    city = Text(max_length=255, **_OPTIONAL)
    postal_code = Text(max_length=32, **_OPTIONAL)
    country = Text(max_length=2, validators=[validate_country], **_OPTIONAL)


class Contact(serializers.Serializer[Any]):
    """How an organization is reached."""

    email = serializers.EmailField(max_length=254, **_OPTIONAL)
    phone = Text(max_length=64, **_OPTIONAL)


class PeppolId(Text):
    """An identifier with its scheme, `0106:12345678`."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return str(identifiers.parse(super().to_internal_value(data)))
        except Invalid as refusal:
            raise serializers.ValidationError(refusal.message, refusal.code) from None


class OrganizationFields(serializers.Serializer[Any]):
    """What a caller may set of an organization. National numbers are taken as given (GOR-31)."""

    name = Text(max_length=255)
    country = Text(max_length=2, validators=[validate_country])
    legal_name = Text(max_length=255, **_OPTIONAL)
    vat_number = Text(max_length=64, **_OPTIONAL)
    company_number = Text(max_length=64, **_OPTIONAL)
    peppol_id = PeppolId(max_length=200, required=False, allow_null=True)
    address = Address(required=False, allow_null=True)
    contact = Contact(required=False, allow_null=True)
    metadata = serializers.DictField(required=False, allow_null=True)

    def validate_name(self, name: str) -> str:
        if not name.strip():
            raise serializers.ValidationError("This field may not be blank.", code="blank")
        return name


class OrganizationChanges(OrganizationFields):
    """The same for an update, where what is left out stays (GOR-06)."""

    name = Text(max_length=255, required=False)
    country = Text(max_length=2, validators=[validate_country], required=False)


class DocumentTypes(Texts):
    """What is received: by identifiers, or by names such as `Invoice` and `CreditNote`."""

    default_error_messages = {
        "unknown_document_type": "“{given}” is none of {names}, nor the identifier of one."
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"child": Text(max_length=500), "min_length": 1, **options})

    def to_internal_value(self, data: Any) -> list[DocumentType]:
        found = [self._known(name) for name in super().to_internal_value(data)]
        return list(dict.fromkeys(found))

    def _known(self, given: str) -> DocumentType:
        found = document_types.find(given)
        if found is None:
            names = ", ".join(document_types.NAMES)
            self.fail("unknown_document_type", given=given[:140], names=names)
        return found


class Capability(serializers.Serializer[Any]):
    """A document type in the vendor's longer form; its process follows from it."""

    document_type = Text(max_length=500)
    process_id = Text(max_length=300, **_OPTIONAL)


class Capabilities(serializers.ListField):
    """The same in the vendor's longer form."""

    child = Capability()

    def to_internal_value(self, data: Any) -> list[DocumentType]:
        named = [one["document_type"] for one in super().to_internal_value(data)]
        found: list[DocumentType] = DocumentTypes().run_validation(named)
        return found


class ParticipantFields(serializers.Serializer[Any]):
    """An identifier to be registered under, whole or in its two parts."""

    peppol_id = Text(max_length=200, required=False)
    scheme = Text(max_length=4, required=False)
    identifier = Text(max_length=200, required=False)
    name = Text(max_length=255, **_OPTIONAL)
    document_types = DocumentTypes(required=False)
    capabilities = Capabilities(required=False)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Put the parts together and check that it can be an identifier at all."""
        whole = fields.get("peppol_id") or fields.get("identifier")
        if not whole:
            raise serializers.ValidationError({"peppol_id": "This field is required."}, "required")
        if "peppol_id" not in fields and "scheme" in fields and ":" not in whole:
            whole = f"{fields['scheme']}:{whole}"
        try:
            fields["peppol_id"] = str(identifiers.parse(whole))
        except Invalid as refusal:
            raise serializers.ValidationError(
                {"peppol_id": refusal.message}, refusal.code
            ) from None
        return fields


class WebhookFields(serializers.Serializer[Any]):
    """A URL, the events it wants, and the secret that signs them (GOR-16)."""

    url = Text(max_length=2000)
    events = Texts(child=Text(max_length=64), min_length=1, max_length=100)
    secret = Text(max_length=256, required=False, allow_null=True)
    description = Text(max_length=255, **_OPTIONAL)
    retry_schedule = RetrySchedule()


class WebhookChanges(WebhookFields):
    """The same for an update. A new secret signs beside the old one for a day."""

    url = Text(max_length=2000, required=False)
    events = Texts(child=Text(max_length=64), min_length=1, max_length=100, required=False)
    status = serializers.ChoiceField(Endpoint.Status.choices, required=False)


class KeyFields(serializers.Serializer[Any]):
    """A key that acts for one organization."""

    name = Text(max_length=255)
    description = Text(max_length=2000, **_OPTIONAL)
    environment = serializers.ChoiceField(Environment.choices, required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate_expires_at(self, at: Any) -> Any:
        if at is not None and at <= timezone.now():
            raise serializers.ValidationError("This moment is over.", code="past")
        return at


class Paging(serializers.Serializer[Any]):
    """Which page of a list is wanted."""

    limit = QueryNumber(min_value=1, max_value=100, default=50)
    cursor = Text(max_length=500, default="", allow_blank=True)


class DocumentFilter(serializers.Serializer[Any]):
    """Which documents are wanted."""

    direction = serializers.ChoiceField(Document.Direction.choices, required=False)
    status = serializers.ChoiceField(Document.shown_states(), required=False)


_COLUMNS = {
    "name": "name",
    "legal_name": "legal_name",
    "country": "country",
    "vat_number": "vat_number",
    "company_number": "company_number",
}
_NESTED = {
    "address": {
        "street": "address_line1",
        "city": "city",
        "postal_code": "postal_code",
        "country": "address_country",
    },
    "contact": {"email": "email", "phone": "phone"},
}


def profile(fields: Mapping[str, Any], *, current: Organization | None = None) -> dict[str, Any]:
    """Translate fields into the profile of an organization; nested objects merge (GOR-06)."""
    found = {_COLUMNS[name]: fields[name] or "" for name in _COLUMNS if name in fields}
    for name, columns in _NESTED.items():
        if name in fields:
            given = dict.fromkeys(columns) if fields[name] is None else fields[name]
            found |= {columns[part]: value or "" for part, value in given.items()}
    if "metadata" in fields:
        said = Merge(fields["metadata"] or {})
        merges = current is not None and fields["metadata"] is not None
        found["metadata"] = said if merges else said.into({})
    return found
