"""What the OpenAPI document says of the objects that are answered; the answers are in `shapes`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fiskaly.fields import COUNTRY_SCHEMA, METADATA_SCHEMA


@extend_schema_field(METADATA_SCHEMA)
class ShownMetadata(serializers.DictField):
    """Text by name."""


@extend_schema_field({**COUNTRY_SCHEMA, "enum": [*COUNTRY_SCHEMA["enum"], None]})
class ShownCountry(serializers.CharField):
    """Three letters; null where a country was never given."""


def _text() -> serializers.CharField:
    return serializers.CharField(allow_null=True)


def _ref() -> serializers.UUIDField:
    return serializers.UUIDField(allow_null=True)


@extend_schema_field({"type": "array", "items": {"anyOf": [{"const": "TEST"}, {"const": "LIVE"}]}})
class Envs(serializers.ListField):
    """Where something can be used."""


class Claims(serializers.Serializer[Any]):
    """What an access token says."""

    env = serializers.ChoiceField(["TEST", "LIVE"])
    organization_id = serializers.UUIDField()


class Tokens(serializers.Serializer[Any]):
    """A token for the API and one for the next token; times in Unix seconds."""

    access_token = serializers.CharField()
    access_token_claims = Claims()
    access_token_expires_in = serializers.IntegerField()
    access_token_expires_at = serializers.IntegerField()
    refresh_token = serializers.CharField()
    refresh_token_expires_in = serializers.IntegerField()
    refresh_token_expires_at = serializers.IntegerField()


class ShownBillingOptions(serializers.Serializer[Any]):
    """Who pays."""

    gln = _text()
    withhold_billing = serializers.BooleanField()
    bill_to_organization = _ref()


class ShownConfiguration(serializers.Serializer[Any]):
    """The deprecated spelling of `billing_options.withhold_billing`."""

    withhold_billing = serializers.BooleanField()


class Organization(serializers.Serializer[Any]):
    """An organization. Every field is always there."""

    _id = serializers.UUIDField()
    _type = serializers.ChoiceField(["ORGANIZATION", "MANAGED_ORGANIZATION"])
    _envs = Envs()
    name = serializers.CharField()
    display_name = _text()
    vat_id = _text()
    contact_person_id = _ref()
    address_line1 = _text()
    address_line2 = _text()
    zip = _text()
    town = _text()
    state = _text()
    country_code = ShownCountry(allow_null=True)
    tax_number = _text()
    economy_id = _text()
    billing_options = ShownBillingOptions()
    billing_address_id = _ref()
    metadata = ShownMetadata()
    managed_by_organization_id = _ref()
    managed_configuration = ShownConfiguration()
    created_by_user = _ref()


class ApiKey(serializers.Serializer[Any]):
    """An API key. `secret` is null but in the answer that creates it."""

    _id = serializers.UUIDField()
    _type = serializers.ChoiceField(["API_KEY", "MANAGED_API_KEY"])
    _envs = Envs()
    key = serializers.CharField()
    secret = _text()
    created_at = serializers.IntegerField()
    created_by_user = _ref()
    name = serializers.CharField()
    status = serializers.ChoiceField(["enabled", "disabled"])
    metadata = ShownMetadata()
    managed_by_organization_id = _ref()


class User(serializers.Serializer[Any]):
    """Somebody who is a member, or invited to be one."""

    _id = serializers.UUIDField()
    _type = serializers.ChoiceField(["USER"])
    _envs = Envs()
    email = serializers.EmailField()
    first_name = _text()
    last_name = _text()


class BillingAddress(serializers.Serializer[Any]):
    """A billing address. `vat_id_valid` is false until the register said that it is valid."""

    vat_id_valid = serializers.BooleanField()
    vat_id = _text()
    recipient = serializers.CharField()
    recipient_additions = _text()
    billing_contact_id = _ref()
    address_line1 = serializers.CharField()
    address_line2 = _text()
    zip = serializers.CharField()
    town = serializers.CharField()
    state = _text()
    country_code = ShownCountry(allow_null=True)
    organization_id = serializers.UUIDField()
    metadata = ShownMetadata()
    _id = serializers.UUIDField()
    _type = serializers.ChoiceField(["BILLING_ADDRESS"])
    _envs = Envs()


class Failure(serializers.Serializer[Any]):
    """What a refusal looks like."""

    status_code = serializers.IntegerField()
    error = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class Success(serializers.Serializer[Any]):
    """That it is done."""

    _success = serializers.BooleanField()
