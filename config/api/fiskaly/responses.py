"""What the management API answers: every field of every object, null where there is nothing."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from operator import itemgetter
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fiskaly import ids
from config.api.fiskaly.fields import COUNTRY_SCHEMA, METADATA_SCHEMA, alpha_3
from config.api.kit import answers
from config.api.kit.answers import (
    Answer,
    AnswerField,
    Choice,
    Flag,
    Mapping,
    Number,
    Text,
    TextOrNull,
    Texts,
    nothing,
)
from tenants.models import Environment, Organization

_MANAGED = Organization.Kind.MANAGED
_ENVS = ["TEST", "LIVE"]


# --- Kinds of values ----------------------------------------------------------------------------
class Id(answers.Id):
    """A UUID of version 4."""

    def write(self, value: Any) -> str | None:
        return None if value is None else ids.spell(value)


@extend_schema_field(METADATA_SCHEMA)
class Metadata(Mapping):
    """Text by name, though another surface may have kept numbers."""

    def write(self, value: AnyMapping[str, Any]) -> dict[str, str]:
        return {name: one if isinstance(one, str) else str(one) for name, one in value.items()}


@extend_schema_field({**COUNTRY_SCHEMA, "enum": [*COUNTRY_SCHEMA["enum"], None]})
class Country(Text):
    """Three letters; null where a country was never given."""

    def write(self, value: str) -> str | None:
        return alpha_3(value)


@extend_schema_field({"type": "array", "items": {"type": "string", "enum": _ENVS}})
class Envs(Texts):
    """Where something can be used."""


class Email(AnswerField, serializers.EmailField):
    """An e-mail address."""


class UnixTime(AnswerField, serializers.IntegerField):
    """A moment in Unix seconds."""

    def write(self, value: Any) -> int:
        return int(value.timestamp())


def _always(word: str) -> Choice:
    return Choice([word], lambda row: word)


def envs(row: Any) -> list[str]:
    """What is live can be tried out as well; nothing takes LIVE away (FIS-34)."""
    return _ENVS if row.environment == Environment.LIVE else ["TEST"]


# --- Tokens -------------------------------------------------------------------------------------
class ClaimsAnswer(Answer):
    """What an access token says."""

    # About a caller.
    env = Choice(_ENVS, lambda caller: caller.environment.upper())
    organization_id = Id("organization.pk")


class TokensAnswer(Answer):
    """A token for the API and one for the next token; times in Unix seconds."""

    # About a tokens.Grant.
    access_token = Text("access.text")
    access_token_claims = ClaimsAnswer(source="caller")
    access_token_expires_in = Number("access.seconds")
    access_token_expires_at = Number("access.ends_at")
    refresh_token = Text("refresh.text")
    refresh_token_expires_in = Number("refresh.seconds")
    refresh_token_expires_at = Number("refresh.ends_at")


# --- Organizations ------------------------------------------------------------------------------
class PayerAnswer(Answer):
    """Who pays."""

    gln = TextOrNull()
    withhold_billing = Flag()
    bill_to_organization = Id("bill_to_id", allow_null=True)


class WithholdingAnswer(Answer):
    """The deprecated spelling of `billing_options.withhold_billing`."""

    withhold_billing = Flag()


class OrganizationAnswer(Answer):
    """An organization. Every field is always there."""

    _id = Id("pk")
    _type = Choice(
        ["ORGANIZATION", "MANAGED_ORGANIZATION"],
        lambda row: "MANAGED_ORGANIZATION" if row.kind == _MANAGED else "ORGANIZATION",
    )
    _envs = Envs(envs)
    name = Text()
    display_name = TextOrNull()
    vat_id = TextOrNull("vat_number")
    contact_person_id = Id(allow_null=True)
    # Clients read these as strings, whatever other surfaces ask for.
    address_line1 = Text()
    address_line2 = TextOrNull()
    zip = Text("postal_code")
    town = Text("city")
    state = TextOrNull()
    country_code = Country(lambda row: row.address_country or row.country, allow_null=True)
    tax_number = TextOrNull()
    economy_id = TextOrNull()
    billing_options = PayerAnswer(source="*")
    billing_address_id = Id(allow_null=True)
    metadata = Metadata()
    managed_by_organization_id = Id("parent_id", allow_null=True)
    managed_configuration = WithholdingAnswer(source="*")
    created_by_user = Id("created_by_user_id", allow_null=True)


# --- API keys -----------------------------------------------------------------------------------
class ApiKeyAnswer(Answer):
    """An API key. `secret` is null but in the answer that creates it."""

    _id = Id("pk")
    _type = Choice(
        ["API_KEY", "MANAGED_API_KEY"],
        lambda row: "MANAGED_API_KEY" if row.organization.kind == _MANAGED else "API_KEY",
    )
    _envs = Envs(lambda row: [row.environment.upper()])
    key = Text("public_id")
    # Given where it was just made: the row has only its hash (FIS-40, C-37).
    secret = TextOrNull(nothing)
    created_at = UnixTime()
    created_by_user = Id("created_by_id", allow_null=True)
    name = Text()
    status = Choice(
        ["enabled", "disabled"], lambda row: "enabled" if row.state == "active" else "disabled"
    )
    metadata = Metadata()
    managed_by_organization_id = Id("organization.parent_id", allow_null=True)


# --- Users --------------------------------------------------------------------------------------
class UserAnswer(Answer):
    """Somebody who is a member, or invited to be one."""

    # About one of `listings.people`.
    _id = Id(itemgetter("person"))
    _type = _always("USER")
    _envs = Envs(lambda row: envs(row["organization"]))
    email = Email(itemgetter("address"))
    first_name = TextOrNull(itemgetter("first"))
    last_name = TextOrNull(itemgetter("last"))


# --- Billing addresses --------------------------------------------------------------------------
class BillingAddressAnswer(Answer):
    """A billing address. `vat_id_valid` is false until the register said that it is valid."""

    vat_id_valid = Flag(lambda row: bool(row.vat_id_valid))
    vat_id = TextOrNull()
    recipient = Text()
    recipient_additions = TextOrNull()
    billing_contact_id = Id(allow_null=True)
    address_line1 = Text()
    address_line2 = TextOrNull()
    zip = Text("postal_code")
    town = Text("city")
    state = TextOrNull()
    country_code = Country("country", allow_null=True)
    organization_id = Id()
    metadata = Metadata()
    _id = Id("pk")
    _type = _always("BILLING_ADDRESS")
    _envs = Envs(envs)


# --- Lists --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """The part of a list that was asked for, and how many there are in all."""

    rows: Sequence[Any]
    count: int


class OrganizationListAnswer(Answer):
    """A part of the organizations that a caller reaches."""

    data_ = OrganizationAnswer(source="rows", many=True)
    count = Number()
    _type = _always("ORGANIZATION_LIST")


class ApiKeyListAnswer(Answer):
    """A part of an organization's keys."""

    data_ = ApiKeyAnswer(source="rows", many=True)
    count = Number()
    _type = _always("API_KEY_LIST")


class UserListAnswer(Answer):
    """A part of an organization's users."""

    data_ = UserAnswer(source="rows", many=True)
    count = Number()
    _type = _always("USER_LIST")


class BillingAddressListAnswer(Answer):
    """A part of the billing addresses that a caller reaches."""

    data_ = BillingAddressAnswer(source="rows", many=True)
    count = Number()
    _type = _always("BILLING_ADDRESS_LIST")


# --- What was done, and what was not ------------------------------------------------------------
class SuccessAnswer(Answer):
    """That it is done."""

    _success = Flag(lambda row: True)


DONE = SuccessAnswer.of(None)


@dataclass(frozen=True)
class Refusal:
    """Why a call was refused, with the status it is answered with."""

    status: int
    code: str
    message: str


class FailureAnswer(Answer):
    """What a refusal looks like."""

    status_code = Number("status")
    error = Text(lambda refusal: HTTPStatus(refusal.status).phrase)
    code = Text(lambda refusal: f"E_{refusal.code.upper()}")
    message = Text()
