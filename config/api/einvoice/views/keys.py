"""API keys of tenants (EIN-20 to EIN-28)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys import tokens
from apikeys.models import ApiKey
from apikeys.scopes import Ability
from apikeys.services import keys
from config.api.einvoice import openapi as doc
from config.api.einvoice import requests
from config.api.einvoice.responses import IssuedKeyAnswer, KeyAnswer, KeyListAnswer, Part
from config.api.einvoice.surface import of_admins
from config.api.einvoice.views.tenants import TenantsView
from config.api.kit.paths import row_at
from tenants.errors import NotFound


class KeysView(TenantsView):
    """Shared by all that has to do with a tenant's keys."""

    access = of_admins(Ability.KEYS_READ, Ability.KEYS_WRITE)

    def keys(self, tenant_id: str) -> QuerySet[ApiKey]:
        """The tenant's keys that were not revoked."""
        return ApiKey.objects.live().of(self.tenant(tenant_id))

    def tenant_key(self, tenant_id: str, key_id: str) -> ApiKey:
        """One of the tenant's keys that were not revoked. Raises NotFound.

        Clients that kept nothing but the value name a key by that: it is looked for by its digest.
        """
        rows = self.keys(tenant_id)
        if not tokens.is_well_formed(key_id):
            return row_at(rows, key_id, what="API key")
        row = rows.filter(digest=tokens.digest(key_id)).first()
        if row is None:
            raise NotFound("API key")
        return row


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
