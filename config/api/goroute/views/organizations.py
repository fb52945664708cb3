"""Organizations (GOR-01 to GOR-06)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.goroute import requests, responses
from config.api.goroute.openapi import operations as doc
from config.api.goroute.surface import WRITE_SCOPES, GoRouteView, refuse_at_rest
from peppol.services.companies import companies, onboarding
from tenants.errors import Forbidden
from tenants.models import Organization
from tenants.services import organizations


class Organizations(GoRouteView):
    """The organizations that a key reaches, newest first; a platform's own ends the list."""

    listed = "organizations"
    scopes = WRITE_SCOPES

    @extend_schema(**doc.LIST_ORGANIZATIONS)
    def get(self, request: Any) -> Response:
        own, reaches = self.organization, self.caller.kind == "platform"
        under = Organization.objects.under(own)
        page = self.page(under if reaches else under.none(), oldest=own)
        total = 1 + (under.count() if reaches else 0)
        return Response(responses.OrganizationsPage.of(page, total=total))

    @extend_schema(**doc.CREATE_ORGANIZATION)
    def post(self, request: Any) -> Response:
        platform, fields = self.need_platform(), self.read(requests.OrganizationFields)
        made = onboarding.onboard(platform, requests.profile(fields), by=self.by)
        return Response(responses.OrganizationShown.of(made.company), status=201)


class OrganizationDetails(GoRouteView):
    """One organization."""

    scopes = WRITE_SCOPES

    @extend_schema(**doc.GET_ORGANIZATION)
    def get(self, request: Any, org_id: str) -> Response:
        return Response(responses.OrganizationShown.of(self.target))

    @extend_schema(**doc.UPDATE_ORGANIZATION)
    def patch(self, request: Any, org_id: str) -> Response:
        if self.target.status == Organization.Status.CLOSED:
            refuse_at_rest(self.target)
        fields = self.read(requests.OrganizationChanges)
        changes = requests.profile(fields, current=self.target)
        changed = organizations.update(self.target, changes, by=self.by)
        return Response(responses.OrganizationShown.of(changed))

    @extend_schema(**doc.CLOSE_ORGANIZATION)
    def delete(self, request: Any, org_id: str) -> Response:
        if self.need_platform() == self.target:
            raise Forbidden("A platform cannot close itself.", code="own_organization")
        if self.target.status == Organization.Status.CLOSED:
            refuse_at_rest(self.target)
        closed = companies.close(self.target, reason="Closed through the API.", by=self.by)
        return Response(responses.OrganizationShown.of(closed))
