"""The OIDC provider as organizations use it: client credentials, and nothing for browsers."""

from typing import Any

import jwt
from allauth.core.internal import jwkkit
from allauth.idp.oidc.adapter import DefaultOIDCAdapter, get_adapter
from allauth.idp.oidc.internal.oauthlib import server
from oauthlib.common import Request
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
        access_token["aud"] = self.get_issuer()
        access_token["tenantId"] = spell("tenant", machine.organization_id)

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Announce what there is."""
        for name in _NOT_OFFERED:
            data.pop(name, None)
        data["grant_types_supported"] = ["client_credentials"]
        # Something has to stand there (RFC 8414, 2), and nobody answers to any of them here.
        data["response_types_supported"] = ["none"]
        data["scopes_supported"] = ["openid", "profile", "email", "api"]
        data["token_endpoint_auth_methods_supported"] = [
            "client_secret_basic",
            "client_secret_post",
        ]


def name_access_tokens() -> None:
    """Have access tokens say that they are such (RFC 9068, 2.1), as the library does not."""
    plain = server.generate_jwt_access_token

    def generate(request: Request) -> str:
        token = plain(request)
        claims = jwt.decode(token, options={"verify_signature": False})
        header = {**jwt.get_unverified_header(token), "typ": "at+jwt"}
        _, private_key = jwkkit.load_jwk_from_pem(get_adapter().get_signing_key().pem)
        return jwt.encode(claims, private_key, algorithm="RS256", headers=header)

    setattr(server, "generate_jwt_access_token", generate)  # noqa: B010
