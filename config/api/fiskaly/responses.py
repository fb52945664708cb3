"""What callers get to see: every field of every object, null where there is nothing."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from apikeys.models import ApiKey
from billing.models import BillingAddress
from config.api.fiskaly.fields import alpha_3, shown_metadata
from tenants.models import Environment, Organization

_MANAGED = Organization.Kind.MANAGED


def page(word: str, rows: Iterable[dict[str, Any]], count: int) -> dict[str, Any]:
    """A list: its part that was asked for, and how many there are in all."""
    return {"data": list(rows), "count": count, "_type": f"{word}_LIST"}


def organization(row: Organization) -> dict[str, Any]:
    """An organization, managed or not."""
    managed = row.kind == _MANAGED
    return {
        "_id": str(row.pk),
        "_type": "MANAGED_ORGANIZATION" if managed else "ORGANIZATION",
        "_envs": envs(row),
        "name": row.name,
        "display_name": row.display_name or None,
        "vat_id": row.vat_number or None,
        "contact_person_id": _id(row.contact_person_id),
        "address_line1": row.address_line1 or None,
        "address_line2": row.address_line2 or None,
        "zip": row.postal_code or None,
        "town": row.city or None,
        "state": row.state or None,
        "country_code": alpha_3(row.address_country or row.country),
        "tax_number": row.tax_number or None,
        "economy_id": row.economy_id or None,
        "billing_options": {
            "gln": row.gln or None,
            "withhold_billing": row.withhold_billing,
            "bill_to_organization": _id(row.bill_to_id),
        },
        "billing_address_id": _id(row.billing_address_id),
        "metadata": shown_metadata(row.metadata),
        "managed_by_organization_id": _id(row.parent_id),
        "managed_configuration": {"withhold_billing": row.withhold_billing},
        "created_by_user": _id(row.created_by_user_id),
    }


def envs(row: Organization) -> list[str]:
    """What is live can be tried out as well; nothing takes LIVE away (FIS-34)."""
    return ["TEST", "LIVE"] if row.environment == Environment.LIVE else ["TEST"]


def key(row: ApiKey, secret: str | None = None) -> dict[str, Any]:
    """An API key; its secret is there when it was just made (FIS-40, C-37)."""
    managed = row.organization.kind == _MANAGED
    return {
        "_id": str(row.pk),
        "_type": "MANAGED_API_KEY" if managed else "API_KEY",
        "_envs": [row.environment.upper()],
        "key": row.public_id,
        "secret": secret,
        "created_at": int(row.created_at.timestamp()),
        "created_by_user": _id(row.created_by_id),
        "name": row.name,
        "status": "enabled" if row.state == "active" else "disabled",
        "metadata": shown_metadata(row.metadata),
        "managed_by_organization_id": _id(row.organization.parent_id),
    }


def user(row: Mapping[str, Any], of: Organization) -> dict[str, Any]:
    """Somebody who is a member of an organization, or is invited."""
    return {
        "_id": str(row["person"]),
        "_type": "USER",
        "_envs": envs(of),
        "email": row["address"],
        "first_name": row["first"] or None,
        "last_name": row["last"] or None,
    }


def address(row: BillingAddress) -> dict[str, Any]:
    """A billing address. Reads `organization`: select it along."""
    return {
        "vat_id_valid": bool(row.vat_id_valid),
        "vat_id": row.vat_id or None,
        "recipient": row.recipient,
        "recipient_additions": row.recipient_additions or None,
        "billing_contact_id": _id(row.billing_contact_id),
        "address_line1": row.address_line1,
        "address_line2": row.address_line2 or None,
        "zip": row.postal_code,
        "town": row.city,
        "state": row.state or None,
        "country_code": alpha_3(row.country),
        "organization_id": str(row.organization_id),
        "metadata": shown_metadata(row.metadata),
        "_id": str(row.pk),
        "_type": "BILLING_ADDRESS",
        "_envs": envs(row.organization),
    }


def _id(id: UUID | None) -> str | None:
    return str(id) if id else None
