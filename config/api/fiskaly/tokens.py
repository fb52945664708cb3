"""The JSON Web Tokens that stand for whoever proved who they are.

A token opens nothing by itself: whoever it names is read again on every request.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import jwt
from django.utils.crypto import salted_hmac

from config.api.fiskaly.callers import FiskalyCaller
from tenants.ids import read, uuid7

Use = Literal["access", "refresh"]

SECONDS: dict[Use, int] = {"access": 300, "refresh": 24 * 3600}
_ALGORITHM = "HS256"
_MOST = 4096


@dataclass(frozen=True)
class Token:
    """What a token says: whom it stands for, where, and the stamp they had then."""

    kind: str
    id: UUID
    organization_id: UUID
    environment: str
    stamp: str


def grant(caller: FiskalyCaller) -> dict[str, Any]:
    """A pair of tokens for `caller`, as the API answers it; times are Unix seconds."""
    assert caller.organization is not None  # noqa: S101 — for the type checker
    now = int(time.time())
    shown = {
        "env": caller.environment.upper(),
        "organization_id": str(caller.organization.pk),
    }
    answer: dict[str, Any] = {}
    for use, name in (("access", "access_token"), ("refresh", "refresh_token")):
        ends = now + SECONDS[use]  # type: ignore[index]
        answer[name] = _sign(caller, use, shown, now, ends)
        if use == "access":
            answer[f"{name}_claims"] = shown
        answer[f"{name}_expires_in"] = ends - now
        answer[f"{name}_expires_at"] = ends
    return answer


def read_token(text: str, use: Use) -> Token | None:
    """What a token says, or None for one that is not ours, is over, or is for another use."""
    if not text.isascii() or len(text) > _MOST:
        return None
    needed = ["exp", "sub", "use", "organization_id", "env"]
    try:
        claims = jwt.decode(text, _key(), algorithms=[_ALGORITHM], options={"require": needed})
    except jwt.InvalidTokenError:
        return None
    kind, _, id = str(claims["sub"]).partition(":")
    subject, organization = read(id), read(str(claims["organization_id"]))
    if claims["use"] != use or subject is None or organization is None:
        return None
    environment = str(claims["env"]).lower()
    return Token(kind, subject, organization, environment, str(claims.get("stamp", "")))


def _sign(caller: FiskalyCaller, use: str, shown: dict[str, str], now: int, ends: int) -> str:
    kind = "user" if caller.user else "key"
    claims = {
        **shown,
        "sub": f"{kind}:{caller.identity}",
        "use": use,
        "stamp": caller.stamp,
        "iat": now,
        "exp": ends,
        "jti": str(uuid7()),
    }
    return jwt.encode(claims, _key(), algorithm=_ALGORITHM)


def _key() -> bytes:
    """A key of the installation that signs nothing else."""
    return salted_hmac("config.api.fiskaly", "tokens", algorithm="sha256").digest()
