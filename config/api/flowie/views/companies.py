"""Onboarding, and the companies that came of it (FLO-06 to FLO-13, FLO-49, FLO-69)."""

from functools import partial
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.flowie.openapi import companies as openapi
from config.api.flowie.requests import companies as requests
from config.api.flowie.responses import companies as responses
from config.api.flowie.surface import OF_PLATFORM, FlowieView
from config.api.kit.access import PROGRAMS, to_read
from peppol.services.companies import companies, onboarding
from tenants import search


class Companies(FlowieView):
    """The companies of a platform."""

    access = {"GET": OF_PLATFORM, "POST": OF_PLATFORM}
    bears_secret = True

    @extend_schema(**openapi.LIST_COMPANIES)
    def get(self, request: Any) -> Response:
        query = self.read_query(requests.CompanyListing)
        rows = self.companies().filter(self._wanted(query))
        rows = rows.filter(pk=self.company.pk) if self.company else rows
        page = self.page(rows, query, f"{self.organization.pk}:companies", self._named(query))
        return Response(responses.CompaniesPage.of(page))

    def _wanted(self, query: dict[str, Any]) -> Q:
        departed = query.get("status") == "deregistered"
        wanted = Q(deleted_at__isnull=not departed)
        if "status" in query and not departed:
            wanted &= Q(status=query["status"])
        if "vatNumber" in query:
            wanted &= Q(vat_key=requests.vat_key(query["vatNumber"], self.caller.environment))
        if "tenantId" in query:
            wanted &= Q(metadata__tenantId=query["tenantId"])
        return wanted

    def _named(self, query: dict[str, Any]) -> Any:
        """How the newest are found that have a part of a name; None where none is given."""
        name = query.get("name", "")
        condition = Q(name__icontains=name)
        named = partial(search.newest, text=name, condition=condition, within=self.organization)
        return named if name else None

    @extend_schema(**openapi.ONBOARD_COMPANY)
    def post(self, request: Any) -> Response:
        asked = requests.onboarding(self.read(requests.Onboarding), self.caller.environment)
        made = onboarding.onboard(self.organization, by=self.by, **asked)
        return Response(responses.Onboarded.about(made), status=201)


class CompanyList(Companies):
    """The companies that a caller may act for, and one more of them by its numbers alone."""

    access = {"GET": to_read(Ability.ACCOUNT_READ, kinds=PROGRAMS), "POST": OF_PLATFORM}

    @extend_schema(**openapi.LIST_OWN_COMPANIES)
    def get(self, request: Any) -> Response:
        return super().get(request)

    @extend_schema(**openapi.CREATE_COMPANY)
    def post(self, request: Any) -> Response:
        fields = requests.named(self.read(requests.NewCompany))
        asked = requests.onboarding(fields, self.caller.environment)
        made = onboarding.onboard(self.organization, by=self.by, **asked)
        return Response(responses.Company.of(made.company), status=201)


class Company(FlowieView):
    """One company; a tenant key sees its own (FLO-16)."""

    access = {
        "GET": to_read(Ability.ACCOUNT_READ, kinds=PROGRAMS),
        "PATCH": OF_PLATFORM,
        "DELETE": OF_PLATFORM,
    }

    @extend_schema(**openapi.GET_COMPANY)
    def get(self, request: Any, company_id: str) -> Response:
        return Response(responses.Company.of(self.company_at(company_id)))

    @extend_schema(**openapi.UPDATE_COMPANY)
    def patch(self, request: Any, company_id: str) -> Response:
        company, fields = self.open_company_at(company_id), self.read(requests.CompanyChanges)
        changes = requests.changes(company, fields)
        named = [fields["peppolId"]] if fields.get("peppolId") else None
        companies.revise(company, changes, identifiers=named, register=True, by=self.by)
        return Response(responses.Company.of(self.company_at(company_id)))

    @extend_schema(**openapi.DEREGISTER_COMPANY)
    def delete(self, request: Any, company_id: str) -> Response:
        company = self.company_at(company_id)
        if company.deleted_at is None:
            companies.remove(company, by=self.by)
        return Response(status=204)
