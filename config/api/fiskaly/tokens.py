"""The JSON Web Tokens that stand for whoever proved who they are.

A token opens nothing by itself: whoever it names is read again on every request.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import jwt
from django.utils.crypto import salted_hmac

from config.api.fiskaly import ids
from config.api.fiskaly.callers import FiskalyCaller
from config.api.fiskaly.responses import ClaimsAnswer
from tenants.ids import uuid7
from tenants.web.tokens import use_up

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
    number: str
    ends_at: int

    def use_up(self) -> bool:
        """Whether nobody showed it before: a refresh token is good once."""
        return use_up(self.number, until=self.ends_at)


@dataclass(frozen=True)
class Signed:
    """A token as it is handed out, with how long it is good, and until when."""

    text: str
    seconds: int
    ends_at: int


@dataclass(frozen=True)
class Grant:
    """A pair of tokens for a caller; times are Unix seconds."""

    caller: FiskalyCaller
    access: Signed
    refresh: Signed


def grant(caller: FiskalyCaller) -> Grant:
    """A pair of tokens for `caller`."""
    now = int(time.time())
    return Grant(caller, _sign(caller, "access", now), _sign(caller, "refresh", now))


def read_token(text: str, use: Use) -> Token | None:
    """What a token says, or None for one that is not ours, is over, or is for another use."""
    if not text.isascii() or len(text) > _MOST:
        return None
    needed = ["exp", "jti", "sub", "use", "organization_id", "env"]
    try:
        # Not from when it is: a clock that was set back would refuse all that it had made.
        options: Any = {"require": needed, "verify_iat": False}
        claims = jwt.decode(text, _key(), algorithms=[_ALGORITHM], options=options)
    except jwt.InvalidTokenError:
        return None
    kind, _, id = str(claims["sub"]).partition(":")
    subject, organization = ids.read(id), ids.read(str(claims["organization_id"]))
    if claims["use"] != use or subject is None or organization is None:
        return None
    environment = str(claims["env"]).lower()
    stamp, number = (str(claims.get(name, "")) for name in ("stamp", "jti"))
    return Token(kind, subject, organization, environment, stamp, number, int(claims["exp"]))


def _sign(caller: FiskalyCaller, use: Use, now: int) -> Signed:
    kind, ends = "user" if caller.user else "key", now + SECONDS[use]
    claims = {
        **ClaimsAnswer.of(caller),
        "sub": f"{kind}:{caller.identity}",
        "use": use,
        "stamp": caller.stamp,
        "iat": now,
        "exp": ends,
        "jti": str(uuid7()),
    }
    return Signed(jwt.encode(claims, _key(), algorithm=_ALGORITHM), SECONDS[use], ends)


def _key() -> bytes:
    """A key of the installation that signs nothing else."""
    return salted_hmac("config.api.fiskaly", "tokens", algorithm="sha256").digest()
