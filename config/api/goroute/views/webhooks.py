"""Webhooks of organizations (GOR-16, GOR-17)."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.goroute import requests, responses
from config.api.goroute.openapi import operations as doc
from config.api.goroute.surface import GoRouteView
from config.api.kit.access import PREPARING, PROGRAMS, Access, to_read
from config.api.kit.paths import row_at
from webhooks.models import Endpoint
from webhooks.services import endpoints

_SEEN = to_read(Ability.WEBHOOKS_READ, Ability.DOCUMENTS_RECEIVE, kinds=PROGRAMS)
# A test key changes webhooks of the test environment.
_CHANGED = Access(PROGRAMS, (Ability.WEBHOOKS_WRITE,), test_keys=True, states=PREPARING)


class Webhooks(GoRouteView):
    """The webhooks of an organization: its own events, and nobody else's (GOR-16, GOR-17)."""

    listed = "webhooks"
    access = {"GET": _SEEN, "POST": _CHANGED}
    bears_secret = True

    @extend_schema(**doc.LIST_WEBHOOKS)
    def get(self, request: Any, **path: str) -> Response:
        page = self.page(self.caller.reached(Endpoint.objects.of(self.target)))
        return Response(responses.WebhooksPage.of(page))

    @extend_schema(**doc.CREATE_WEBHOOK)
    def post(self, request: Any, **path: str) -> Response:
        organization, fields = self.target, self.read(requests.WebhookFields)
        row, secret = endpoints.create(
            organization,
            url=fields["url"],
            event_types=fields["events"],
            dialect="goroute",
            secret=fields.get("secret"),
            description=fields.get("description") or "",
            environment=self.environment,
            retry_schedule=fields.get("retry_schedule", ()),
            by=self.by,
        )
        return Response(responses.WebhookMade.of(row, secret=secret), status=201)


class WebhookDetails(GoRouteView):
    """One webhook."""

    access = {
        "GET": _SEEN,
        "PATCH": _CHANGED,
        "DELETE": Access(PROGRAMS, (Ability.WEBHOOKS_WRITE,), test_keys=True),
    }
    bears_secret = True

    @property
    def endpoint(self) -> Endpoint:
        rows, id = self.caller.reached(Endpoint.objects.of(self.target)), self.kwargs["webhook_id"]
        return row_at(rows, id, what="Webhook")

    @extend_schema(**doc.GET_WEBHOOK)
    def get(self, request: Any, **path: str) -> Response:
        return Response(responses.WebhookShown.of(self.endpoint))

    @extend_schema(**doc.UPDATE_WEBHOOK)
    def patch(self, request: Any, **path: str) -> Response:
        row, fields = self.endpoint, self.read(requests.WebhookChanges)
        row = _revised(row, fields, by=self.by)
        new = {"secret": fields["secret"]} if fields.get("secret") else {}
        return Response(responses.WebhookMade.of(row, **new))

    @extend_schema(**doc.DELETE_WEBHOOK)
    def delete(self, request: Any, **path: str) -> Response:
        endpoints.delete(self.endpoint, by=self.by)
        return Response(status=204)


@transaction.atomic
def _revised(row: Endpoint, fields: dict[str, Any], *, by: Any) -> Endpoint:
    """The webhook with what was given changed."""
    ours = {"url": "url", "events": "event_types", "description": "description"}
    changes = {ours[name]: fields[name] or "" for name in ours if name in fields}
    if "retry_schedule" in fields:
        changes["retry_schedule"] = fields["retry_schedule"]
    row = endpoints.update(row, changes, by=by)
    if fields.get("status") == Endpoint.Status.ACTIVE:
        row = endpoints.enable(row, by=by)
    elif "status" in fields:
        row = endpoints.disable(row, reason="Disabled through the API.", by=by)
    if fields.get("secret"):
        endpoints.rotate_secret(row, secret=fields["secret"], by=by)
    return row
