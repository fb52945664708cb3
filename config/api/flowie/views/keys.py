"""Platform keys, and the keys of companies (FLO-01 to FLO-05, FLO-14, FLO-47)."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.models import ApiKey
from apikeys.scopes import Ability
from apikeys.services import keys
from config.api.flowie.openapi import keys as openapi
from config.api.flowie.requests import keys as requests
from config.api.flowie.requests.parts import Page, Rotation
from config.api.flowie.responses import keys as responses
from config.api.flowie.surface import FlowieView
from config.api.kit.access import PEOPLE, PLATFORMS, Access, to_read
from config.api.kit.paths import id_of, row_at
from tenants.errors import Forbidden
from tenants.models import Organization


def _access(kinds: tuple[str, ...]) -> dict[str, Access]:
    """Keys see and change keys of their own environment only; people those of both."""
    changes = Access(kinds, (Ability.KEYS_WRITE,), test_keys=True)
    return {"GET": to_read(Ability.KEYS_READ, kinds=kinds), "POST": changes, "DELETE": changes}


class KeysView(FlowieView):
    """Shared by all that has to do with keys."""

    access = _access((*PLATFORMS, *PEOPLE))

    def keys(self) -> QuerySet[ApiKey]:
        """The platform's keys and its companies'; a key sees those of its own environment."""
        found = ApiKey.objects.live().visible_to(self.organization).select_related("organization")
        known = self.caller.kind == "platform"
        return found.filter(environment=self.caller.environment) if known else found

    def key_at(self, key_id: str) -> ApiKey:
        """The row of that id. Raises NotFound for an unknown or foreign id alike."""
        return row_at(self.keys(), key_id, what="API key")


class OwnKeys(KeysView):
    """The keys of the platform itself, for people who have signed in."""

    access = _access(PEOPLE)
    bears_secret = True

    @extend_schema(**openapi.LIST_OWN_KEYS)
    def get(self, request: Any) -> Response:
        rows = self.keys().filter(organization=self.organization, kind=ApiKey.Kind.PLATFORM)
        page = self.page(rows, self.read_query(Page), f"{self.organization.pk}:own-keys")
        return Response(responses.ApiKeysPage.of(page))

    @extend_schema(**openapi.ISSUE_PLATFORM_KEY)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.PlatformKeyFields)
        self._check_entitled(fields["keyType"])
        row, secret = self._issue(fields)
        return Response(responses.IssuedKey.of(row, key=secret), status=201)

    def _issue(self, fields: dict[str, Any]) -> tuple[ApiKey, str]:
        return keys.issue(
            self.organization,
            name=fields["name"],
            kind=ApiKey.Kind.PLATFORM,
            prefix=requests.key_prefix(fields["keyType"], fields["environment"]),
            environment=fields["environment"],
            scopes=fields["scopes"],
            by=self.by,
            created_by=self.caller.user,
        )

    def _check_entitled(self, key_type: str) -> None:
        if key_type == "white_label" and not self.organization.white_label:
            sentence = "A white-label key needs the white-label entitlement."
            raise Forbidden(sentence, code="white_label_required")


class Keys(KeysView):
    """All keys of the platform and of its companies."""

    @extend_schema(**openapi.LIST_KEYS)
    def get(self, request: Any) -> Response:
        query, rows = self.read_query(requests.KeyListing), self.keys()
        if "companyId" in query:
            rows = rows.filter(organization=id_of(query["companyId"]))
        if "kind" in query:
            rows = rows.filter(kind=query["kind"])
        page = self.page(rows, query, f"{self.organization.pk}:keys")
        return Response(responses.ApiKeysPage.of(page))


class Key(KeysView):
    """One key."""

    @extend_schema(**openapi.GET_KEY)
    def get(self, request: Any, key_id: str) -> Response:
        return Response(responses.Key.of(self.key_at(key_id)))

    @extend_schema(**openapi.REVOKE_KEY)
    def delete(self, request: Any, key_id: str) -> Response:
        keys.revoke(self.key_at(key_id), by=self.by)
        return Response(status=204)


class KeyRotation(KeysView):
    """Gives a key a successor; both are good until the overlap is over."""

    bears_secret = True

    @extend_schema(**openapi.ROTATE_KEY)
    def post(self, request: Any, key_id: str) -> Response:
        key, wish = self.key_at(key_id), self.read(Rotation)
        overlap = timedelta(seconds=wish["overlapSeconds"])
        row, secret = keys.rotate(key, overlap=overlap, by=self.by)
        return Response(responses.IssuedKey.of(row, key=secret), status=201)


class CompanyKeys(KeysView):
    """The tenant keys of one company."""

    access = _access(PLATFORMS)
    bears_secret = True

    @extend_schema(**openapi.LIST_COMPANY_KEYS)
    def get(self, request: Any, company_id: str) -> Response:
        company = self.company_at(company_id)
        rows, query = self.keys().filter(organization=company), self.read_query(Page)
        page = self.page(rows, query, f"{company.pk}:keys")
        return Response(responses.ApiKeysPage.of(page))

    @extend_schema(**openapi.ISSUE_TENANT_KEY)
    def post(self, request: Any, company_id: str) -> Response:
        company, fields = self.open_company_at(company_id), self.read(requests.TenantKeyFields)
        row, secret = self._issue(company, fields)
        return Response(responses.IssuedKey.of(row, key=secret), status=201)

    def _issue(self, company: Organization, fields: dict[str, Any]) -> tuple[ApiKey, str]:
        return keys.issue(
            company,
            name=fields["name"],
            scopes=fields["scopes"],
            by=self.by,
            environment=company.environment,
            prefix=requests.key_prefix("company", company.environment),
        )
