"""What GoRoute's API answers, an `Answer` for each thing: described and sent in the same words."""

from typing import Any

from rest_framework import serializers

from config.api.kit.answers import (
    Amount,
    Answer,
    Choice,
    Day,
    Flag,
    Mapping,
    Number,
    Numbers,
    Text,
    TextOrNull,
    Texts,
    Time,
    nothing,
)
from peppol.models import Document, Participant
from peppol.services.registration import desired, participants
from tenants.ids import spell
from tenants.models import Environment, Organization
from webhooks import catalogue, schedule
from webhooks.models import Endpoint

_DIALECT = "goroute"


class FieldError(Answer):
    """What is wrong with one field."""

    field = Text()
    message = Text()
    code = Text()


class Error(Answer):
    """A refusal: a word for programs, a sentence for people, and what is wrong where."""

    error = Text("code")
    message = Text()
    fields_ = FieldError(many=True, required=False, read=nothing)
    rules = Texts(nothing, child=serializers.DictField(), required=False)


class AddressShown(Answer):
    """Where an organization is."""

    street = TextOrNull("address_line1")
    city = TextOrNull()
    postal_code = TextOrNull()
    country = TextOrNull("address_country")


class ContactShown(Answer):
    """How an organization is reached."""

    email = TextOrNull()
    phone = TextOrNull()


def _leading(row: Organization) -> str | None:
    found = participants.leading(list(row.participants.all()))
    return found.identifier if found else None


class OrganizationShown(Answer):
    """An organization: one business. Reads its `participants`: prefetch them for many."""

    org_id = Text(lambda row: spell("org", row.pk))
    id = Text(lambda row: spell("org", row.pk))
    name = Text()
    legal_name = TextOrNull()
    country = TextOrNull()
    status = Choice(Organization.Status)
    status_reason = TextOrNull()
    vat_number = TextOrNull()
    company_number = TextOrNull()
    peppol_id = TextOrNull(_leading)
    address = AddressShown(source="*")
    contact = ContactShown(source="*")
    metadata = Mapping()
    created_at = Time()
    updated_at = Time()


class OrganizationsPage(Answer):
    """A page of organizations."""

    organizations = OrganizationShown(many=True, source="rows")
    next_cursor = TextOrNull("next")
    total = Number()


def organization_id(row: Any) -> str:
    """Whose it is."""
    return spell("org", row.organization_id)


def delivered_at(row: Document) -> Any:
    """When it arrived, of what did."""
    return row.finished_at if row.shown_state == row.State.DELIVERED else None


class InvoiceShown(Answer):
    """An invoice or credit note, sent or received."""

    id = Text(lambda row: spell("inv", row.pk))
    invoice_id = Text(lambda row: spell("inv", row.pk))
    org_id = Text(organization_id)
    transaction_id = Text(lambda row: spell("txn", row.pk))
    direction = Choice(Document.Direction)
    type = Choice(Document.Kind, "kind")
    number = TextOrNull()
    invoice_number = TextOrNull("number")
    status = Choice(Document.shown_states(), "shown_state")
    sender = Text()
    sender_id = Text("sender")
    receiver = Text()
    receiver_id = Text("receiver")
    sender_name = TextOrNull()
    receiver_name = TextOrNull()
    self_billed = Flag()
    answer = TextOrNull()
    issue_date = Day("issued_on", allow_null=True)
    currency = TextOrNull()
    amount = Amount(allow_null=True)
    net = Amount(allow_null=True)
    tax = Amount(allow_null=True)
    format = Choice(Document.Format)
    environment = Choice(Environment)
    error = TextOrNull("last_error")
    error_code = TextOrNull()
    warnings = Texts(
        lambda row: row.transmission.get("warnings", []), child=serializers.DictField()
    )
    created_at = Time()
    updated_at = Time()
    delivered_at = Time(delivered_at, allow_null=True)


class InvoiceWithContent(InvoiceShown):
    """An invoice with what was sent or received: UBL, or JSON as it came."""

    content = Text()


class InvoicesPage(Answer):
    """A page of invoices."""

    invoices = InvoiceShown(many=True, source="rows")
    next_cursor = TextOrNull("next")


class CapabilityShown(Answer):
    """A document type that is received, and the process that it goes by."""

    document_type = Text("value")
    process_id = TextOrNull(lambda one: one.processes[0].value if one.processes else None)


class ParticipantShown(Answer):
    """A Peppol identifier and how far its registration is."""

    id = Text(lambda row: spell("part", row.pk))
    org_id = Text(organization_id)
    peppol_id = Text("identifier")
    scheme = Text()
    identifier = Text("value")
    name = TextOrNull("card_name")
    country = TextOrNull("organization.country")
    status = Choice(Participant.State, "state")
    smp_status = Choice(
        ["registered", "pending", "failed", "unregistered"], lambda row: smp_status(row)
    )
    registered = Flag("is_registered")
    document_types = Texts(lambda row: [one.uri for one in desired.document_types(row)])
    capabilities = CapabilityShown(many=True, read=desired.document_types)
    registered_at = Time(
        lambda row: row.registered_at if row.is_registered else None, allow_null=True
    )
    next_attempt_at = Time(
        lambda row: row.next_attempt_at if row.state == row.State.WAITING else None,
        allow_null=True,
    )
    error = TextOrNull("last_error")
    error_code = TextOrNull()
    warnings = Texts()
    created_at = Time()
    updated_at = Time()


def smp_status(row: Participant) -> str:
    """The vendor's word for how far a registration is."""
    if row.is_registered:
        return "registered"
    if row.state in row.UNDER_WAY_STATES:
        return "pending"
    return "failed" if row.state in row.HELD_UP_STATES else "unregistered"


class ParticipantsPage(Answer):
    """A page of Peppol identifiers."""

    participants = ParticipantShown(many=True, source="rows")
    next_cursor = TextOrNull("next")


def _doubts(row: Endpoint) -> list[str]:
    """Names that no event has: kept as given, and never sent."""
    known = catalogue.names(_DIALECT)
    return [
        f"No event is called “{name}”."
        for name in row.event_types
        if name != "*"
        and name not in known
        and not (name.endswith(".*") and any(one.startswith(name[:-1]) for one in known))
    ]


class WebhookShown(Answer):
    """A webhook without its secret."""

    id = Text(lambda row: spell("wh", row.pk))
    org_id = Text(organization_id)
    url = Text()
    events = Texts("event_types")
    status = Choice(Endpoint.Status)
    description = TextOrNull()
    retry_schedule = Numbers(
        lambda row: row.retry_schedule or schedule.STANDARD,
        help_text="Seconds after each failed attempt; an extension of ours.",
    )
    environment = Choice(Environment)
    disabled_reason = TextOrNull()
    failure_count = Number()
    last_success_at = Time(allow_null=True)
    warnings = Texts(_doubts)
    created_at = Time()
    updated_at = Time()


class WebhookMade(WebhookShown):
    """A webhook with its secret, which is shown when it was just made or changed."""

    secret = Text(nothing, required=False)


class WebhooksPage(Answer):
    """A page of webhooks."""

    webhooks = WebhookShown(many=True, source="rows")
    next_cursor = TextOrNull("next")


class KeyShown(Answer):
    """An API key without its value."""

    id = Text(lambda row: spell("key", row.pk))
    org_id = Text(organization_id)
    name = Text()
    description = TextOrNull()
    prefix = Text()
    last_four = Text()
    environment = Choice(Environment)
    status = Choice(["active", "disabled", "expired", "revoked"], "state")
    created_at = Time()
    last_used_at = Time(allow_null=True)
    expires_at = Time(allow_null=True)


class KeyMade(KeyShown):
    """An API key with its value, which is shown this once."""

    key = Text()


class ApiKeysPage(Answer):
    """A page of API keys."""

    api_keys = KeyShown(many=True, source="rows")
    next_cursor = TextOrNull("next")
