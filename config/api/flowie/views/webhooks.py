"""Webhooks of one company or of all, their deliveries and replays (FLO-23 to FLO-31, FLO-48)."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.flowie.openapi import webhooks as openapi
from config.api.flowie.requests import webhooks as requests
from config.api.flowie.responses import webhooks as responses
from config.api.flowie.surface import FlowieView, undeparted
from config.api.kit.access import PROGRAMS, Access, to_read
from config.api.kit.paths import row_at
from tenants.models import Organization
from webhooks.models import Delivery, Endpoint
from webhooks.services import endpoints, replay

# Of the key's own environment.
_CHANGES = Access(PROGRAMS, (Ability.WEBHOOKS_WRITE,), test_keys=True)


class WebhooksView(FlowieView):
    """Shared by all that has to do with webhooks.

    A tenant key, or a platform key that acts for a company, reaches that company's webhooks; a
    platform key alone reaches all of them.
    """

    access = {
        "GET": to_read(Ability.WEBHOOKS_READ, kinds=PROGRAMS),
        **dict.fromkeys(("POST", "PATCH", "DELETE"), _CHANGES),
    }

    def webhooks(self) -> QuerySet[Endpoint]:
        """Those within reach, of the key's environment."""
        mine = Endpoint.objects.filter(environment=self.caller.environment)
        mine = mine.visible_to(self.organization)
        return mine.filter(organization=self.company) if self.company else mine

    def webhook_at(self, webhook_id: str) -> Endpoint:
        """The row of that id. Raises NotFound for an unknown or foreign id alike."""
        return row_at(self.webhooks(), webhook_id, what="Webhook")


class Webhooks(WebhooksView):
    """The webhooks of a company, or of a platform and all its companies."""

    bears_secret = True

    @extend_schema(**openapi.LIST_WEBHOOKS)
    def get(self, request: Any) -> Response:
        query, rows = self.read_query(requests.WebhookListing), self.webhooks()
        rows = rows.filter(status=query["status"]) if "status" in query else rows
        scope = f"{(self.company or self.organization).pk}:webhooks"
        return Response(responses.WebhooksPage.of(self.page(rows, query, scope)))

    @extend_schema(**openapi.CREATE_WEBHOOK)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.WebhookFields)
        owner = undeparted(self.company or self.organization)
        row, secret = self._create(owner, fields)
        return Response(responses.NewWebhook.of(row, secret=secret), status=201)

    def _create(self, owner: Organization, fields: dict[str, Any]) -> tuple[Endpoint, str]:
        return endpoints.create(
            owner,
            url=fields["url"],
            event_types=fields["events"],
            by=self.by,
            environment=self.caller.environment,
            secret=fields.get("secret"),
            description=fields["description"],
            covers_companies=self.company is None,
            dialect=requests.DIALECT,
            timeout_seconds=requests.ACK_WINDOW,
            retry_schedule=fields.get("retrySchedule", ()),
        )


class Webhook(WebhooksView):
    """One webhook."""

    @extend_schema(**openapi.GET_WEBHOOK)
    def get(self, request: Any, webhook_id: str) -> Response:
        return Response(responses.Webhook.of(self.webhook_at(webhook_id)))

    @extend_schema(**openapi.UPDATE_WEBHOOK)
    def patch(self, request: Any, webhook_id: str) -> Response:
        row, wanted = self.webhook_at(webhook_id), self.read(requests.WebhookChanges)
        return Response(
            responses.Webhook.of(endpoints.revise(row, *requests.changes(wanted), by=self.by))
        )

    @extend_schema(**openapi.DELETE_WEBHOOK)
    def delete(self, request: Any, webhook_id: str) -> Response:
        endpoints.delete(self.webhook_at(webhook_id), by=self.by)
        return Response(status=204)


class SecretRotation(WebhooksView):
    """Gives a webhook a new secret; the old one signs too until the overlap is over."""

    bears_secret = True

    @extend_schema(**openapi.ROTATE_SECRET)
    def post(self, request: Any, webhook_id: str) -> Response:
        row, wish = self.webhook_at(webhook_id), self.read(requests.SecretRotation)
        overlap = timedelta(seconds=wish["overlapSeconds"])
        secret = endpoints.rotate_secret(
            row, overlap=overlap, secret=wish.get("secret"), by=self.by
        )
        return Response(responses.NewWebhook.of(self.webhook_at(webhook_id), secret=secret))


class Test(WebhooksView):
    """Has a test event sent to a webhook."""

    @extend_schema(**openapi.TEST_WEBHOOK)
    def post(self, request: Any, webhook_id: str) -> Response:
        made = endpoints.send_test(self.webhook_at(webhook_id), by=self.by)
        return Response(responses.Delivery.of(made), status=202)


class Deliveries(WebhooksView):
    """What was due to a webhook, newest first."""

    @extend_schema(**openapi.LIST_DELIVERIES)
    def get(self, request: Any, webhook_id: str) -> Response:
        row, query = self.webhook_at(webhook_id), self.read_query(requests.DeliveryListing)
        rows = Delivery.objects.filter(endpoint=row).select_related("event")
        rows = rows.filter(state=query["state"]) if "state" in query else rows
        page = self.page(rows.prefetch_related("attempts"), query, f"{row.pk}:deliveries")
        return Response(responses.DeliveriesPage.of(page))


class DeliveryReplay(WebhooksView):
    """Sends one delivery again; its event keeps its id."""

    @extend_schema(**openapi.REPLAY_DELIVERY)
    def post(self, request: Any, webhook_id: str, delivery_id: str) -> Response:
        rows = Delivery.objects.filter(endpoint=self.webhook_at(webhook_id))
        row = row_at(rows.select_related("endpoint"), delivery_id, what="Delivery")
        return Response(responses.Delivery.of(replay.one(row, by=self.by)), status=202)


class Replay(WebhooksView):
    """Sends again what was missed while a webhook was disabled, or what failed in a time."""

    @extend_schema(**openapi.REPLAY_DELIVERIES)
    def post(self, request: Any, webhook_id: str) -> Response:
        row, wish = self.webhook_at(webhook_id), self.read(requests.Replay)
        if wish["what"] == "missed":
            count = replay.missed(row, by=self.by)
        else:
            count = replay.failed(row, since=wish["since"], until=wish["until"], by=self.by)
        return Response(responses.Replayed.of(None, replayed=count), status=202)
