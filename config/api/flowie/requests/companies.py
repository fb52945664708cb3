"""Companies: what callers send of them, and what it is in our words."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from config.api.flowie.requests.fields import (
    Country,
    Metadata,
    PeppolId,
    Strict,
    VatNumber,
    country_of,
)
from config.api.flowie.requests.keys import TenantKeyFields, key_request
from config.api.flowie.requests.parts import Page
from config.api.flowie.requests.webhooks import WebhookFields, webhook_request
from config.api.kit.fields import Text
from peppol import identifiers, written_numbers
from peppol.services.registration.card_names import first_of, registered_names
from tenants.models import Environment, Organization
from tenants.services.profiles import Merge

_COMPANY = {
    "name": "name",
    "companyNumber": "company_number",
    "legalName": "legal_name",
    "email": "email",
    "vatNumber": "vat_number",
    "country": "country",
}
_ADDRESS = {
    "street": "address_line1",
    "additional": "address_line2",
    "city": "city",
    "postalCode": "postal_code",
    "region": "state",
    "country": "address_country",
}


class Address(Strict):
    """Where a company is; its invoices say so."""

    street = Text(max_length=255, required=False, allow_blank=True)
    additional = Text(max_length=255, required=False, allow_blank=True)
    city = Text(max_length=255, required=False, allow_blank=True)
    postalCode = Text(max_length=32, required=False, allow_blank=True)
    region = Text(max_length=255, required=False, allow_blank=True)
    country = Country(max_length=2, required=False)


class CompanyFields(Strict):
    """What a caller may set of a company."""

    vatNumber = VatNumber()
    name = Text(max_length=255)
    country = Country(max_length=2, required=False)
    companyNumber = Text(max_length=64, required=False, allow_blank=True)
    legalName = Text(max_length=255, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    address = Address(required=False)
    metadata = Metadata(required=False)


class Onboarding(CompanyFields):
    """A company with all that comes along (FLO-06); webhook and key are optional (FLO-07)."""

    peppolId = PeppolId(required=False)
    webhook = WebhookFields(required=False, allow_null=True)
    apiKey = TenantKeyFields(required=False, allow_null=True)


class NewCompany(CompanyFields):
    """A company alone; without a name it is called as the national register calls it."""

    name = Text(max_length=255, required=False)
    peppolId = PeppolId(required=False)


class CompanyChanges(CompanyFields):
    """What may be changed of a company; what is left out stays."""

    vatNumber = VatNumber(required=False)
    name = Text(max_length=255, required=False)
    peppolId = PeppolId(required=False, allow_null=True)


class CompanyListing(Page):
    """Which companies are wanted: without a status, those that were not deregistered."""

    status = serializers.ChoiceField(
        ["pending", "active", "suspended", "closed", "deregistered"], required=False
    )
    vatNumber = VatNumber(required=False)
    tenantId = Text(max_length=500, required=False)
    name = Text(max_length=255, required=False)


def named(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same with a name: the register's where we have that register, else the VAT number."""
    identifier = fields.get("peppolId") or derived(fields)
    known = first_of(registered_names(identifiers.parse(identifier))) if identifier else ""
    return {"name": known or fields["vatNumber"], **fields}


def onboarding(fields: Mapping[str, Any], environment: str) -> dict[str, Any]:
    """The arguments of `onboard` for a company in the environment of the caller's key."""
    return {
        "profile": {**profile(fields, environment), "environment": environment},
        "identifier": fields.get("peppolId") or derived(fields),
        "key": key_request(fields["apiKey"], environment) if fields.get("apiKey") else None,
        "webhook": webhook_request(fields["webhook"]) if fields.get("webhook") else None,
        "register": True,
    }


def profile(fields: Mapping[str, Any], environment: str) -> dict[str, Any]:
    """A company's fields as the profile of an organization, its VAT number claimed."""
    found = {ours: fields[name] for name, ours in _COMPANY.items() if name in fields}
    found |= {
        ours: fields["address"][name]
        for name, ours in _ADDRESS.items()
        if name in fields.get("address", {})
    }
    if "vatNumber" in fields:
        found["vat_key"] = vat_key(fields["vatNumber"], environment)
        found.setdefault("country", country_of(fields["vatNumber"]))
    if "metadata" in fields:
        found["metadata"] = fields["metadata"]
    return found


def changes(company: Organization, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a PATCH changes of `company`: metadata is merged, a name with null is taken out."""
    found = profile(fields, company.environment)
    if "metadata" in fields:
        found["metadata"] = Merge(fields["metadata"])
    return found


def vat_key(vat_number: str, environment: str) -> str:
    """What claims a VAT number: once among a platform's companies, once more for trying out."""
    given = {"vat_number": vat_number}
    kept = written_numbers.kept(country_of(vat_number), given).get("vat_number", vat_number)
    return kept if environment == Environment.LIVE else f"{environment}:{kept}"


def derived(fields: Mapping[str, Any]) -> str | None:
    """The identifier that the official list foresees for the company's numbers (C-34)."""
    proposed = identifiers.propose(
        fields.get("country") or country_of(fields["vatNumber"]),
        company_number=fields.get("companyNumber", ""),
        vat_number=fields["vatNumber"],
    )
    return str(proposed[0]) if proposed else None
