"""What the tenant API answers of webhooks, as its published description spells it."""

from config.api.kit.answers import Answer, Flag, Number, Text, TextOrNull, Texts, Time
from tenants.ids import spell
from webhooks import dialects
from webhooks.models import Attempt, Delivery, Endpoint

# Secrets are shown once; the description wants the field always.
_HIDDEN = "********"
_DIALECT = "einvoice"


class WebhookAnswer(Answer):
    """A webhook. Its secret is shown when it is made, and hidden afterwards."""

    id = Text(lambda row: spell("wh", row.pk))
    url = Text()
    events = Texts("event_types")
    enabled = Flag(lambda row: row.status == Endpoint.Status.ACTIVE)
    secret = Text(lambda row: _HIDDEN)


class WebhookDeletedAnswer(Answer):
    """That a webhook is gone."""

    is_deleted = Flag(lambda row: True)


def _last_attempt(row: Delivery) -> Attempt | None:
    return max(row.attempts.all(), key=lambda one: one.pk, default=None)


def _response_status(row: Delivery) -> int | None:
    last = _last_attempt(row)
    return last.status_code if last else None


def _error(row: Delivery) -> str | None:
    last = _last_attempt(row)
    return last.error if last else None


class WebhookDeliveryAnswer(Answer):
    """What was sent to a webhook, and how it went."""

    # Reads `event` and `attempts`: fetch them along.
    id = Text(lambda row: spell("delivery", row.pk))
    event_id = Text(lambda row: str(row.event_id))
    event_type = Text(lambda row: dialects.get(_DIALECT).subscribed_name(row.event.type))
    status = Text("state")
    attempts = Number("attempt_count")
    response_status = Number(_response_status, allow_null=True)
    error = TextOrNull(_error)
    created_at = Time()
    delivered_at = Time(allow_null=True)
    next_attempt_at = Time(allow_null=True)


class WebhookHistoryAnswer(Answer):
    """What was sent to a webhook lately, newest first."""

    history = WebhookDeliveryAnswer(source="*", many=True)


class TestDeliveryAnswer(Answer):
    """The delivery of a test event."""

    id = Text(lambda row: spell("delivery", row.pk))
    status = Text("state")


class WebhookTestedAnswer(Answer):
    """A test that is on its way; the history tells how it went."""

    success = Flag(lambda row: True)
    message = Text(
        lambda row: "The test event is on its way; the webhook's history tells how it went."
    )
    webhook_delivery_result = TestDeliveryAnswer(source="*")


def our_name(event_type: str) -> str:
    """What we call an event that the tenant API has another name for."""
    theirs = dialects.get(_DIALECT).aliases
    return next((ours for ours, name in theirs.items() if name == event_type), event_type)
