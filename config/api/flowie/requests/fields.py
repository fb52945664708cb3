"""Fields of the platform API that know more than a type."""

import re
from typing import Any

import pycountry
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.kit.fields import Text, Texts
from peppol import identifiers
from tenants.errors import Invalid
from tenants.events import CATALOGUE
from webhooks import basic_auth, secrets

TENANT_SCOPES = ("send", "receive", "documents.read", "documents.write", "lifecycle")
PLATFORM_SCOPES = ("platform", *TENANT_SCOPES)
_VAT = re.compile(r"([A-Z]{2})([0-9A-Z+*]{2,20})", re.ASCII)
# VAT numbers that begin with something else than their country.
_COUNTRIES = {"EL": "GR", "XI": "GB"}
_LEAST_DIGITS = 3


def country_of(vat_number: str) -> str:
    """The country (alpha-2) that a VAT number begins with, or the empty string."""
    prefix = vat_number[:2]
    country = _COUNTRIES.get(prefix, prefix)
    return country if pycountry.countries.get(alpha_2=country) else ""


class Strict(serializers.Serializer[Any]):
    """Fields of a JSON object."""

    default_error_messages = {"invalid": "Not a JSON object."}


class VatNumber(Text):
    """A VAT number with its country in front; blanks, dots and dashes do not count.

    Its check digits are nobody's business here (C-72): they are when a company is registered.
    """

    default_error_messages = {
        "invalid_vat": "A VAT number begins with its country, such as FR86797978996."
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40, **options})

    def to_internal_value(self, data: Any) -> str:
        plain = re.sub(r"[\s./-]", "", super().to_internal_value(data)).upper()
        digits = sum(letter.isdigit() for letter in plain)
        if not _VAT.fullmatch(plain) or digits < _LEAST_DIGITS or not country_of(plain):
            self.fail("invalid_vat")
        return plain


class Country(Text):
    """A country, alpha-2."""

    default_error_messages = {"invalid_country": "Not an ISO 3166-1 alpha-2 code, such as FR."}

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if pycountry.countries.get(alpha_2=code) is None or not code.isupper():
            self.fail("invalid_country")
        return code


class PeppolId(Text):
    """`scheme:identifier`, kept as it is given (C-34)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 140, **options})

    def to_internal_value(self, data: Any) -> str:
        return _checked(identifiers.parse, super().to_internal_value(data))


def _callable(url: str) -> str:
    basic_auth.apart(url)
    return url


class WebhookUrl(Text):
    """An address that may be called: https, or what the operator listed (FLO-56)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 2000, **options})

    def to_internal_value(self, data: Any) -> str:
        return _checked(_callable, super().to_internal_value(data))


class Secret(Text):
    """A signing secret of the caller's own."""

    def to_internal_value(self, data: Any) -> str:
        return _checked(secrets.check, super().to_internal_value(data))


class EventTypes(Texts):
    """Names of events, or `*` and `document.*` for many."""

    default_error_messages = {"unknown_event": "There is no event “{name}”."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_length": 1, "max_length": 100, **options})

    def to_internal_value(self, data: Any) -> list[str]:
        wanted = list(dict.fromkeys(super().to_internal_value(data)))
        known = {name for name, type in CATALOGUE.items() if type.public}
        for name in wanted:
            stem = name[:-1] if name.endswith(".*") else None
            many = name == "*" or (stem and any(one.startswith(stem) for one in known))
            if name not in known and not many:
                self.fail("unknown_event", name=name[:64])
        return wanted


class Scopes(Texts):
    """What a key may do; `*` is everything and needs nothing beside it (C-19)."""

    default_error_messages = {"unknown_scope": "There is no scope “{name}” for this key."}

    def __init__(self, allowed: tuple[str, ...], **options: Any) -> None:
        self.allowed = allowed
        super().__init__(**{"min_length": 1, "max_length": 20, **options})

    def to_internal_value(self, data: Any) -> list[str]:
        wanted = list(dict.fromkeys(super().to_internal_value(data)))
        for name in wanted:
            if name != "*" and name not in self.allowed:
                self.fail("unknown_scope", name=name[:64])
        return ["*"] if "*" in wanted else wanted


@extend_schema_field({"type": "object", "additionalProperties": True, "maxProperties": 20})
class Metadata(serializers.Field[Any, Any, Any, Any]):
    """An object of the caller's own. Its limits are the organization's."""

    default_error_messages = {"not_an_object": "Not a JSON object."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("not_an_object")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


def _checked(check: Any, text: str) -> str:
    try:
        check(text)
    except Invalid as refusal:
        raise serializers.ValidationError(refusal.message, code=refusal.code) from None
    return text
