"""Organizations, their participants, webhooks and keys (GOR-01 to GOR-06, GOR-15, GOR-16)."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.goroute import requests, shown
from config.api.goroute.openapi import operations as doc
from config.api.goroute.surface import WRITE_SCOPES, GoRouteView, refuse_at_rest
from config.api.kit.paths import row_at
from peppol.models import Participant
from peppol.services.companies import companies, onboarding
from peppol.services.registration import participants
from tenants.errors import Forbidden
from tenants.models import Environment, Organization
from tenants.services import organizations
from webhooks.models import Endpoint
from webhooks.services import endpoints


class Organizations(GoRouteView):
    """The organizations that a key reaches, newest first; a platform's own ends the list."""

    listed = "organizations"
    scopes = WRITE_SCOPES

    @extend_schema(**doc.LIST_ORGANIZATIONS)
    def get(self, request: Any) -> Response:
        own, reaches = self.organization, self.caller.kind == "platform"
        under = Organization.objects.under(own)
        page = self.page(under if reaches else under.none(), oldest=own)
        rows = [shown.organization(row) for row in page.rows]
        total = 1 + (under.count() if reaches else 0)
        return Response(shown.listed("organizations", page, rows, total=total))

    @extend_schema(**doc.CREATE_ORGANIZATION)
    def post(self, request: Any) -> Response:
        platform, fields = self.need_platform(), self.read(requests.OrganizationFields)
        made = onboarding.onboard(platform, requests.profile(fields), by=self.by)
        return Response(shown.organization(made.company), status=201)


class OrganizationDetails(GoRouteView):
    """One organization."""

    scopes = WRITE_SCOPES

    @extend_schema(**doc.GET_ORGANIZATION)
    def get(self, request: Any, org_id: str) -> Response:
        return Response(shown.organization(self.target))

    @extend_schema(**doc.UPDATE_ORGANIZATION)
    def patch(self, request: Any, org_id: str) -> Response:
        if self.target.status == Organization.Status.CLOSED:
            refuse_at_rest(self.target)
        fields = self.read(requests.OrganizationChanges)
        changes = requests.profile(fields, current=self.target)
        return Response(shown.organization(organizations.update(self.target, changes, by=self.by)))

    @extend_schema(**doc.CLOSE_ORGANIZATION)
    def delete(self, request: Any, org_id: str) -> Response:
        if self.need_platform() == self.target:
            raise Forbidden("A platform cannot close itself.", code="own_organization")
        if self.target.status == Organization.Status.CLOSED:
            refuse_at_rest(self.target)
        closed = companies.close(self.target, reason="Closed through the API.", by=self.by)
        return Response(shown.organization(closed))


class Participants(GoRouteView):
    """The Peppol identifiers of an organization (GOR-15)."""

    listed = "participants"
    scopes = WRITE_SCOPES

    @extend_schema(**doc.LIST_PARTICIPANTS)
    def get(self, request: Any, **path: str) -> Response:
        page = self.page(Participant.objects.of(self.target))
        rows = [shown.participant(row) for row in page.rows]
        return Response(shown.listed("participants", page, rows))

    @extend_schema(**doc.CREATE_PARTICIPANT)
    def post(self, request: Any, **path: str) -> Response:
        organization, fields = self.working, self.read(requests.ParticipantFields)
        row = participants.register(
            organization, fields["peppol_id"], card_name=fields.get("name") or "", by=self.by
        )
        return Response(shown.participant(row), status=201)


class ParticipantDetails(GoRouteView):
    """One Peppol identifier."""

    scopes = WRITE_SCOPES

    @property
    def participant(self) -> Participant:
        rows, id = Participant.objects.of(self.target), self.kwargs["participant_id"]
        return row_at(rows, id, what="Participant")

    @extend_schema(**doc.GET_PARTICIPANT)
    def get(self, request: Any, **path: str) -> Response:
        return Response(shown.participant(self.participant))

    @extend_schema(**doc.DELETE_PARTICIPANT)
    def delete(self, request: Any, **path: str) -> Response:
        row = participants.unregister(self.participant, by=self.by)
        return Response(shown.participant(row), status=202)


class Webhooks(GoRouteView):
    """The webhooks of an organization: its own events, and nobody else's (GOR-16, GOR-17)."""

    listed = "webhooks"
    scopes = WRITE_SCOPES
    bears_secret = True

    @extend_schema(**doc.LIST_WEBHOOKS)
    def get(self, request: Any, **path: str) -> Response:
        page = self.page(Endpoint.objects.of(self.target))
        rows = [shown.webhook(row) for row in page.rows]
        return Response(shown.listed("webhooks", page, rows))

    @extend_schema(**doc.CREATE_WEBHOOK)
    def post(self, request: Any, **path: str) -> Response:
        organization, fields = self.working, self.read(requests.WebhookFields)
        row, secret = endpoints.create(
            organization,
            url=fields["url"],
            event_types=fields["events"],
            dialect="goroute",
            secret=fields.get("secret"),
            description=fields.get("description") or "",
            environment=self.environment,
            by=self.by,
        )
        return Response(shown.webhook(row, secret), status=201)


class WebhookDetails(GoRouteView):
    """One webhook."""

    scopes = WRITE_SCOPES
    bears_secret = True

    @property
    def endpoint(self) -> Endpoint:
        rows, id = Endpoint.objects.of(self.target), self.kwargs["webhook_id"]
        return row_at(rows, id, what="Webhook")

    @extend_schema(**doc.GET_WEBHOOK)
    def get(self, request: Any, **path: str) -> Response:
        return Response(shown.webhook(self.endpoint))

    @extend_schema(**doc.UPDATE_WEBHOOK)
    def patch(self, request: Any, **path: str) -> Response:
        refuse_at_rest(self.target)
        row, fields = self.endpoint, self.read(requests.WebhookChanges)
        return Response(shown.webhook(*_revised(row, fields, by=self.by)))

    @extend_schema(**doc.DELETE_WEBHOOK)
    def delete(self, request: Any, **path: str) -> Response:
        endpoints.delete(self.endpoint, by=self.by)
        return Response(status=204)


@transaction.atomic
def _revised(row: Endpoint, fields: dict[str, Any], *, by: Any) -> tuple[Endpoint, str]:
    """The webhook with what was given changed, and its secret where that is new."""
    ours = {"url": "url", "events": "event_types", "description": "description"}
    changes = {ours[name]: fields[name] or "" for name in ours if name in fields}
    row = endpoints.update(row, changes, by=by)
    if fields.get("status") == Endpoint.Status.ACTIVE:
        row = endpoints.enable(row, by=by)
    elif "status" in fields:
        row = endpoints.disable(row, reason="Disabled through the API.", by=by)
    secret = fields.get("secret") or ""
    if secret:
        endpoints.rotate_secret(row, secret=secret, by=by)
    return row, secret


class Keys(GoRouteView):
    """The keys that act for one organization; a platform's key manages them (C-03)."""

    listed = "keys"
    scopes = WRITE_SCOPES
    bears_secret = True

    @extend_schema(**doc.LIST_KEYS)
    def get(self, request: Any, **path: str) -> Response:
        self.need_platform()
        page = self.page(_keys_of(self.target))
        return Response(shown.listed("api_keys", page, [shown.key(row) for row in page.rows]))

    @extend_schema(**doc.CREATE_KEY)
    def post(self, request: Any, **path: str) -> Response:
        self.need_platform()
        organization, fields = self.working, self.read(requests.KeyFields)
        tests = Environment.TEST in (self.environment, fields.get("environment"))
        row, secret = keys.issue(
            organization,
            name=fields["name"],
            description=fields.get("description") or "",
            environment=Environment.TEST if tests else Environment.LIVE,
            expires_at=fields.get("expires_at"),
            by=self.by,
        )
        return Response(shown.key(row, secret), status=201)


class KeyDetails(GoRouteView):
    """One key of an organization."""

    scopes = WRITE_SCOPES

    @extend_schema(**doc.DELETE_KEY)
    def delete(self, request: Any, **path: str) -> Response:
        self.need_platform()
        keys.revoke(row_at(_keys_of(self.target), path["key_id"], what="API key"), by=self.by)
        return Response(status=204)


def _keys_of(organization: Organization) -> Any:
    return ApiKey.objects.live().of(organization).filter(kind=ApiKey.Kind.COMPANY)
