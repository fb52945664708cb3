"""What the Admin API answers, as e-invoice.be spells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field

from config.api.kit.answers import (
    Answer,
    Anything,
    Flag,
    Number,
    Text,
    TextOrNull,
    Texts,
    Time,
    nothing,
)
from peppol import country_names
from peppol.models import Participant
from peppol.services.registration import participants
from tenants.ids import spell
from tenants.models import Organization


@dataclass(frozen=True)
class Part:
    """The part of a list that was asked for, and how many there are in all."""

    rows: Iterable[Any]
    total: int


def leading(organization: Any) -> Any:
    """The one registration that the Admin API has room for. Prefetch `participants`."""
    listed = getattr(organization, "listed_participants", None)
    found = list(organization.participants.all()) if listed is None else listed
    return participants.leading(found)


def peppol_ids(organization: Organization) -> list[str]:
    """The identifier of that registration, in a list."""
    found = leading(organization)
    return [found.identifier] if found else []


def _is_noted(row: Participant | None) -> bool:
    """Whether nothing of it is, or was, to be on the network here."""
    return row is None or row.state in (Participant.State.DRAFT, Participant.State.SENDS_ONLY)


def is_registered(row: Participant | None) -> bool:
    """Whether there is a registration, and it is done."""
    return row is not None and row.is_registered


def registered_at(row: Participant | None) -> Any:
    """When it was done; None while it is not."""
    return row.registered_at if row is not None and row.is_registered else None


class TenantAnswer(Answer):
    """A tenant."""

    # What is read of it, for lists.
    COLUMNS = (
        *("pk", "handle", "name", "description", "company_number", "vat_number"),
        *("test_mode", "created_at", "updated_at", "deleted_at", "legal_name", "email"),
        *("address_line1", "postal_code", "city", "country", "address_country"),
    )

    id = Text(lambda row: spell("tenant", row.pk))
    name = Text(lambda row: row.handle or row.name)
    description = TextOrNull()
    company_number = TextOrNull()
    company_tax_id = TextOrNull("vat_number")
    peppol_ids = Texts(peppol_ids, max_length=1)
    test_mode = Flag()
    created_at = Time()
    updated_at = Time()
    is_deleted = Flag(lambda row: row.deleted_at is not None)
    company_name = TextOrNull("legal_name")
    company_email = TextOrNull("email")
    company_address = TextOrNull("address_line1")
    company_zip = TextOrNull("postal_code")
    company_city = TextOrNull("city")
    company_country = TextOrNull(lambda row: country_names.name(row.address_country or row.country))
    smp_registration = Flag(lambda row: is_registered(leading(row)))
    smp_registration_date = Time(lambda row: registered_at(leading(row)), allow_null=True)


class TenantListAnswer(Answer):
    """A part of a reseller's tenants."""

    tenants = TenantAnswer(source="rows", many=True)
    total = Number()


class KeyAnswer(Answer):
    """An API key without its value."""

    id = Text(lambda row: spell("key", row.pk))
    tenant_id = Text(lambda row: spell("tenant", row.organization_id))
    name = Text()
    description = TextOrNull()
    created_at = Time()
    updated_at = Time()
    is_deleted = Flag(lambda row: row.revoked_at is not None)


class IssuedKeyAnswer(KeyAnswer):
    """An API key with its value, which is shown this once."""

    # Given: the row has only its hash (EIN-27).
    key = Text(nothing)


class KeyListAnswer(Answer):
    """A part of a tenant's API keys."""

    api_keys = KeyAnswer(source="rows", many=True)
    total = Number()


class RegistrationStatusAnswer(Answer):
    """How far a registration is."""

    # About the leading participant, None for a tenant that has none.
    registered = Flag(is_registered)
    peppol_id = TextOrNull(lambda row: row.identifier if row else None)
    status = Text(lambda row: "unregistered" if _is_noted(row) else row.state)
    registered_at = Time(registered_at, allow_null=True)
    # While it waits or has failed, why.
    error = Text(lambda row: row.last_error or None if row else None, required=False)
    error_code = Text(lambda row: row.error_code or None if row else None, required=False)
    next_attempt_at = Time(
        lambda row: row.next_attempt_at if row and row.state == Participant.State.WAITING else None,
        required=False,
    )
    warnings = Texts(lambda row: row.warnings or None if row else None, required=False)


class DetailAnswer(Answer):
    """A refusal in a sentence."""

    detail = Text(nothing)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                        "msg": {"type": "string"},
                        "type": {"type": "string"},
                    },
                    "required": ["loc", "msg", "type"],
                },
            },
        ]
    }
)
class Details(Anything):
    """A sentence about the call, or a list of what is wrong with its fields."""


class ValidationDetailAnswer(Answer):
    """A refusal of invalid input."""

    detail = Details(nothing)
