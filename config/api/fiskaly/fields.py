"""Kinds of values as this surface writes them: countries, ids, metadata, billing options."""

from typing import Any
from uuid import UUID

import pycountry
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fiskaly import ids
from config.api.kit.fields import Flag, Text
from config.api.kit.paths import NOBODY
from tenants.models.profiles import (
    METADATA_KEY_LENGTH,
    METADATA_KEYS,
    METADATA_VALUE_LENGTH,
)

_ALPHA_2 = {country.alpha_3: country.alpha_2 for country in pycountry.countries}
_ALPHA_3 = {two: three for three, two in _ALPHA_2.items()}

UUID_SCHEMA = {"type": "string", "format": "uuid"}
METADATA_SCHEMA = {
    "type": "object",
    "maxProperties": METADATA_KEYS,
    "propertyNames": {"maxLength": METADATA_KEY_LENGTH},
    "additionalProperties": {"type": "string", "maxLength": METADATA_VALUE_LENGTH},
}
COUNTRY_SCHEMA = {"type": "string", "enum": sorted(_ALPHA_2)}


def alpha_3(alpha_2: str) -> str | None:
    """The three letters of a country that we keep by its two."""
    return _ALPHA_3.get(alpha_2)


@extend_schema_field(COUNTRY_SCHEMA)
class Country(Text):
    """An ISO 3166-1 alpha-3 code in upper case (FIS-19); our two letters inside."""

    default_error_messages = {"unknown": "Not an ISO 3166-1 alpha-3 country code, such as DEU."}

    def to_internal_value(self, data: Any) -> str:
        found = _ALPHA_2.get(super().to_internal_value(data))
        if found is None:
            self.fail("unknown")
        return found


@extend_schema_field(UUID_SCHEMA)
class Reference(serializers.Field[Any, Any, Any, Any]):
    """The id of something else; null or zeros name nothing."""

    default_error_messages = {"unknown": "Not a UUID."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})

    def to_internal_value(self, data: Any) -> UUID | None:
        found = ids.read(data) if isinstance(data, str) else None
        if found is None:
            self.fail("unknown")
        return None if found == NOBODY else found


@extend_schema_field(METADATA_SCHEMA)
class Metadata(serializers.Field[Any, Any, Any, Any]):
    """Text by name, within the published limits (FIS-24); null is none."""

    default_error_messages = {
        "not_an_object": "Must be an object.",
        "too_many": f"At most {METADATA_KEYS} keys.",
        "long_key": f"A key has at most {METADATA_KEY_LENGTH} characters.",
        "not_text": "Every value must be a string.",
        "long_value": f"A value has at most {METADATA_VALUE_LENGTH} characters.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict):
            self.fail("not_an_object")
        if len(data) > METADATA_KEYS:
            self.fail("too_many")
        for key, value in data.items():
            if len(key) > METADATA_KEY_LENGTH:
                self.fail("long_key")
            if not isinstance(value, str):
                self.fail("not_text")
            if len(value) > METADATA_VALUE_LENGTH:
                self.fail("long_value")
        return data


class BillingOptions(serializers.Serializer[Any]):
    """Allows an organization to be billed to another organization."""

    gln = Text(max_length=32, required=False, allow_null=True, allow_blank=True)
    withhold_billing = Flag(required=False, allow_null=True)
    bill_to_organization = Reference()


class ManagedConfiguration(serializers.Serializer[Any]):
    """What `billing_options` replaces (FIS-29)."""

    withhold_billing = Flag(required=False, allow_null=True)
