"""The API keys that act for organizations (C-03)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.models import ApiKey
from apikeys.scopes import Ability
from apikeys.services import keys
from config.api.goroute import requests, responses
from config.api.goroute.openapi import operations as doc
from config.api.goroute.surface import GoRouteView
from config.api.kit.access import PLATFORMS, PREPARING, Access, to_read
from config.api.kit.callers import Caller
from config.api.kit.paths import row_at
from tenants.models import Environment, Organization


class Keys(GoRouteView):
    """The keys that act for one organization; a platform's key manages them (C-03)."""

    listed = "keys"
    access = {
        "GET": to_read(Ability.KEYS_READ, kinds=PLATFORMS),
        "POST": Access(PLATFORMS, (Ability.KEYS_WRITE,), test_keys=True, states=PREPARING),
    }
    bears_secret = True

    @extend_schema(**doc.LIST_KEYS)
    def get(self, request: Any, **path: str) -> Response:
        page = self.page(_keys_of(self.target, self.caller))
        return Response(responses.ApiKeysPage.of(page))

    @extend_schema(**doc.CREATE_KEY)
    def post(self, request: Any, **path: str) -> Response:
        organization, fields = self.target, self.read(requests.KeyFields)
        tests = Environment.TEST in (self.environment, fields.get("environment"))
        row, secret = keys.issue(
            organization,
            name=fields["name"],
            description=fields.get("description") or "",
            environment=Environment.TEST if tests else Environment.LIVE,
            expires_at=fields.get("expires_at"),
            by=self.by,
        )
        return Response(responses.KeyMade.of(row, key=secret), status=201)


class KeyDetails(GoRouteView):
    """One key of an organization."""

    access = {"DELETE": Access(PLATFORMS, (Ability.KEYS_WRITE,), test_keys=True)}

    @extend_schema(**doc.DELETE_KEY)
    def delete(self, request: Any, **path: str) -> Response:
        found = _keys_of(self.target, self.caller)
        keys.revoke(row_at(found, path["key_id"], what="API key"), by=self.by)
        return Response(status=204)


def _keys_of(organization: Organization, caller: Caller) -> Any:
    """Those of a company's kind; a test key sees test keys."""
    return caller.reached(ApiKey.objects.live().of(organization).filter(kind=ApiKey.Kind.COMPANY))
