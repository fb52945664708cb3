"""How GoRoute's API shows things."""

from collections.abc import Sequence
from typing import Any

from apikeys.models import ApiKey
from config.api.kit.cursors import Page
from peppol.models import Document, Participant
from tenants.ids import spell
from tenants.models import Organization
from tenants.times import utc
from webhooks import catalogue
from webhooks.models import Endpoint

_DIALECT = "goroute"


def listed(name: str, page: Page[Any], shown: Sequence[Any], **more: Any) -> dict[str, Any]:
    """A list under its name, and the cursor of its next page."""
    return {name: list(shown), "next_cursor": page.next or None, **more}


def organization(row: Organization) -> dict[str, Any]:
    """An organization, with what was sent of it (GOR-05)."""
    return {
        "org_id": spell("org", row.pk),
        "name": row.name,
        "legal_name": row.legal_name or None,
        "country": row.country or None,
        "status": row.status,
        "status_reason": row.status_reason or None,
        "vat_number": row.vat_number or None,
        "company_number": row.company_number or None,
        "address": {
            "street": row.address_line1 or None,
            "city": row.city or None,
            "postal_code": row.postal_code or None,
            "country": row.address_country or None,
        },
        "contact": {"email": row.email or None, "phone": row.phone or None},
        "metadata": row.metadata,
        "created_at": utc(row.created_at),
        "updated_at": utc(row.updated_at),
    }


def invoice(row: Document) -> dict[str, Any]:
    """An invoice or credit note, sent or received."""
    return {
        "id": spell("inv", row.pk),
        "org_id": spell("org", row.organization_id),
        "transaction_id": spell("txn", row.pk),
        "direction": row.direction,
        "type": row.kind,
        "number": row.number or None,
        "status": row.state,
        "sender": row.sender,
        "receiver": row.receiver,
        "issue_date": row.issued_on.isoformat() if row.issued_on else None,
        "currency": row.currency or None,
        "amount": None if row.amount is None else str(row.amount),
        "format": row.format,
        "environment": row.environment,
        "error": row.last_error or None,
        "warnings": row.transmission.get("warnings", []),
        "created_at": utc(row.created_at),
        "updated_at": utc(row.updated_at),
    }


def transaction(row: Document) -> dict[str, Any]:
    """The journey of a document over the network (GOR-12)."""
    return {
        "id": spell("txn", row.pk),
        "org_id": spell("org", row.organization_id),
        "invoice_id": spell("inv", row.pk),
        "direction": row.direction,
        "type": row.kind,
        "number": row.number or None,
        "status": row.state,
        "message_id": row.instance_id,
        "sender": row.sender,
        "receiver": row.receiver,
        "document_type": row.document_type,
        "process": row.process or None,
        "next_attempt_at": utc(None if row.is_final else row.next_attempt_at),
        "response": row.response or None,
        "error": row.last_error or None,
        "environment": row.environment,
        "steps": _steps(row),
        "created_at": utc(row.created_at),
        "finished_at": utc(row.finished_at),
    }


def _steps(row: Document) -> list[dict[str, Any]]:
    """Where it has been, oldest first."""
    begun = row.State.RECEIVED if row.direction == row.Direction.INBOUND else row.State.ACCEPTED
    steps = [{"status": str(begun), "at": utc(row.created_at)}]
    if row.state != begun:
        steps.append({"status": row.state, "at": utc(row.finished_at or row.updated_at)})
    return steps


def participant(row: Participant) -> dict[str, Any]:
    """A Peppol identifier and how far its registration is (GOR-15)."""
    return {
        "id": spell("part", row.pk),
        "org_id": spell("org", row.organization_id),
        "peppol_id": row.identifier,
        "scheme": row.scheme,
        "identifier": row.value,
        "name": row.card_name or None,
        "status": row.state,
        "registered": row.is_registered,
        "registered_at": utc(row.registered_at) if row.is_registered else None,
        "next_attempt_at": utc(row.next_attempt_at) if row.state == row.State.WAITING else None,
        "error": row.last_error or None,
        "warnings": row.warnings,
        "created_at": utc(row.created_at),
        "updated_at": utc(row.updated_at),
    }


def webhook(row: Endpoint, secret: str = "") -> dict[str, Any]:
    """A webhook; the secret is there when it was just made or changed."""
    shown = {
        "id": spell("wh", row.pk),
        "org_id": spell("org", row.organization_id),
        "url": row.url,
        "events": row.event_types,
        "status": row.status,
        "description": row.description or None,
        "environment": row.environment,
        "disabled_reason": row.disabled_reason or None,
        "failure_count": row.failure_count,
        "last_success_at": utc(row.last_success_at),
        "warnings": _doubts(row.event_types),
        "created_at": utc(row.created_at),
        "updated_at": utc(row.updated_at),
    }
    return {**shown, "secret": secret} if secret else shown


def _doubts(events: Sequence[str]) -> list[str]:
    """Names that no event has: kept as given, and never sent."""
    known = catalogue.names(_DIALECT)
    return [
        f"No event is called “{name}”."
        for name in events
        if name != "*"
        and name not in known
        and not (name.endswith(".*") and any(one.startswith(name[:-1]) for one in known))
    ]


def key(row: ApiKey, secret: str = "") -> dict[str, Any]:
    """A key without its value, unless it was just made."""
    shown = {
        "id": spell("key", row.pk),
        "org_id": spell("org", row.organization_id),
        "name": row.name,
        "description": row.description or None,
        "prefix": row.prefix,
        "last_four": row.last_four,
        "environment": row.environment,
        "status": row.state,
        "created_at": utc(row.created_at),
        "last_used_at": utc(row.last_used_at),
        "expires_at": utc(row.expires_at),
    }
    return {**shown, "key": secret} if secret else shown
