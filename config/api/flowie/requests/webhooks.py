"""Webhooks: what callers send of them, and what it is in our words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from config.api.flowie.requests.fields import EventTypes, Secret, Strict, WebhookUrl
from config.api.flowie.requests.parts import Page, Rotation
from config.api.kit.fields import RetrySchedule, Text
from peppol.services.companies.onboarding import WebhookRequest
from webhooks.models import Endpoint

DIALECT = "flowie"
# A receiver acknowledges within this many seconds (FLO-26).
ACK_WINDOW = 5


class WebhookFields(Strict):
    """A webhook. Without events it hears of everything; without a secret one is made (C-28)."""

    url = WebhookUrl()
    events = EventTypes(default=lambda: ["*"])
    secret = Secret(max_length=256, required=False)
    description = Text(max_length=255, allow_blank=True, default="")
    retrySchedule = RetrySchedule()


class WebhookChanges(Strict):
    """What may be changed of a webhook; what is left out stays."""

    url = WebhookUrl(required=False)
    events = EventTypes(required=False)
    description = Text(max_length=255, allow_blank=True, required=False)
    retrySchedule = RetrySchedule()
    status = serializers.ChoiceField(Endpoint.Status.choices, required=False)


class SecretRotation(Rotation):
    """The same for a signing secret, which may be the caller's own."""

    secret = Secret(max_length=256, required=False)


class WebhookListing(Page):
    """Which webhooks are wanted."""

    status = serializers.ChoiceField(Endpoint.Status.choices, required=False)


class DeliveryListing(Page):
    """Which deliveries are wanted."""

    state = serializers.ChoiceField(
        ["pending", "sending", "delivered", "exhausted", "missed"], required=False
    )


class Replay(Strict):
    """What is to be sent again: everything missed, or what failed in a time."""

    what = serializers.ChoiceField(["failed", "missed"], default="missed")
    since = serializers.DateTimeField(default=lambda: timezone.now() - timedelta(days=30))
    until = serializers.DateTimeField(default=timezone.now)


def changes(fields: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What changes of a webhook, and the status it is to have, if one is asked for."""
    ours = {
        "url": "url",
        "events": "event_types",
        "description": "description",
        "retrySchedule": "retry_schedule",
    }
    return {ours[name]: fields[name] for name in ours if name in fields}, fields.get("status", "")


def webhook_request(fields: Mapping[str, Any]) -> WebhookRequest:
    """A webhook that a new company is to have."""
    return WebhookRequest(
        fields["url"],
        tuple(fields["events"]),
        secret=fields.get("secret"),
        dialect=DIALECT,
        timeout_seconds=ACK_WINDOW,
        retry_schedule=tuple(fields.get("retrySchedule", ())),
    )
