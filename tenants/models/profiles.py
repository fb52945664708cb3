"""What a profile's values have to be like: countries, names, metadata."""

import unicodedata
from typing import Any

import pycountry
from django.core.exceptions import ValidationError

METADATA_KEYS = 20
METADATA_KEY_LENGTH = 40
METADATA_VALUE_LENGTH = 500


def validate_country(code: str) -> None:
    """Refuse what is not an ISO 3166-1 alpha-2 code in upper case."""
    if len(code) != 2 or pycountry.countries.get(alpha_2=code) is None or not code.isupper():
        raise ValidationError(f"“{code}” is not an ISO 3166-1 alpha-2 country code, such as BE.")


def name_key(name: str) -> str:
    """What two names that a person would call the same have in common; claimed in `name_key`."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def validate_metadata(value: Any) -> None:
    """Hold metadata to the published limits: 20 keys of 40 characters, values of 500."""
    if not isinstance(value, dict):
        raise ValidationError("Metadata must be an object.")
    if len(value) > METADATA_KEYS:
        raise ValidationError(f"Metadata holds at most {METADATA_KEYS} keys.")
    for key, entry in value.items():
        if len(key) > METADATA_KEY_LENGTH:
            raise ValidationError(f"A metadata key has at most {METADATA_KEY_LENGTH} characters.")
        if isinstance(entry, dict | list):
            raise ValidationError(f"The metadata value of “{key}” must be text or a number.")
        if len(str(entry)) > METADATA_VALUE_LENGTH:
            raise ValidationError(
                f"A metadata value has at most {METADATA_VALUE_LENGTH} characters."
            )
