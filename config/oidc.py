"""The OIDC provider as organizations use it: client credentials, and nothing for browsers."""

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from oauthlib.oauth2.rfc6749.errors import InvalidClientError

from apikeys.models import MachineClient
from tenants.ids import spell

# What the library also announces, for flows in a browser that no client of ours may use.
_NOT_OFFERED = (
    "authorization_endpoint",
    "code_challenge_methods_supported",
    "device_authorization_endpoint",
    "end_session_endpoint",
    "userinfo_endpoint",
)


class Adapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """Tokens name the organization; a suspended one gets none."""

    def populate_access_token(self, access_token: dict[str, Any], **given: Any) -> None:
        """Add whose token it is. Raises InvalidClientError for who may not act now."""
        machine = (
            MachineClient.objects.select_related("organization__parent")
            .filter(client=given["client"], organization__deleted_at=None)
            .first()
        )
        if machine is None or not machine.organization.is_open:
            raise InvalidClientError(description="This organization is not active.")
        access_token["sub"] = access_token["client_id"]
        access_token["tenantId"] = spell("tenant", machine.organization_id)

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Announce what there is."""
        for name in _NOT_OFFERED:
            data.pop(name, None)
        data["grant_types_supported"] = ["client_credentials"]
        data["response_types_supported"] = []
        data["scopes_supported"] = ["openid", "profile", "email", "api"]
        data["token_endpoint_auth_methods_supported"] = [
            "client_secret_basic",
            "client_secret_post",
        ]
