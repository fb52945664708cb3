"""Organizations, managed and main ones (FIS-10 to FIS-35)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.fiskaly import listings, references, requests
from config.api.fiskaly.openapi import operations as doc
from config.api.fiskaly.responses import DONE, OrganizationAnswer, OrganizationListAnswer, Part
from config.api.fiskaly.surface import FiskalyView, access_to
from config.api.kit.access import EVERYBODY, NOT_CLOSED, Access
from peppol.services.companies import companies
from tenants.errors import Forbidden
from tenants.models import Environment, Organization
from tenants.services import organizations


class Organizations(FiskalyView):
    """All organizations that the caller reaches."""

    access = access_to(reads=Ability.COMPANIES_READ, writes=Ability.COMPANIES_WRITE, test_keys=True)

    @extend_schema(**doc.LIST_ORGANIZATIONS)
    def get(self, request: Any) -> Response:
        query = self.read_query(requests.OrganizationListing)
        seen = self.caller.reached(self.caller.organizations(self.area))
        rows = listings.organizations(seen, query)
        narrowed = rows is not seen
        total = rows.count() if narrowed else self.caller.count_organizations(self.area)
        return Response(OrganizationListAnswer.of(Part(self._listed(rows, query), total)))

    def _listed(self, rows: Any, query: dict[str, Any]) -> list[Organization]:
        apart = self.caller.apart(self.area)
        if apart is None:
            return listings.part(rows, query)
        many, few = (listings.organizations(self.caller.reached(one), query) for one in apart)
        return listings.part_of_two(rows, many, few, query)

    @extend_schema(**doc.CREATE_ORGANIZATION)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.OrganizationFields)
        profile = requests.organization_columns(fields)
        parent = fields.get("managed_by_organization_id")
        made = self._managed(parent, profile) if parent else self._main(profile)
        return Response(OrganizationAnswer.of(made))

    def _managed(self, parent: UUID, profile: dict[str, Any]) -> Organization:
        """One that the caller, or an organization it has made, is to manage (FIS-20)."""
        platform = self.caller.organizations(self.area).filter(pk=parent).first()
        if platform is None or not self.caller.manages_through(platform):
            raise Forbidden("You may not manage organizations through this one.")
        maker = None if platform == self.organization else self.organization
        made = Organization(parent=platform, created_by_organization=maker)
        references.check_organization(self.caller, profile, made)
        profile["environment"] = Environment.TEST
        return organizations.create_company(platform, profile, maker=maker, by=self.by)

    def _main(self, profile: dict[str, Any]) -> Organization:
        """One that nobody manages; the caller keeps access to it (FIS-16, C-47a)."""
        maker = self.organization
        if not (maker.is_platform and self.caller.manages_through(maker)):
            raise Forbidden("Only a platform makes organizations.", code="not_a_platform")
        made = Organization(created_by_organization=maker)
        references.check_organization(self.caller, profile, made)
        profile["environment"] = Environment.LIVE if self._is_live(profile) else Environment.TEST
        return organizations.create(Organization.Kind.BUSINESS, profile, maker=maker, by=self.by)

    def _is_live(self, profile: dict[str, Any]) -> bool:
        """LIVE takes a LIVE token and somebody LIVE who pays (FIS-35)."""
        live = Organization.objects.filter(environment=Environment.LIVE)
        payer = profile.get("bill_to_id")
        return (
            self.caller.environment == Environment.LIVE
            and payer is not None
            and live.filter(pk=payer).exists()
        )


class OneOrganization(FiskalyView):
    """One organization."""

    access = {
        **access_to(reads=Ability.COMPANIES_READ, writes=Ability.COMPANIES_WRITE),
        "DELETE": Access(EVERYBODY, (Ability.COMPANIES_WRITE,)),
    }

    @extend_schema(**doc.GET_ORGANIZATION)
    def get(self, request: Any, organization_id: str) -> Response:
        return Response(OrganizationAnswer.of(self.organization_of(organization_id)))

    def _update(self, organization_id: str) -> Response:
        """PATCH and PUT alike: what is left out stays (FIS-22, FIS-23)."""
        row = self.changeable(organization_id)
        fields = self.read(requests.OrganizationFields, partial=True)
        references.check_parent(row, fields)
        profile = requests.organization_columns(fields)
        references.check_organization(self.caller, profile, row)
        return Response(OrganizationAnswer.of(organizations.update(row, profile, by=self.by)))

    @extend_schema(**doc.UPDATE_ORGANIZATION)
    def patch(self, request: Any, organization_id: str) -> Response:
        return self._update(organization_id)

    @extend_schema(**doc.REPLACE_ORGANIZATION)
    def put(self, request: Any, organization_id: str) -> Response:
        return self._update(organization_id)

    @extend_schema(**doc.DELETE_ORGANIZATION)
    def delete(self, request: Any, organization_id: str) -> Response:
        row = self.changeable(organization_id)
        self.demand(self.caller.may_end(row))
        if row.is_platform:
            raise Forbidden("Ask the operator to delete a platform.", code="platform")
        companies.remove(row, by=self.by)
        return Response(DONE)


class EnableEnv(FiskalyView):
    """Lets an organization go live; there is no way back (FIS-32 to FIS-34)."""

    access = {"POST": Access(EVERYBODY, (Ability.COMPANIES_WRITE,), states=NOT_CLOSED)}

    @extend_schema(**doc.ENABLE_ENV)
    def post(self, request: Any, organization_id: str) -> Response:
        row = self.changeable(organization_id)
        wanted = self.read(requests.Environments)["env"]
        self.demand(self.caller.governs(row))
        if wanted == "LIVE":
            self.demand(self.caller.goes_live(row))
            organizations.enable_live(row, by=self.by)
        return Response(DONE)
