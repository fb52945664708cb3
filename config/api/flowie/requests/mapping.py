"""From what callers send to what our operations take."""

from collections.abc import Mapping
from typing import Any

from config.api.flowie.requests.fields import country_of
from peppol import identifiers
from peppol.services.companies.onboarding import KeyRequest, WebhookRequest
from tenants.models import Environment, Organization
from tenants.services import settings

DIALECT = "flowie"
# A receiver acknowledges within this many seconds (FLO-26).
ACK_WINDOW = 5
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
_LOOKS = {
    "displayName": "display_name",
    "logoUrl": "logo_url",
    "primaryColor": "primary_color",
    "supportEmail": "support_email",
}


def onboarding(fields: Mapping[str, Any], environment: str) -> dict[str, Any]:
    """The arguments of `onboard` for a company in the environment of the caller's key."""
    return {
        "profile": {**profile(fields, environment), "environment": environment},
        "identifier": fields.get("peppolId") or derived(fields),
        "key": _key(fields["apiKey"], environment) if fields.get("apiKey") else None,
        "webhook": _webhook(fields["webhook"]) if fields.get("webhook") else None,
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
        found["metadata"] = settings.merge(company.metadata, fields["metadata"])
    return found


def vat_key(vat_number: str, environment: str) -> str:
    """What claims a VAT number: once among a platform's companies, once more for trying out."""
    return vat_number if environment == Environment.LIVE else f"{environment}:{vat_number}"


def derived(fields: Mapping[str, Any]) -> str | None:
    """The identifier that the official list foresees for the company's numbers (C-34)."""
    proposed = identifiers.propose(
        fields.get("country") or country_of(fields["vatNumber"]),
        company_number=fields.get("companyNumber", ""),
        vat_number=fields["vatNumber"],
    )
    return str(proposed[0]) if proposed else None


def key_prefix(kind: str, environment: str) -> str:
    """How keys begin: `flw_plat_live_`, `flw_wl_test_`, `flw_test_` (C-20)."""
    return {"platform": "flw_plat_", "white_label": "flw_wl_"}.get(kind, "flw_") + environment + "_"


def platform_settings(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `settings.change` for a part of the settings."""
    found: dict[str, Any] = {}
    if "branding" in fields:
        found["looks"] = {_LOOKS[name]: value for name, value in fields["branding"].items()}
    if "customDomain" in fields:
        found["host"] = fields["customDomain"]
    if "defaults" in fields:
        found["defaults"] = fields["defaults"]
    return found


def webhook(fields: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What changes of a webhook, and the status it is to have, if one is asked for."""
    ours = {"url": "url", "events": "event_types", "description": "description"}
    return {ours[name]: fields[name] for name in ours if name in fields}, fields.get("status", "")


def _key(fields: Mapping[str, Any], environment: str) -> KeyRequest:
    return KeyRequest(
        name=fields["name"],
        scopes=tuple(fields["scopes"]),
        prefix=key_prefix("company", environment),
        environment=environment,
    )


def _webhook(fields: Mapping[str, Any]) -> WebhookRequest:
    return WebhookRequest(
        fields["url"],
        tuple(fields["events"]),
        secret=fields.get("secret"),
        dialect=DIALECT,
        timeout_seconds=ACK_WINDOW,
    )
