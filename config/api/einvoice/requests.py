"""What callers send to the Admin API, as e-invoice.be spells it, and in our words."""

import re
from typing import Any

import pycountry
from rest_framework import serializers

from config.api.kit.fields import QueryNumber, Text, Texts
from peppol import identifiers
from tenants.errors import Invalid

_NAME = re.compile(r"[^\sA-Z\x00-\x20\x7f]+")


class PeppolIds(Texts):
    """A list that holds at most one identifier (EIN-11)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=1, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        texts: list[str] = super().to_internal_value(data)
        for text in texts:
            _check_identifier(text)
        return texts


class Email(Text, serializers.EmailField):
    """A mail address."""


class Country(Text):
    """A country by its code or by a name of it; read as its alpha-2 code."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data).strip()
        try:
            return str(pycountry.countries.lookup(text).alpha_2) if text else ""
        except LookupError:
            raise serializers.ValidationError("value is not a country") from None


class TenantFields(serializers.Serializer[Any]):
    """What a caller may set of a tenant. All but the name is optional (EIN-10)."""

    name = Text(max_length=255)
    description = Text(max_length=2000, required=False, allow_null=True, allow_blank=True)
    company_number = Text(max_length=64, required=False, allow_null=True, allow_blank=True)
    company_tax_id = Text(max_length=64, required=False, allow_null=True, allow_blank=True)
    peppol_ids = PeppolIds(required=False, allow_null=True)
    company_name = Text(max_length=255, required=False, allow_null=True, allow_blank=True)
    company_email = Email(max_length=254, required=False, allow_null=True, allow_blank=True)
    company_address = Text(max_length=255, required=False, allow_null=True, allow_blank=True)
    company_zip = Text(max_length=32, required=False, allow_null=True, allow_blank=True)
    company_city = Text(max_length=255, required=False, allow_null=True, allow_blank=True)
    company_country = Country(max_length=100, required=False, allow_null=True, allow_blank=True)

    def validate_name(self, name: str) -> str:
        """Lowercase and without spaces (EIN-08); `0208:0705969661` is a name that clients use."""
        if name != self.context.get("current") and (
            not _NAME.fullmatch(name) or name != name.lower()
        ):
            raise serializers.ValidationError("name must be lowercase and contain no spaces")
        return name


class TenantChanges(TenantFields):
    """What a caller may change of a tenant; what is left out stays (C-18)."""

    name = Text(max_length=255, required=False)


class KeyFields(serializers.Serializer[Any]):
    """What a caller may set of an API key."""

    name = Text(max_length=255)
    description = Text(max_length=2000, required=False, allow_null=True, allow_blank=True)


class KeyChanges(KeyFields):
    """What a caller may change of an API key; what is left out stays."""

    name = Text(max_length=255, required=False)


class Registration(serializers.Serializer[Any]):
    """A wish to be on the network. A Belgian company's name can be looked up (EIN-31)."""

    peppol_id = Text(max_length=200, required=False)
    company_name = Text(max_length=255, required=False, allow_null=True)

    def validate_peppol_id(self, text: str) -> str:
        _check_identifier(text)
        return text


class BusinessCard(serializers.Serializer[Any]):
    """What can be changed of a business card: the name, and nothing else (C-13)."""

    company_name = Text(max_length=255)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unsupported = set(data) - {"company_name"}
            if unsupported:
                raise serializers.ValidationError(
                    dict.fromkeys(sorted(unsupported), "only company_name can be updated")
                )
        return super().to_internal_value(data)


class Page(serializers.Serializer[Any]):
    """Which part of a list is wanted."""

    skip = QueryNumber(min_value=0, max_value=10**9, default=0)
    limit = QueryNumber(min_value=1, max_value=1000, default=100)


def profile(fields: dict[str, Any], *, country: str = "") -> dict[str, Any]:
    """Translate a tenant's fields into the profile of an organization.

    `country` is the one that it is known to be of; without one it is of that of its address.
    """
    ours = {
        "name": "name",
        "description": "description",
        "company_number": "company_number",
        "company_tax_id": "vat_number",
        "company_name": "legal_name",
        "company_email": "email",
        "company_address": "address_line1",
        "company_zip": "postal_code",
        "company_city": "city",
        "company_country": "address_country",
    }
    found = {ours[name]: fields[name] or "" for name in ours if name in fields}
    if "name" in found:
        found["handle"] = found["name"].lower()
    country = _country(fields) or ("" if country else fields.get("company_country") or "")
    return {**found, "country": country} if country else found


def _country(fields: dict[str, Any]) -> str:
    """The country that a tax id begins with, or that an identifier's scheme belongs to."""
    prefix = (fields.get("company_tax_id") or "")[:2].upper()
    if pycountry.countries.get(alpha_2=prefix):
        return prefix
    for text in fields.get("peppol_ids") or []:
        return identifiers.country_of(identifiers.parse(text))
    return ""


def _check_identifier(text: str) -> None:
    try:
        identifiers.parse(text)
    except Invalid as refusal:
        raise serializers.ValidationError(refusal.message, code="malformed_identifier") from None
