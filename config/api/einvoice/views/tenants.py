"""The Admin API's operations (EIN-01 to EIN-47)."""

from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.einvoice import openapi as doc
from config.api.einvoice import requests
from config.api.einvoice.responses import (
    AccountAnswer,
    IssuedKeyAnswer,
    KeyAnswer,
    KeyListAnswer,
    Part,
    RegistrationStatusAnswer,
    TenantAnswer,
    TenantListAnswer,
    peppol_ids,
)
from config.api.einvoice.surface import AdminView, TenantView
from config.api.kit.paths import row_at
from peppol.models import Participant
from peppol.services.companies import companies, onboarding
from peppol.services.registration import participants
from tenants.errors import Invalid, NotFound, WrongState
from tenants.models import Organization


class TenantsView(AdminView):
    """Shared by all that has to do with tenants."""

    def tenants(self) -> QuerySet[Organization]:
        """The caller's live companies, whichever surface made them."""
        return Organization.objects.under(self.organization).prefetch_related("participants")

    def tenant(self, tenant_id: str) -> Organization:
        """One of them. Raises NotFound for an unknown or foreign id alike (EIN-17, EIN-19)."""
        return row_at(self.tenants(), tenant_id, what="Tenant")

    def status(self, tenant: Organization) -> dict[str, Any]:
        """How far its registration is now."""
        return RegistrationStatusAnswer.of(
            participants.leading(list(Participant.objects.of(tenant)))
        )


class Tenants(TenantsView):
    """The tenants of a reseller, newest first (C-10)."""

    @extend_schema(**doc.LIST_TENANTS)
    def get(self, request: Any) -> Response:
        page = self.read_query(requests.Page)
        rows = self.tenants().order_by("-id")[page["skip"] : page["skip"] + page["limit"]]
        total = Organization.objects.under(self.organization).count()
        return Response(TenantListAnswer.of(Part(rows, total)))

    @extend_schema(**doc.CREATE_TENANT)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.TenantFields)
        identifier = next(iter(fields.get("peppol_ids") or []), None)
        made = onboarding.onboard(
            self.organization,
            requests.profile(fields),
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
        companies.revise(tenant, requests.profile(fields), identifiers=identifiers, by=self.by)
        return Response(TenantAnswer.of(self.tenant(tenant_id)))

    @extend_schema(**doc.DELETE_TENANT)
    def delete(self, request: Any, tenant_id: str) -> Response:
        companies.remove(self.tenant(tenant_id), by=self.by)
        return Response(status=204)


class KeysView(TenantsView):
    """Shared by all that has to do with a tenant's keys."""

    def keys(self, tenant_id: str) -> QuerySet[ApiKey]:
        """The tenant's keys that were not revoked."""
        return ApiKey.objects.live().of(self.tenant(tenant_id))

    def tenant_key(self, tenant_id: str, key_id: str) -> ApiKey:
        """One of them. Raises NotFound."""
        return row_at(self.keys(tenant_id), key_id, what="API key")


class Keys(KeysView):
    """The API keys of a tenant."""

    bears_secret = True

    @extend_schema(**doc.LIST_KEYS)
    def get(self, request: Any, tenant_id: str) -> Response:
        page, found = self.read_query(requests.Page), self.keys(tenant_id)
        rows = found.order_by("-id")[page["skip"] : page["skip"] + page["limit"]]
        return Response(KeyListAnswer.of(Part(rows, found.count())))

    @extend_schema(**doc.CREATE_KEY)
    def post(self, request: Any, tenant_id: str) -> Response:
        tenant, fields = self.tenant(tenant_id), self.read(requests.KeyFields)
        row, secret = keys.issue(
            tenant,
            name=fields["name"],
            description=fields.get("description") or "",
            by=self.by,
            environment=tenant.environment,
            prefix="einv_prod_" if tenant.environment == "live" else "einv_test_",
        )
        return Response(IssuedKeyAnswer.of(row, key=secret), status=201)


class LatestKey(KeysView):
    """The most recently created key that still lives (C-12)."""

    @extend_schema(**doc.LATEST_KEY)
    def get(self, request: Any, tenant_id: str) -> Response:
        row = self.keys(tenant_id).order_by("-id").first()
        if row is None:
            raise NotFound("API key")
        return Response(KeyAnswer.of(row))


class Key(KeysView):
    """One API key."""

    @extend_schema(**doc.UPDATE_KEY)
    def put(self, request: Any, tenant_id: str, key_id: str) -> Response:
        row, fields = self.tenant_key(tenant_id, key_id), self.read(requests.KeyChanges)
        changes = {name: value or "" for name, value in fields.items()}
        return Response(KeyAnswer.of(keys.update(row, changes, by=self.by)))

    @extend_schema(**doc.DELETE_KEY)
    def delete(self, request: Any, tenant_id: str, key_id: str) -> Response:
        keys.revoke(self.tenant_key(tenant_id, key_id), by=self.by)
        return Response(status=204)


class PeppolStatus(TenantsView):
    """How far a tenant's registration is."""

    @extend_schema(**doc.PEPPOL_STATUS)
    def get(self, request: Any, tenant_id: str) -> Response:
        return Response(self.status(self.tenant(tenant_id)))


class PeppolRegister(TenantsView):
    """Asks for a tenant's registration and answers at once (C-09)."""

    @extend_schema(**doc.PEPPOL_REGISTER)
    def post(self, request: Any, tenant_id: str) -> Response:
        tenant, fields = self.tenant(tenant_id), self.read(requests.Registration)
        identifier = fields.get("peppol_id") or next(iter(peppol_ids(tenant)), None)
        if identifier is None:
            raise Invalid("field required", code="required", fields={"peppol_id": ["required"]})
        companies.enroll(tenant, identifier, card_name=fields.get("company_name") or "", by=self.by)
        return Response(self.status(tenant), status=202)


class PeppolBusinessCard(TenantsView):
    """Changes the name on a registered tenant's business card (EIN-32)."""

    @extend_schema(**doc.PEPPOL_BUSINESS_CARD)
    def post(self, request: Any, tenant_id: str) -> Response:
        tenant, fields = self.tenant(tenant_id), self.read(requests.BusinessCard)
        leading = participants.leading(list(tenant.participants.all()))
        if leading is None:
            raise WrongState("Tenant is not registered on Peppol", code="not_registered")
        participants.update_card(leading, card_name=fields["company_name"], by=self.by)
        return Response(self.status(tenant), status=202)


class PeppolUnregister(TenantsView):
    """Takes a tenant off the network, wherever its registration stands; it may be repeated."""

    @extend_schema(**doc.PEPPOL_UNREGISTER)
    def post(self, request: Any, tenant_id: str) -> Response:
        tenant = self.tenant(tenant_id)
        participants.unregister_all(tenant, by=self.by)
        return Response(self.status(tenant), status=202)


class Me(TenantView):
    """The account that a tenant's own key opens (EIN-40)."""

    @extend_schema(**doc.ME)
    def get(self, request: Any) -> Response:
        prefetch_related_objects([self.organization], "participants")
        return Response(AccountAnswer.of(self.organization))
