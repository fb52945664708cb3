"""Registrations of tenants (EIN-29 to EIN-35)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.einvoice import openapi as doc
from config.api.einvoice import requests
from config.api.einvoice.responses import RegistrationStatusAnswer, peppol_ids
from config.api.einvoice.surface import of_admins
from config.api.einvoice.views.tenants import TenantsView
from peppol.models import Participant
from peppol.services.companies import companies
from peppol.services.registration import cards, follow_up, participants
from tenants.errors import Invalid, WrongState
from tenants.models import Organization


class PeppolView(TenantsView):
    """Shared by all that has to do with a tenant's registration."""

    access = of_admins(Ability.REGISTRATIONS_READ, Ability.REGISTRATIONS_WRITE)

    def status(self, tenant: Organization) -> dict[str, Any]:
        """How far its registration is now."""
        return RegistrationStatusAnswer.of(
            participants.leading(list(Participant.objects.of(tenant)))
        )


class PeppolStatus(PeppolView):
    """How far a tenant's registration is."""

    @extend_schema(**doc.PEPPOL_STATUS)
    def get(self, request: Any, tenant_id: str) -> Response:
        return Response(self.status(self.tenant(tenant_id)))


class PeppolRegister(PeppolView):
    """Asks for a tenant's registration and answers at once (C-09)."""

    @extend_schema(**doc.PEPPOL_REGISTER)
    def post(self, request: Any, tenant_id: str) -> Response:
        tenant, fields = self.tenant(tenant_id), self.read(requests.Registration)
        identifier = fields.get("peppol_id") or next(iter(peppol_ids(tenant)), None)
        if identifier is None:
            raise Invalid("field required", code="required", fields={"peppol_id": ["required"]})
        companies.enroll(tenant, identifier, card_name=fields.get("company_name") or "", by=self.by)
        return Response(self.status(tenant), status=202)


class PeppolBusinessCard(PeppolView):
    """Changes the name on a registered tenant's business card (EIN-32)."""

    @extend_schema(**doc.PEPPOL_BUSINESS_CARD)
    def post(self, request: Any, tenant_id: str) -> Response:
        tenant, fields = self.tenant(tenant_id), self.read(requests.BusinessCard)
        leading = participants.leading(list(tenant.participants.all()))
        if leading is None:
            raise WrongState("Tenant is not registered on Peppol", code="not_registered")
        cards.rename(leading, card_name=fields["company_name"], by=self.by)
        return Response(self.status(tenant), status=202)


class PeppolUnregister(PeppolView):
    """Takes a tenant off the network, wherever its registration stands; it may be repeated."""

    @extend_schema(**doc.PEPPOL_UNREGISTER)
    def post(self, request: Any, tenant_id: str) -> Response:
        tenant = self.tenant(tenant_id)
        follow_up.unregister_all(tenant, by=self.by)
        return Response(self.status(tenant), status=202)
