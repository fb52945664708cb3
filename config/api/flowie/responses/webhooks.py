"""Webhooks, and what was due to them."""

from operator import attrgetter

from config.api.flowie.responses.parts import CompanyId, Count, NextCursor
from config.api.kit.answers import Answer, Choice, Number, Numbers, Text, TextOrNull, Texts, Time
from tenants.ids import spell
from tenants.models import Environment
from webhooks import models, schedule
from webhooks.models import Endpoint


class Webhook(Answer):
    """A webhook; at platform level `companyId` is null."""

    id = Text(lambda row: spell("wh", row.pk))
    url = Text()
    status = Choice(Endpoint.Status)
    events = Texts("event_types")
    description = Text(allow_blank=True)
    retrySchedule = Numbers(
        lambda row: row.retry_schedule or schedule.STANDARD,
        help_text="Seconds after each failed attempt; an extension of ours.",
    )
    companyId = CompanyId(
        lambda row: None if row.covers_companies else row.organization_id, allow_null=True
    )
    environment = Choice(Environment)
    failureCount = Count("failure_count")
    consecutiveFailures = Count("consecutive_failures")
    disabledReason = TextOrNull("disabled_reason")
    lastSuccessAt = Time("last_success_at", allow_null=True)
    createdAt = Time("created_at")
    updatedAt = Time("updated_at")


class NewWebhook(Webhook):
    """A webhook with its signing secret, which is shown this once."""

    secret = Text()


class WebhooksPage(Answer):
    """A page of webhooks."""

    webhooks = Webhook(many=True, source="rows")
    nextCursor = NextCursor()


class Attempt(Answer):
    """One try to deliver."""

    number = Count()
    startedAt = Time("started_at")
    durationMs = Count("duration_ms")
    statusCode = Number("status_code", allow_null=True)
    error = TextOrNull()


class Delivery(Answer):
    """An event due to a webhook; `eventId` is what `X-Flowie-Event-Id` says."""

    # Reads `event` and `attempts`: load them along.
    id = Text(lambda row: spell("del", row.pk))
    eventId = Text(lambda row: f"evt_{row.event_id.hex}")
    type = Text("event.type")
    companyId = CompanyId("event.organization_id")
    state = Choice(models.Delivery.State)
    createdAt = Time("created_at")
    nextAttemptAt = Time("next_attempt_at", allow_null=True)
    deliveredAt = Time("delivered_at", allow_null=True)
    attempts = Attempt(many=True, read=lambda row: sorted(row.attempts.all(), key=attrgetter("pk")))


class DeliveriesPage(Answer):
    """A page of deliveries."""

    deliveries = Delivery(many=True, source="rows")
    nextCursor = NextCursor()


class Replayed(Answer):
    """How many deliveries are sent again."""

    replayed = Count()
