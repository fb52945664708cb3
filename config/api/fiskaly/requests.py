"""What callers send to the management API, field by field, and in our words."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fiskaly.fields import (
    BillingOptions,
    Country,
    ManagedConfiguration,
    Metadata,
    Reference,
)
from config.api.kit.fields import QueryNumber, Text

_KEY_NAME = re.compile(r"[a-z0-9-]{3,30}")


@extend_schema_field({"type": "string", "pattern": r"^[a-z0-9\-]{3,30}$"})
class KeyName(Text):
    """The name of an API key (FIS-38)."""

    default_error_messages = {"malformed": "Must be 3 to 30 of a-z, 0-9 and -."}

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if not _KEY_NAME.fullmatch(name):
            self.fail("malformed")
        return name


def _optional(length: int) -> Text:
    return Text(max_length=length, required=False, allow_null=True, allow_blank=True)


class Credentials(serializers.Serializer[Any]):
    """A key's two strings, or a person's address and password, or a refresh token."""

    api_key = _optional(255)
    api_secret = _optional(255)
    email = _optional(254)
    password = _optional(1000)
    refresh_token = _optional(4096)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whatever is given has to be complete; what is null is not given."""
        given = {name for name, value in attrs.items() if value is not None}
        for whole in ({"api_key", "api_secret"}, {"email", "password"}, {"refresh_token"}):
            if whole <= given:
                return {name: attrs[name] for name in whole}
        raise serializers.ValidationError(
            "Give api_key and api_secret, email and password, or refresh_token."
        )


class OrganizationFields(serializers.Serializer[Any]):
    """What may be set of an organization (FIS-16 to FIS-30)."""

    name = Text(min_length=3, max_length=255)
    display_name = _optional(255)
    vat_id = _optional(64)
    contact_person_id = Reference()
    address_line1 = Text(min_length=1, max_length=255)
    address_line2 = _optional(255)
    zip = Text(min_length=1, max_length=32)
    town = Text(min_length=1, max_length=255)
    state = _optional(255)
    country_code = Country()
    tax_number = _optional(64)
    economy_id = _optional(64)
    billing_options = BillingOptions(required=False, allow_null=True)
    billing_address_id = Reference()
    metadata = Metadata()
    managed_by_organization_id = Reference()
    managed_configuration = ManagedConfiguration(required=False, allow_null=True)


class KeyFields(serializers.Serializer[Any]):
    """What may be set of a new API key; without a status it is enabled (C-39)."""

    name = KeyName()
    status = serializers.ChoiceField(["enabled", "disabled"], default="enabled")
    metadata = Metadata()
    managed_by_organization_id = Reference()


class KeyChanges(serializers.Serializer[Any]):
    """What may be changed of an API key; name and `key` stay (FIS-45)."""

    status = serializers.ChoiceField(["enabled", "disabled"], required=False)
    metadata = Metadata()


class Environments(serializers.Serializer[Any]):
    """The environment to enable."""

    env = serializers.ChoiceField(["TEST", "LIVE"])


class Invited(serializers.Serializer[Any]):
    """Whom to invite."""

    email = serializers.EmailField(max_length=254)
    first_name = _optional(150)
    last_name = _optional(150)


class AddressFields(serializers.Serializer[Any]):
    """What may be set of a billing address."""

    vat_id = _optional(64)
    recipient = Text(min_length=1, max_length=255)
    recipient_additions = _optional(255)
    billing_contact_id = Reference()
    address_line1 = Text(min_length=1, max_length=255)
    address_line2 = _optional(255)
    zip = Text(min_length=1, max_length=32)
    town = Text(min_length=1, max_length=255)
    state = _optional(255)
    country_code = Country()
    organization_id = Reference()
    metadata = Metadata()


class Listing(serializers.Serializer[Any]):
    """Which part of a list is wanted, and in which order."""

    order = serializers.ChoiceField(["asc", "desc"], default="asc")
    limit = QueryNumber(min_value=0, max_value=5000, default=100)
    offset = QueryNumber(min_value=0, max_value=10**9, default=0)


class OrganizationListing(Listing):
    """Which organizations are wanted, and in which order (FIS-10 to FIS-14)."""

    order_by = serializers.ChoiceField(
        [
            "name",
            "id",
            "address_line1",
            "zip",
            "town",
            "display_name",
            "vat_id",
            "address_line2",
            "state",
            "tax_number",
            "economy_id",
        ],
        default="name",
    )
    env = serializers.ChoiceField(["TEST", "LIVE"], required=False, allow_blank=True)
    type = serializers.ChoiceField(
        ["MANAGED_ORGANIZATION", "ORGANIZATION"], required=False, allow_blank=True
    )
    managed_by_organization_id = serializers.CharField(required=False, allow_blank=True)


class KeyListing(Listing):
    """Which of an organization's keys are wanted, and in which order (FIS-43)."""

    order_by = serializers.ChoiceField(["name", "status", "created_at"], default="created_at")
    limit = QueryNumber(min_value=0, max_value=100, default=100)
    status = serializers.ChoiceField(["enabled", "disabled"], required=False, allow_blank=True)


class UserListing(Listing):
    """Which of an organization's users are wanted, and in which order (FIS-46, FIS-50)."""

    order_by = serializers.ChoiceField(["id", "email", "first_name", "last_name"], default="email")
    email = serializers.CharField(required=False, allow_blank=True)
    first_name = serializers.CharField(required=False, allow_blank=True)
    last_name = serializers.CharField(required=False, allow_blank=True)


# --- In our words -------------------------------------------------------------------------------
# Theirs: ours. A text that is null is empty in the column.
_ORGANIZATION = {
    "name": "name",
    "display_name": "display_name",
    "vat_id": "vat_number",
    "address_line1": "address_line1",
    "address_line2": "address_line2",
    "zip": "postal_code",
    "town": "city",
    "state": "state",
    "tax_number": "tax_number",
    "economy_id": "economy_id",
}
_ADDRESS = {
    "recipient": "recipient",
    "recipient_additions": "recipient_additions",
    "vat_id": "vat_id",
    "address_line1": "address_line1",
    "address_line2": "address_line2",
    "zip": "postal_code",
    "town": "city",
    "state": "state",
    "country_code": "country",
}
_REFERENCES = ("contact_person_id", "billing_address_id", "billing_contact_id")


def organization_columns(fields: dict[str, Any]) -> dict[str, Any]:
    """The columns of an organization that `fields` set."""
    found = _common(fields, _ORGANIZATION)
    if "country_code" in fields:
        found["country"] = found["address_country"] = fields["country_code"]
    return {**found, **billing_columns(fields)}


def billing_columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Who pays: `billing_options` wins over the `managed_configuration` that it replaces (C-41)."""
    found: dict[str, Any] = {}
    if "managed_configuration" in fields:
        old = fields["managed_configuration"] or {}
        found["withhold_billing"] = bool(old.get("withhold_billing"))
    if "billing_options" not in fields:
        return found
    options = fields["billing_options"]
    if options is None:
        options = {"gln": None, "withhold_billing": None, "bill_to_organization": None}
    if "withhold_billing" in options:
        found["withhold_billing"] = bool(options["withhold_billing"])
    if "gln" in options:
        found["gln"] = options["gln"] or ""
    if "bill_to_organization" in options:
        found["bill_to_id"] = options["bill_to_organization"]
    return found


def address_columns(fields: dict[str, Any]) -> dict[str, Any]:
    """The columns of a billing address that `fields` set."""
    return _common(fields, _ADDRESS)


def _common(fields: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    found = {ours: fields[name] or "" for name, ours in names.items() if name in fields}
    found |= {name: fields[name] for name in _REFERENCES if name in fields}
    return {**found, "metadata": fields["metadata"] or {}} if "metadata" in fields else found
