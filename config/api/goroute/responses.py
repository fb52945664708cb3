"""What GoRoute's API answers, field by field, for its OpenAPI document."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from config.api.goroute.requests import Address, Contact
from peppol.models import Document, Participant
from tenants.models import Environment, Organization
from webhooks.models import Endpoint

_Text = serializers.CharField
_Time = serializers.DateTimeField


class Error(serializers.Serializer[Any]):
    """A refusal: a word for programs, a sentence for people, and what is wrong where."""

    error = _Text()
    message = _Text()
    fields_ = inline_serializer(
        "FieldError",
        {"field": _Text(), "message": _Text(), "code": _Text()},
        many=True,
        required=False,
    )
    rules = serializers.ListField(child=serializers.DictField(), required=False)

    def get_fields(self) -> Any:
        """`fields` is a word of the framework's own and cannot stand in the class."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class OrganizationShown(serializers.Serializer[Any]):
    """An organization: one business."""

    org_id = _Text()
    name = _Text()
    legal_name = _Text(allow_null=True)
    country = _Text(allow_null=True)
    status = serializers.ChoiceField(Organization.Status.choices)
    status_reason = _Text(allow_null=True)
    vat_number = _Text(allow_null=True)
    company_number = _Text(allow_null=True)
    address = Address()
    contact = Contact()
    metadata = serializers.DictField()
    created_at = _Time()
    updated_at = _Time()


class InvoiceShown(serializers.Serializer[Any]):
    """An invoice or credit note, sent or received."""

    id = _Text()
    org_id = _Text()
    transaction_id = _Text()
    direction = serializers.ChoiceField(Document.Direction.choices)
    type = serializers.ChoiceField(Document.Kind.choices)
    number = _Text(allow_null=True)
    status = serializers.ChoiceField(Document.State.choices)
    sender = _Text()
    receiver = _Text()
    issue_date = serializers.DateField(allow_null=True)
    currency = _Text(allow_null=True)
    amount = _Text(allow_null=True)
    format = serializers.ChoiceField(Document.Format.choices)
    environment = serializers.ChoiceField(Environment.choices)
    error = _Text(allow_null=True)
    warnings = serializers.ListField(child=serializers.DictField())
    created_at = _Time()
    updated_at = _Time()


class InvoiceWithContent(InvoiceShown):
    """An invoice with what was sent or received: UBL, or JSON as it came."""

    content = _Text()


class TransactionShown(serializers.Serializer[Any]):
    """The journey of one document over the network."""

    id = _Text()
    org_id = _Text()
    invoice_id = _Text()
    direction = serializers.ChoiceField(Document.Direction.choices)
    type = serializers.ChoiceField(Document.Kind.choices)
    number = _Text(allow_null=True)
    status = serializers.ChoiceField(Document.State.choices)
    message_id = _Text()
    sender = _Text()
    receiver = _Text()
    document_type = _Text()
    process = _Text(allow_null=True)
    next_attempt_at = _Time(allow_null=True)
    response = _Text(allow_null=True)
    error = _Text(allow_null=True)
    environment = serializers.ChoiceField(Environment.choices)
    steps = inline_serializer("Step", {"status": _Text(), "at": _Time()}, many=True)
    created_at = _Time()
    finished_at = _Time(allow_null=True)


class ParticipantShown(serializers.Serializer[Any]):
    """A Peppol identifier and how far its registration is."""

    id = _Text()
    org_id = _Text()
    peppol_id = _Text()
    scheme = _Text()
    identifier = _Text()
    name = _Text(allow_null=True)
    status = serializers.ChoiceField(Participant.State.choices)
    registered = serializers.BooleanField()
    registered_at = _Time(allow_null=True)
    next_attempt_at = _Time(allow_null=True)
    error = _Text(allow_null=True)
    warnings = serializers.ListField(child=_Text())
    created_at = _Time()
    updated_at = _Time()


class WebhookShown(serializers.Serializer[Any]):
    """A webhook without its secret."""

    id = _Text()
    org_id = _Text()
    url = _Text()
    events = serializers.ListField(child=_Text())
    status = serializers.ChoiceField(Endpoint.Status.choices)
    description = _Text(allow_null=True)
    environment = serializers.ChoiceField(Environment.choices)
    disabled_reason = _Text(allow_null=True)
    failure_count = serializers.IntegerField()
    last_success_at = _Time(allow_null=True)
    warnings = serializers.ListField(child=_Text())
    created_at = _Time()
    updated_at = _Time()


class WebhookMade(WebhookShown):
    """A webhook with its secret, which is shown when it was just made or changed."""

    secret = _Text(required=False)


class KeyShown(serializers.Serializer[Any]):
    """An API key without its value."""

    id = _Text()
    org_id = _Text()
    name = _Text()
    description = _Text(allow_null=True)
    prefix = _Text()
    last_four = _Text()
    environment = serializers.ChoiceField(Environment.choices)
    status = serializers.ChoiceField(["active", "disabled", "expired", "revoked"])
    created_at = _Time()
    last_used_at = _Time(allow_null=True)
    expires_at = _Time(allow_null=True)


class KeyMade(KeyShown):
    """An API key with its value, which is shown this once."""

    key = _Text()


def page_of(name: str, one: type[serializers.Serializer[Any]], **more: Any) -> Any:
    """A list under its name, and the cursor of its next page."""
    title = f"{''.join(part.title() for part in name.split('_'))}Page"
    return inline_serializer(
        title, {name: one(many=True), "next_cursor": _Text(allow_null=True), **more}
    )
