"""A tenant's webhooks."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.responses.webhooks import (
    WebhookAnswer,
    WebhookDeletedAnswer,
    WebhookHistoryAnswer,
    WebhookTestedAnswer,
    our_name,
)
from config.api.einvoice.tenant.surface import TenantView
from config.api.kit.access import COMPANIES, Access, to_read
from config.api.kit.paths import row_at
from tenants.actors import Actor
from tenants.errors import Invalid
from tenants.models import Organization
from webhooks.models import Delivery, Endpoint
from webhooks.services import endpoints

# A tenant's key with fewer rights, which another surface issued, looks on.
_CHANGES = Access(COMPANIES, (Ability.WEBHOOKS_WRITE,), test_keys=True)
_MOST = 100


class WebhooksView(TenantView):
    """Shared by all that has to do with webhooks."""

    access = {
        "GET": to_read(Ability.WEBHOOKS_READ, kinds=COMPANIES),
        **dict.fromkeys(("POST", "PUT", "DELETE"), _CHANGES),
    }
    bears_secret = True

    def endpoint(self, webhook_id: str) -> Endpoint:
        """One of the tenant's. Raises NotFound."""
        return row_at(self.endpoints(), webhook_id, what="Webhook")

    def endpoints(self) -> QuerySet[Endpoint]:
        """The tenant's; a test key sees those of the test environment."""
        return self.caller.reached(Endpoint.objects.of(self.organization))


class Webhooks(WebhooksView):
    """All of a tenant's webhooks, newest first."""

    @extend_schema(**doc.LIST_WEBHOOKS)
    def get(self, request: Any) -> Response:
        rows = self.endpoints().order_by("-id")[:_MOST]
        return Response(WebhookAnswer.of_each(rows))

    @extend_schema(**doc.CREATE_WEBHOOK)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.WebhookFields)
        where = self.caller.environment_of(self.organization)
        row, secret = _created(self.organization, fields, where, by=self.by)
        return Response(WebhookAnswer.of(row, secret=secret), status=201)


class Webhook(WebhooksView):
    """One webhook."""

    @extend_schema(**doc.GET_WEBHOOK)
    def get(self, request: Any, webhook_id: str) -> Response:
        return Response(WebhookAnswer.of(self.endpoint(webhook_id)))

    @extend_schema(**doc.UPDATE_WEBHOOK)
    def put(self, request: Any, webhook_id: str) -> Response:
        row, fields = self.endpoint(webhook_id), self.read(requests.WebhookChanges)
        return Response(WebhookAnswer.of(_revised(row, fields, by=self.by)))

    @extend_schema(**doc.DELETE_WEBHOOK)
    def delete(self, request: Any, webhook_id: str) -> Response:
        endpoints.delete(self.endpoint(webhook_id), by=self.by)
        return Response(WebhookDeletedAnswer.of(None))


class WebhookHistory(WebhooksView):
    """What was sent to a webhook lately, newest first."""

    @extend_schema(**doc.WEBHOOK_HISTORY)
    def get(self, request: Any, webhook_id: str) -> Response:
        sent = Delivery.objects.filter(endpoint=self.endpoint(webhook_id)).order_by("-id")
        rows = sent.select_related("event").prefetch_related("attempts")[:_MOST]
        return Response(WebhookHistoryAnswer.of(rows))


class WebhookTest(WebhooksView):
    """Sends an event made up by the caller."""

    @extend_schema(**doc.TEST_WEBHOOK)
    def post(self, request: Any, webhook_id: str) -> Response:
        row, fields = self.endpoint(webhook_id), self.read(requests.WebhookTest)
        if not row.wants(our_name(fields["event_type"])):
            sentence = f"This webhook is not subscribed to {fields['event_type']}."
            raise Invalid(sentence, code="not_subscribed", fields={"event_type": [sentence]})
        sent = endpoints.send_test(row, by=self.by, tested=fields)
        return Response(WebhookTestedAnswer.of(sent))


@transaction.atomic
def _created(
    tenant: Organization, fields: dict[str, Any], environment: str, *, by: Actor
) -> tuple[Endpoint, str]:
    row, secret = endpoints.create(
        tenant,
        url=fields["url"],
        event_types=fields["events"],
        dialect="einvoice",
        environment=environment,
        by=by,
    )
    return _switched(row, fields["enabled"], by=by), secret


@transaction.atomic
def _revised(row: Endpoint, fields: dict[str, Any], *, by: Actor) -> Endpoint:
    given = {"url": fields.get("url"), "event_types": fields.get("events")}
    changes = {name: value for name, value in given.items() if value is not None}
    row = endpoints.update(row, changes, by=by)
    return _switched(row, fields.get("enabled"), by=by)


def _switched(row: Endpoint, enabled: bool | None, *, by: Actor) -> Endpoint:
    if enabled is None:
        return row
    if enabled:
        return endpoints.enable(row, by=by)
    return endpoints.disable(row, reason="Disabled through the API.", by=by)
