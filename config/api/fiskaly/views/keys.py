"""API keys (FIS-36 to FIS-45)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys import tokens
from apikeys.models import ApiKey
from apikeys.scopes import Ability
from apikeys.services import keys
from config.api.fiskaly import listings, requests
from config.api.fiskaly.openapi import operations as doc
from config.api.fiskaly.responses import DONE, ApiKeyAnswer, ApiKeyListAnswer, Part
from config.api.fiskaly.surface import FiskalyView, access_to
from config.api.kit.paths import row_at
from tenants.access.roles import Area
from tenants.models import Environment, Organization

# Secrets of this surface are 43 letters and digits; these come before the 36 of every key.
_LETTERS = 7


class KeysView(FiskalyView):
    """Shared by all that has to do with an organization's keys."""

    access = access_to(reads=Ability.KEYS_READ, writes=Ability.KEYS_WRITE, test_keys=True)
    area = Area.KEYS

    def key_of(self, organization: Organization, key_id: str) -> ApiKey:
        """One of its keys that was not revoked. Raises NotFound."""
        rows = self.caller.reached(ApiKey.objects.live().of(organization))
        rows = rows.select_related("organization")
        return row_at(rows, key_id, what="API key")


class Keys(KeysView):
    """The keys of an organization."""

    bears_secret = True

    @extend_schema(**doc.LIST_KEYS)
    def get(self, request: Any, organization_id: str) -> Response:
        organization, query = self.organization_of(organization_id), self._query()
        rows = self.caller.reached(listings.keys(organization, query))
        part = Part(listings.part(rows, query), rows.count())
        return Response(ApiKeyListAnswer.of(part))

    def _query(self) -> dict[str, Any]:
        query: dict[str, Any] = self.read_query(requests.KeyListing)
        return query

    @extend_schema(**doc.CREATE_KEY)
    def post(self, request: Any, organization_id: str) -> Response:
        organization, fields = self.changeable(organization_id), self.read(requests.KeyFields)
        row, secret = keys.issue(
            organization,
            name=fields["name"],
            metadata=fields.get("metadata"),
            by=self.by,
            kind=self._kind(organization),
            environment=self._environment(organization),
            created_by=self.caller.user,
            enabled=fields["status"] == "enabled",
            only_of_its_name=True,
            prefix=tokens.letters(_LETTERS),
        )
        return Response(ApiKeyAnswer.of(row, secret=secret))

    def _kind(self, organization: Organization) -> str:
        """A platform's key reaches its companies, unless the caller itself does not."""
        wide = organization.is_platform and self.caller.manages_through(organization)
        return ApiKey.Kind.PLATFORM if wide else ApiKey.Kind.COMPANY

    def _environment(self, organization: Organization) -> str:
        """LIVE keys are made by LIVE tokens, for LIVE organizations (C-47)."""
        both = {self.caller.environment, organization.environment} == {Environment.LIVE}
        return Environment.LIVE if both else Environment.TEST


class Key(KeysView):
    """One key."""

    @extend_schema(**doc.GET_KEY)
    def get(self, request: Any, organization_id: str, key_id: str) -> Response:
        return Response(ApiKeyAnswer.of(self.key_of(self.organization_of(organization_id), key_id)))

    def _update(self, organization_id: str, key_id: str) -> Response:
        row = self.key_of(self.changeable(organization_id), key_id)
        fields = self.read(requests.KeyChanges)
        enabled = fields["status"] == "enabled" if "status" in fields else None
        changes = {"metadata": fields["metadata"] or {}} if "metadata" in fields else {}
        return Response(ApiKeyAnswer.of(keys.update(row, changes, enabled=enabled, by=self.by)))

    @extend_schema(**doc.UPDATE_KEY)
    def patch(self, request: Any, organization_id: str, key_id: str) -> Response:
        return self._update(organization_id, key_id)

    @extend_schema(**doc.REPLACE_KEY)
    def put(self, request: Any, organization_id: str, key_id: str) -> Response:
        return self._update(organization_id, key_id)

    @extend_schema(**doc.DELETE_KEY)
    def delete(self, request: Any, organization_id: str, key_id: str) -> Response:
        keys.revoke(self.key_of(self.changeable(organization_id), key_id), by=self.by)
        return Response(DONE)
