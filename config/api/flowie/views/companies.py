"""Onboarding, and the companies that came of it (FLO-06 to FLO-13, FLO-49, FLO-69)."""

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.flowie import shapes
from config.api.flowie.openapi import operations as doc
from config.api.flowie.requests import bodies, mapping, queries
from config.api.flowie.surface import FlowieView
from config.api.kit import cursors
from peppol.services.companies import companies, onboarding

_PLATFORM = ("platform",)


class Companies(FlowieView):
    """The companies of a platform."""

    scopes = {"GET": _PLATFORM, "POST": _PLATFORM}
    bears_secret = True

    @extend_schema(**doc.LIST_COMPANIES)
    def get(self, request: Any) -> Response:
        query = self.read_query(queries.CompanyListing)
        rows = self.companies().filter(self._wanted(query))
        page = cursors.page(
            rows,
            limit=query["limit"],
            cursor=query["cursor"],
            scope=f"{self.organization.pk}:companies",
        )
        return Response(shapes.listing("companies", page, shapes.company))

    def _wanted(self, query: dict[str, Any]) -> Q:
        departed = query.get("status") == "deregistered"
        wanted = Q(deleted_at__isnull=not departed)
        if "status" in query and not departed:
            wanted &= Q(status=query["status"])
        if "vatNumber" in query:
            wanted &= Q(vat_key=mapping.vat_key(query["vatNumber"], self.caller.environment))
        if "tenantId" in query:
            wanted &= Q(metadata__tenantId=query["tenantId"])
        return wanted & Q(name__icontains=query["name"]) if "name" in query else wanted

    @extend_schema(**doc.ONBOARD_COMPANY)
    def post(self, request: Any) -> Response:
        order = mapping.onboarding(self.read(bodies.Onboarding), self.caller.environment)
        made = onboarding.onboard(self.organization, by=self.by, **order)
        return Response(shapes.onboarded(made), status=201)


class Company(FlowieView):
    """One company; a tenant key sees its own (FLO-16)."""

    serves = ("platform", "company")
    scopes = {"PATCH": _PLATFORM, "DELETE": _PLATFORM}

    @extend_schema(**doc.GET_COMPANY)
    def get(self, request: Any, company_id: str) -> Response:
        return Response(shapes.company(self.company_at(company_id)))

    @extend_schema(**doc.UPDATE_COMPANY)
    def patch(self, request: Any, company_id: str) -> Response:
        self.only_for_platforms()
        company, fields = self.open_company_at(company_id), self.read(bodies.CompanyChanges)
        changes = mapping.changes(company, fields)
        named = [fields["peppolId"]] if fields.get("peppolId") else None
        companies.revise(company, changes, identifiers=named, register=True, by=self.by)
        return Response(shapes.company(self.company_at(company_id)))

    @extend_schema(**doc.DEREGISTER_COMPANY)
    def delete(self, request: Any, company_id: str) -> Response:
        self.only_for_platforms()
        company = self.company_at(company_id)
        if company.deleted_at is None:
            companies.remove(company, by=self.by)
        return Response(status=204)
