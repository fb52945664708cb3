"""ConnectedBusinessService: the businesses under a platform (INV-15 to 29, INV-42, 43)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from apikeys.services import clients, registration
from config.api.invora import filters, requests, responses
from config.api.invora.openapi import businesses as openapi
from config.api.invora.responses import businesses as answers
from config.api.invora.surface import PlatformView
from config.api.kit import cursors
from config.api.kit.access import PEOPLE, PLATFORMS, Access, to_read
from config.api.kit.paths import company_at, id_of
from peppol.services.companies import companies
from tenants import search
from tenants.errors import WrongState
from tenants.models import Organization
from tenants.models.organizations import OrganizationQuerySet
from tenants.services import organizations

_KINDS = (*PLATFORMS, *PEOPLE)
# A test key finds none but test organizations.
_GOVERNED = Access(_KINDS, (Ability.COMPANIES_GOVERN,), test_keys=True)


class BusinessesView(PlatformView):
    """Shared by all that has to do with Connected Businesses."""

    def businesses(self) -> OrganizationQuerySet:
        """The platform's live companies, whichever surface made them."""
        return self.caller.reached(Organization.objects.under(self.organization))

    def business(self, tenant_id: str) -> Organization:
        """That business. Raises NotFound for an unknown or foreign id alike (INV-24, INV-25)."""
        return company_at(self, id_of(tenant_id), what="Connected Business")


class Businesses(BusinessesView):
    """The way to a new one."""

    access = {"POST": Access(_KINDS, (Ability.COMPANIES_WRITE,), test_keys=True)}
    bears_secret = True

    @extend_schema(**openapi.CREATE_BUSINESS)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.NewBusiness)
        company = requests.company(fields, country=self.organization.country)
        business, made = registration.connect(
            self.organization,
            self.caller.confined(company),
            by=self.by,
            admin_email=fields.get("adminEmail", ""),
        )
        shown = answers.ConnectedBusiness.of(business)
        return Response(answers.Connected.of(made, connectedBusiness=shown))


class Listing(BusinessesView):
    """All of them, newest first, in pages (INV-21, INV-22)."""

    access = {"POST": to_read(Ability.COMPANIES_READ, kinds=_KINDS)}

    @extend_schema(**openapi.LIST_BUSINESSES)
    def post(self, request: Any) -> Response:
        wanted = self.read(requests.Search)
        text, statuses = wanted["textSearch"], filters.statuses(wanted)
        scope = f"{self.organization.pk}:{','.join(statuses)}:{text}"
        found = self.businesses().filter(**({"status__in": statuses} if statuses else {}))
        if text:
            found = search.narrow(found, text, within=self.organization)
        page = cursors.page(found, **requests.paging(wanted), scope=scope)
        total = found.count() if text or statuses else self.caller.count_companies()
        return Response(answers.BusinessList.about(page, total))


class Business(BusinessesView):
    """One business."""

    access = {
        "GET": to_read(Ability.COMPANIES_READ, kinds=_KINDS),
        "PUT": Access(_KINDS, (Ability.COMPANIES_WRITE,), test_keys=True),
        "DELETE": _GOVERNED,
    }

    @extend_schema(**openapi.GET_BUSINESS)
    def get(self, request: Any, tenant_id: str) -> Response:
        return Response(answers.OneBusiness.of(self.business(tenant_id)))

    @extend_schema(**openapi.UPDATE_BUSINESS)
    def put(self, request: Any, tenant_id: str) -> Response:
        business, changes = self.business(tenant_id), self.read(requests.BusinessChanges)
        row = organizations.update(business, requests.changes(changes), by=self.by)
        return Response(answers.OneBusiness.of(row))

    @extend_schema(**openapi.REMOVE_BUSINESS)
    def delete(self, request: Any, tenant_id: str) -> Response:
        business = self.business(tenant_id)
        if business.status not in (Organization.Status.SUSPENDED, Organization.Status.CLOSED):
            raise WrongState("Suspend a Connected Business before you remove it.")
        companies.remove(business, by=self.by)
        return Response({})


class Suspension(BusinessesView):
    """Stops one: its people and its credentials."""

    access = {"POST": _GOVERNED}

    @extend_schema(**openapi.SUSPEND_BUSINESS)
    def post(self, request: Any, tenant_id: str) -> Response:
        business, reason = self.business(tenant_id), self.read(requests.Reason)["reason"]
        return Response(
            answers.OneBusiness.of(organizations.suspend(business, reason=reason, by=self.by))
        )


class RotateCredentials(BusinessesView):
    """A new secret for one's machine client."""

    access = {"POST": Access(_KINDS, (Ability.KEYS_WRITE,), test_keys=True)}
    bears_secret = True

    @extend_schema(**openapi.ROTATE_CREDENTIALS)
    def post(self, request: Any, tenant_id: str) -> Response:
        return Response(
            responses.Credentials.of(clients.rotate(self.business(tenant_id), by=self.by))
        )


class Reactivation(BusinessesView):
    """Lets one go on."""

    access = {"POST": _GOVERNED}

    @extend_schema(**openapi.REACTIVATE_BUSINESS)
    def post(self, request: Any, tenant_id: str) -> Response:
        return Response(
            answers.OneBusiness.of(organizations.reactivate(self.business(tenant_id), by=self.by))
        )
