"""Tokens of people: a refresh token is good once, and a new factor ends all that was open."""

import time
from typing import Any

import jwt
from allauth.headless.tokens.strategies.jwt import internal
from allauth.headless.tokens.strategies.jwt.strategy import JWTTokenStrategy
from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest

from tenants.models import User

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def use_up(id: str, *, until: float) -> bool:
    """Whether the token of that id was unused so far; of two that ask at once one is told so."""
    seconds = max(int(until - time.time()) + 60, 60)
    return bool(cache.add(f"used-token:{id}", True, timeout=seconds))


class TokenStrategy(JWTTokenStrategy):
    """allauth's, whose refresh tokens lie in a session that two requests at once both read.

    Its tokens do not say from when they are: a clock that was set back would refuse them all.
    """

    def create_access_token(self, request: HttpRequest) -> str | None:
        return _without_its_time(super().create_access_token(request))

    def create_access_token_payload(self, request: HttpRequest) -> dict[str, Any] | None:
        said: dict[str, Any] | None = super().create_access_token_payload(request)
        if said and "refresh_token" in said:
            said["refresh_token"] = _without_its_time(said["refresh_token"])
        return said

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        """The next pair. A token that comes again was stolen from one side or the other, so its
        session ends."""
        said = internal.decode_token(refresh_token, "refresh")
        if said is None:
            return None
        if not use_up(said["jti"], until=said["exp"]):
            session = internal.get_token_session(said)
            if session is not None:
                session.flush()
            return None
        renewed: tuple[str, str] | None = super().refresh_token(refresh_token)
        return renewed and (
            _without_its_time(renewed[0]) or "",
            _without_its_time(renewed[1]) or "",
        )


def _without_its_time(token: str | None) -> str | None:
    """The token without the time at which it was made, which nobody needs to know."""
    if not token:
        return token
    claims = jwt.decode(token, options={"verify_signature": False})
    claims.pop("iat", None)
    config = internal._get_jwt_config()
    headers = internal.get_jwt_headers(config)
    return jwt.encode(claims, config.signing_key, algorithm=config.algorithm, headers=headers)


def factor_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    """End every session and token of a person but the page on which they add a second factor."""
    if authenticator.type not in _FACTORS:
        return
    User.objects.filter(pk=user.pk).update(sign_in_version=F("sign_in_version") + 1)
    user.refresh_from_db(fields=["sign_in_version"])
    update_session_auth_hash(request, user)
