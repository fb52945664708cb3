"""API keys."""

from apikeys.models import ApiKey
from config.api.flowie.requests.keys import KEY_TYPES
from config.api.flowie.responses.parts import CompanyId, NextCursor
from config.api.kit.answers import Answer, Choice, Text, Texts, Time
from tenants.ids import spell
from tenants.models import Environment

WHITE_LABEL = "flw_wl_"


def _key_type(row: ApiKey) -> str:
    if row.kind != ApiKey.Kind.PLATFORM:
        return "company"
    return "white_label" if row.prefix.startswith(WHITE_LABEL) else "platform"


class Key(Answer):
    """An API key without its value."""

    id = Text(lambda row: spell("key", row.pk))
    keyPrefix = Text("prefix")
    name = Text()
    keyType = Choice([*KEY_TYPES, "company"], _key_type)
    companyId = CompanyId(
        lambda row: row.organization_id if row.kind == ApiKey.Kind.COMPANY else None,
        allow_null=True,
    )
    scopes = Texts()
    environment = Choice(Environment)
    status = Choice(["active", "disabled", "expired"], "state")
    createdAt = Time("created_at")
    lastUsedAt = Time("last_used_at", allow_null=True)
    expiresAt = Time("expires_at", allow_null=True)


class IssuedKey(Key):
    """An API key with its value, which is shown this once."""

    key = Text()


class ApiKeysPage(Answer):
    """A page of API keys."""

    apiKeys = Key(many=True, source="rows")
    nextCursor = NextCursor()
