"""Companies, and what one call made of them."""

from typing import Any

from config.api.flowie.requests.fields import Metadata
from config.api.flowie.responses.keys import IssuedKey
from config.api.flowie.responses.parts import NextCursor
from config.api.flowie.responses.webhooks import NewWebhook
from config.api.kit.answers import Answer, AnswerField, Choice, Flag, Text, TextOrNull, Time
from peppol.models import Participant
from peppol.services.companies import onboarding
from peppol.services.registration import participants
from tenants.ids import spell
from tenants.models import Environment, Organization


class ShownMetadata(AnswerField, Metadata):
    """An object of the caller's own."""


class ShownAddress(Answer):
    """Where a company is; empty where nobody said."""

    street = Text("address_line1", allow_blank=True)
    additional = Text("address_line2", allow_blank=True)
    city = Text(allow_blank=True)
    postalCode = Text("postal_code", allow_blank=True)
    region = Text("state", allow_blank=True)
    country = Text("address_country", allow_blank=True)


class Registration(Answer):
    """How far a company is on the network, by its leading participant, if it has one."""

    peppolId = TextOrNull(lambda leading: leading and leading.identifier)
    smpRegistered = Flag(lambda leading: bool(leading and leading.is_registered))
    smpStatus = Choice(
        Participant.State, lambda leading: leading.state if leading else None, allow_null=True
    )
    smpError = TextOrNull(lambda leading: leading and leading.last_error)
    smpErrorCode = TextOrNull(lambda leading: leading and leading.error_code)


class Company(Registration):
    """A managed company: `status` is the contract's, `smpRegistered` the network's (C-22)."""

    id = Text(lambda row: spell("comp", row.pk))
    vatNumber = TextOrNull("vat_number")
    name = Text()
    country = TextOrNull()
    status = Choice(
        ["pending", "active", "suspended", "closed", "deregistered"],
        lambda row: "deregistered" if row.deleted_at else row.status,
    )
    companyNumber = TextOrNull("company_number")
    legalName = TextOrNull("legal_name")
    email = TextOrNull()
    address = ShownAddress(source="*")
    metadata = ShownMetadata()
    environment = Choice(Environment)
    createdAt = Time("created_at")
    updatedAt = Time("updated_at")

    @classmethod
    def of(cls, row: Organization, **given: Any) -> dict[str, Any]:
        """Of a company. Reads its `participants`: prefetch them."""
        leading = participants.leading(list(row.participants.all()))
        return super().of(row, **Registration.of(leading), **given)


class CompaniesPage(Answer):
    """A page of companies."""

    companies = Company(many=True, source="rows")
    nextCursor = NextCursor()


class Onboarded(Answer):
    """What one call made."""

    company = Company()
    apiKey = IssuedKey(allow_null=True)
    webhook = NewWebhook(allow_null=True)

    @classmethod
    def about(cls, made: onboarding.Onboarded) -> dict[str, Any]:
        """The company and what came along; the two secrets are shown this once (C-28)."""
        key, endpoint = made.key, made.endpoint
        return cls.of(
            made,
            apiKey=IssuedKey.of(key, key=made.key_secret) if key else None,
            webhook=NewWebhook.of(endpoint, secret=made.endpoint_secret) if endpoint else None,
        )
