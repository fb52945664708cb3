"""How the tenant API shows what is the tenant's, field by field."""

from typing import Any

from tenants.ids import spell
from tenants.times import utc
from webhooks import dialects
from webhooks.models import Delivery, Endpoint

# Secrets are shown once; the description wants the field always.
_HIDDEN = "********"
_DIALECT = "einvoice"


def webhook(row: Endpoint, secret: str = "") -> dict[str, Any]:
    """A webhook; its secret is there when it was just made."""
    return {
        "id": spell("wh", row.pk),
        "url": row.url,
        "events": row.event_types,
        "enabled": row.status == Endpoint.Status.ACTIVE,
        "secret": secret or _HIDDEN,
    }


def delivery(row: Delivery) -> dict[str, Any]:
    """What was sent to a webhook, and how it went. Reads `event` and `attempts`."""
    last = max(row.attempts.all(), key=lambda one: one.pk, default=None)
    return {
        "id": spell("delivery", row.pk),
        "event_id": str(row.event_id),
        "event_type": dialects.get(_DIALECT).subscribed_name(row.event.type),
        "status": row.state,
        "attempts": row.attempt_count,
        "response_status": last.status_code if last else None,
        "error": last.error or None if last else None,
        "created_at": utc(row.created_at),
        "delivered_at": utc(row.delivered_at),
        "next_attempt_at": utc(row.next_attempt_at),
    }


def test_result(row: Delivery) -> dict[str, Any]:
    """A test that is on its way; the history tells how it went."""
    return {
        "success": True,
        "message": "The test event is on its way; the webhook's history tells how it went.",
        "webhook_delivery_result": {"id": spell("delivery", row.pk), "status": row.state},
    }


def our_name(event_type: str) -> str:
    """What we call an event that the tenant API has another name for."""
    theirs = dialects.get(_DIALECT).aliases
    return next((ours for ours, name in theirs.items() if name == event_type), event_type)
