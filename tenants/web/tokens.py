"""Tokens of people: a refresh token is good once, and a new factor ends all that was open."""

import time
from typing import Any

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
    """allauth's, whose refresh tokens lie in a session that two requests at once both read."""

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
        return renewed


def factor_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    """End every session and token of a person but the page on which they add a second factor."""
    if authenticator.type not in _FACTORS:
        return
    User.objects.filter(pk=user.pk).update(sign_in_version=F("sign_in_version") + 1)
    user.refresh_from_db(fields=["sign_in_version"])
    update_session_auth_hash(request, user)
