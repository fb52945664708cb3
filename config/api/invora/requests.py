"""What callers of the Identity API send, and what it is in our words.

JSON null is proto3's way to leave a field out.
"""

import zoneinfo
from functools import cache
from typing import Any

import pycountry
from django.core.exceptions import ValidationError
from rest_framework import serializers

from config.api.invora.filters import Filter
from config.api.invora.messages import Message
from config.api.kit.fields import Flag, Int64, SearchText, Text
from tenants.capabilities import Capability
from tenants.models.profiles import name_key, validate_country

CAPABILITY = "BUSINESS_CAPABILITY_"
CAPABILITIES = tuple(Capability.values)
_INT32 = 2**31 - 1
_PER_PAGE, _MOST_PER_PAGE = 50, 100


class Country(Text):
    """An ISO 3166-1 alpha-2 code."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        try:
            if code:
                validate_country(code[:8])
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        return code


class Currency(Text):
    """An ISO 4217 code (INV-09)."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code and (not code.isupper() or pycountry.currencies.get(alpha_3=code) is None):
            raise serializers.ValidationError(f"“{code[:20]}” is not an ISO 4217 currency code.")
        return code


class TimeZone(Text):
    """An IANA time zone (INV-09)."""

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if name and name not in _time_zones():
            raise serializers.ValidationError(f"“{name[:64]}” is not an IANA time zone.")
        return name


class Capabilities(serializers.ListField):
    """One or both capabilities, in the long or the short spelling (C-49); kept short."""

    child = Text(max_length=64)

    def to_internal_value(self, data: Any) -> list[str]:
        words = [word.removeprefix(CAPABILITY) for word in super().to_internal_value(data)]
        for word in words:
            if word not in CAPABILITIES:
                raise serializers.ValidationError(f"“{word}” is not a capability.")
        return [word for word in CAPABILITIES if word in words]


class Email(serializers.EmailField):
    """An e-mail address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, **options})


class BusinessProfile(Message):
    """The first thing that a new user says of their business (INV-04)."""

    businessName = Text(max_length=255, trim_whitespace=True)
    country = Country()
    capabilities = Capabilities(allow_empty=False)


class BusinessDetails(Message):
    """What may follow, in any portions and at any time (INV-08)."""

    taxId = Text(max_length=64, required=False, allow_blank=True)
    addressLine = Text(max_length=255, required=False, allow_blank=True)
    city = Text(max_length=255, required=False, allow_blank=True)
    postalCode = Text(max_length=32, required=False, allow_blank=True)
    country = Country(required=False, allow_blank=True)
    currency = Currency(required=False, allow_blank=True)
    timezone = TimeZone(required=False, allow_blank=True)
    capabilities = Capabilities(required=False, allow_empty=False)


class PlanChoice(Message):
    """The plan to subscribe to."""

    planCode = Text(max_length=64)


class NewBusiness(Message):
    """A Connected Business to be (INV-20)."""

    name = Text(max_length=255, trim_whitespace=True)
    # Clients made from the vendor's definitions send none: it is the platform's own then.
    country = Country(required=False, allow_blank=False)
    taxId = Text(max_length=64, required=False, allow_blank=True)
    adminEmail = Email(required=False, allow_blank=True)


class BusinessChanges(Message):
    """What is to change of a Connected Business; with `updateMask`, of what is sent only that."""

    name = Text(max_length=255, required=False, trim_whitespace=True)
    taxId = Text(max_length=64, required=False, allow_blank=True)
    adminEmail = Email(required=False, allow_blank=True)
    updateMask = Text(max_length=200, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        """Bare, or wrapped as the vendor's definitions have it."""
        if isinstance(data, dict) and isinstance(data.get("connectedBusiness"), dict):
            data = {**data["connectedBusiness"], "updateMask": data.get("updateMask")}
        return super().to_internal_value(data)


class Pagination(Message):
    """Which part of a list is wanted; a limit of 0 is the default one, above 100 is 100."""

    limit = Int64(default=0)
    cursor = Text(max_length=500, default="", allow_blank=True)


class Search(Message):
    """What of the list is wanted."""

    filter = Filter(required=False)
    textSearch = SearchText(default="", allow_blank=True, trim_whitespace=True)
    pagination = Pagination(required=False)


class Reason(Message):
    """Why, for the audit trail (INV-27)."""

    reason = Text(max_length=2000, trim_whitespace=True)


class ApplicationChanges(Message):
    """The application to become a platform, any part of it."""

    motivation = Text(max_length=5000, required=False, trim_whitespace=True)
    expectedConnectedBusinesses = Int64(min_value=1, max_value=_INT32, required=False)
    expectedMonthlyTransactionVolume = Int64(max_value=_INT32, required=False)
    technicalContactEmail = Email(required=False)
    termsOfServiceAccepted = Flag(required=False)
    message = Text(max_length=5000, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = {_SPELLINGS.get(name, name): value for name, value in data.items()}
        return super().to_internal_value(data)

    def validate_termsOfServiceAccepted(self, accepted: bool) -> bool:  # noqa: N802
        """The terms must be accepted (INV-32)."""
        if not accepted:
            raise serializers.ValidationError("The terms of service must be accepted.")
        return accepted


class Application(ApplicationChanges):
    """The application to become a platform (INV-31)."""

    motivation = Text(max_length=5000, trim_whitespace=True)
    expectedConnectedBusinesses = Int64(min_value=1, max_value=_INT32)
    expectedMonthlyTransactionVolume = Int64(max_value=_INT32)
    technicalContactEmail = Email()
    termsOfServiceAccepted = Flag()


# The document describes these fields without naming them.
_SPELLINGS = {
    "reason": "motivation",
    "why": "motivation",
    "useCase": "motivation",
    "expectedConnectedBusinessCount": "expectedConnectedBusinesses",
    "expectedMonthlyTransactions": "expectedMonthlyTransactionVolume",
    "expectedMonthlyVolume": "expectedMonthlyTransactionVolume",
    "technicalContact": "technicalContactEmail",
    "termsAccepted": "termsOfServiceAccepted",
    "acceptTerms": "termsOfServiceAccepted",
    "acceptTermsOfService": "termsOfServiceAccepted",
    "tosAccepted": "termsOfServiceAccepted",
}
_DETAILS = {
    "taxId": "vat_number",
    "addressLine": "address_line1",
    "city": "city",
    "postalCode": "postal_code",
    "country": "address_country",
    "currency": "currency",
    "timezone": "timezone",
    "capabilities": "capabilities",
}
# What a new Connected Business and changes of one have in common.
_BUSINESS = {"name": "name", "taxId": "vat_number", "adminEmail": "email"}
_FORM = {
    "motivation": "motivation",
    "expectedConnectedBusinesses": "expected_companies",
    "expectedMonthlyTransactionVolume": "expected_documents",
    "technicalContactEmail": "technical_contact",
}


def profile(fields: dict[str, Any]) -> dict[str, Any]:
    """A `BusinessProfile` as the profile of an organization."""
    return {
        "name": fields["businessName"],
        "country": fields["country"],
        "capabilities": fields["capabilities"],
    }


def details(fields: dict[str, Any]) -> dict[str, Any]:
    """`BusinessDetails` as a part of the profile of an organization."""
    return {_DETAILS[name]: value for name, value in fields.items()}


def company(fields: dict[str, Any], *, country: str) -> dict[str, Any]:
    """A `NewBusiness` as the profile of a company, in `country` unless it says another; its name
    is claimed."""
    return {
        "name": fields["name"],
        "name_key": name_key(fields["name"]),
        "country": fields.get("country") or country,
        **{ours: fields.get(name, "") for name, ours in _BUSINESS.items()},
    }


def changes(fields: dict[str, Any]) -> dict[str, Any]:
    """`BusinessChanges` as those of a profile."""
    mask = [path.strip() for path in fields.get("updateMask", "").split(",") if path.strip()]
    wanted = {path.rpartition(".")[2] for path in mask} or set(_BUSINESS)
    return {
        ours: fields[name] for name, ours in _BUSINESS.items() if name in wanted and name in fields
    }


def paging(search: dict[str, Any]) -> dict[str, Any]:
    """The part of a list that a `Search` wants."""
    wanted = search.get("pagination", {})
    limit = min(wanted.get("limit") or _PER_PAGE, _MOST_PER_PAGE)
    return {"limit": limit, "cursor": wanted.get("cursor", "")}


def form(fields: dict[str, Any]) -> dict[str, Any]:
    """An `Application` as the applicant's form."""
    return {_FORM[name]: value for name, value in fields.items() if name in _FORM}


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
