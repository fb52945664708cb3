"""API keys: what callers send of them, and what it is in our words."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apikeys.models import ApiKey
from config.api.flowie.requests.fields import PLATFORM_SCOPES, TENANT_SCOPES, Scopes, Strict
from config.api.flowie.requests.parts import Page
from config.api.kit.fields import Text
from peppol.services.companies.onboarding import KeyRequest
from tenants.models import Environment

KEY_TYPES = ("platform", "white_label")


class PlatformKeyFields(Strict):
    """A platform key that a person wants to have (FLO-01)."""

    name = Text(max_length=255)
    scopes = Scopes(PLATFORM_SCOPES, default=lambda: ["*"])
    keyType = serializers.ChoiceField(KEY_TYPES, default="platform")
    environment = serializers.ChoiceField(Environment.choices, default=Environment.TEST)


class TenantKeyFields(Strict):
    """A key of one company. Without scopes it may do all that a tenant may."""

    name = Text(max_length=255)
    scopes = Scopes(TENANT_SCOPES, default=lambda: list(TENANT_SCOPES))


class KeyListing(Page):
    """Whose keys are wanted."""

    companyId = Text(max_length=60, required=False)
    kind = serializers.ChoiceField(ApiKey.Kind.choices, required=False)


def key_prefix(kind: str, environment: str) -> str:
    """How keys begin: `flw_plat_live_`, `flw_wl_test_`, `flw_test_` (C-20)."""
    return {"platform": "flw_plat_", "white_label": "flw_wl_"}.get(kind, "flw_") + environment + "_"


def key_request(fields: Mapping[str, Any], environment: str) -> KeyRequest:
    """A tenant key that a new company is to have."""
    return KeyRequest(
        name=fields["name"],
        scopes=tuple(fields["scopes"]),
        prefix=key_prefix("company", environment),
        environment=environment,
    )
