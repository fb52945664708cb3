"""Organizations (GOR-01 to GOR-06)."""

from typing import Any

from django.db.models import prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.goroute import requests, responses
from config.api.goroute.openapi import operations as doc
from config.api.goroute.surface import GoRouteView
from config.api.kit.access import NOT_CLOSED, PLATFORMS, PROGRAMS, Access, to_read
from peppol.services.companies import companies, onboarding
from tenants.errors import Forbidden
from tenants.models import Organization


class Organizations(GoRouteView):
    """The organizations that a key reaches, newest first; a platform's own ends the list."""

    listed = "organizations"
    access = {
        "GET": to_read(Ability.COMPANIES_READ, kinds=PROGRAMS),
        "POST": Access(PLATFORMS, (Ability.COMPANIES_WRITE,), test_keys=True),
    }

    @extend_schema(**doc.LIST_ORGANIZATIONS)
    def get(self, request: Any) -> Response:
        own, reaches = self.organization, self.caller.kind == "platform"
        under = self.caller.reached(Organization.objects.under(own))
        page = self.page(under if reaches else under.none(), oldest=own)
        prefetch_related_objects(page.rows, "participants")
        total = 1 + (self.caller.count_companies() if reaches else 0)
        return Response(responses.OrganizationsPage.of(page, total=total))

    @extend_schema(**doc.CREATE_ORGANIZATION)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.OrganizationFields)
        made = onboarding.onboard(
            self.organization,
            self.caller.confined(requests.profile(fields)),
            identifier=fields.get("peppol_id"),
            by=self.by,
        )
        return Response(responses.OrganizationShown.of(made.company), status=201)


class OrganizationDetails(GoRouteView):
    """One organization."""

    access = {
        "GET": to_read(Ability.COMPANIES_READ, kinds=PROGRAMS),
        "PATCH": Access(
            PROGRAMS,
            (Ability.COMPANIES_WRITE,),
            states=NOT_CLOSED,
            at_home=(Ability.SETTINGS_WRITE,),
        ),
        "DELETE": Access(PLATFORMS, (Ability.COMPANIES_GOVERN,), states=NOT_CLOSED),
    }

    @extend_schema(**doc.GET_ORGANIZATION)
    def get(self, request: Any, org_id: str) -> Response:
        return Response(responses.OrganizationShown.of(self.target))

    @extend_schema(**doc.UPDATE_ORGANIZATION)
    def patch(self, request: Any, org_id: str) -> Response:
        fields = self.read(requests.OrganizationChanges)
        changes = requests.profile(fields, current=self.target)
        named = [fields["peppol_id"]] if fields.get("peppol_id") else None
        changed = companies.revise(
            self.target, changes, identifiers=named, register=True, by=self.by
        )
        return Response(responses.OrganizationShown.of(changed))

    @extend_schema(**doc.CLOSE_ORGANIZATION)
    def delete(self, request: Any, org_id: str) -> Response:
        if self.organization == self.target:
            raise Forbidden("A platform cannot close itself.", code="own_organization")
        closed = companies.close(self.target, reason="Closed through the API.", by=self.by)
        return Response(responses.OrganizationShown.of(closed))
