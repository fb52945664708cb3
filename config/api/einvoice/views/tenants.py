"""Tenants (EIN-01 to EIN-19)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.einvoice import openapi as doc
from config.api.einvoice import requests
from config.api.einvoice.responses import Part, TenantAnswer, TenantListAnswer
from config.api.einvoice.surface import AdminView, of_admins
from config.api.kit.paths import company_at, id_of
from peppol.services.companies import companies, onboarding
from peppol.services.companies.lookup import listed, with_participants
from tenants.models import Organization


class TenantsView(AdminView):
    """Shared by all that has to do with tenants."""

    access = of_admins(
        Ability.COMPANIES_READ, Ability.COMPANIES_WRITE, ends=Ability.COMPANIES_GOVERN
    )

    def tenants(self) -> QuerySet[Organization]:
        """The caller's live companies, whichever surface made them."""
        return self.caller.reached(Organization.objects.under(self.organization))

    def tenant(self, tenant_id: str) -> Organization:
        """One of the caller's live companies.

        Raises NotFound for an unknown or foreign id alike (EIN-17, EIN-19).
        """
        return with_participants(company_at(self, id_of(tenant_id), what="Tenant"))


class Tenants(TenantsView):
    """The tenants of a reseller, newest first (C-10)."""

    @extend_schema(**doc.LIST_TENANTS)
    def get(self, request: Any) -> Response:
        page = self.read_query(requests.Page)
        rows = self.tenants().order_by("-id")[page["skip"] : page["skip"] + page["limit"]]
        shown = listed(rows, TenantAnswer.COLUMNS)
        return Response(TenantListAnswer.of(Part(shown, self.caller.count_companies())))

    @extend_schema(**doc.CREATE_TENANT)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.TenantFields)
        identifier = next(iter(fields.get("peppol_ids") or []), None)
        made = onboarding.onboard(
            self.organization,
            self.caller.confined(requests.profile(fields)),
            identifier=identifier,
            register=False,
            by=self.by,
        )
        return Response(TenantAnswer.of(made.company), status=201)


class Tenant(TenantsView):
    """One tenant."""

    @extend_schema(**doc.GET_TENANT)
    def get(self, request: Any, tenant_id: str) -> Response:
        return Response(TenantAnswer.of(self.tenant(tenant_id)))

    @extend_schema(**doc.UPDATE_TENANT)
    def put(self, request: Any, tenant_id: str) -> Response:
        tenant = self.tenant(tenant_id)
        current = {"current": tenant.handle or tenant.name}
        fields = self.read(requests.TenantChanges, context=current)
        identifiers = (fields["peppol_ids"] or []) if "peppol_ids" in fields else None
        profile = requests.profile(fields, country=tenant.country)
        companies.revise(tenant, profile, identifiers=identifiers, by=self.by)
        return Response(TenantAnswer.of(self.tenant(tenant_id)))

    @extend_schema(**doc.DELETE_TENANT)
    def delete(self, request: Any, tenant_id: str) -> Response:
        companies.remove(self.tenant(tenant_id), by=self.by)
        return Response(status=204)
