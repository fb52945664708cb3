"""What others answered us, as text that may be kept, shown and sent on.

Whoever we show a secret may say it back: a phoss SMP answers a token that it does not know with
the token. So every text from outside goes through here before anybody else sees it.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from django.conf import settings

STRUCK_OUT = "[removed]"
# Shorter ones would be struck out of ordinary words.
_SHORTEST = 4
_MOST_LETTERS = 500
_MARKUP = re.compile(r"<(style|script)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)


def without_secrets(text: str) -> str:
    """`text` with every secret that the installation holds struck out, however it is written.

    Cut a text only afterwards: half a secret is not known again.
    """
    pattern = _pattern(tuple(_secrets()))
    return pattern.sub(STRUCK_OUT, text) if pattern else text


def for_operator(text: str) -> str:
    """What somebody answered us, as the operator may read it: no markup, no secret, not endless.

    A tenant is never shown it: it may name addresses and logins of the inside.
    """
    plain = unescape(_MARKUP.sub(" ", text)) if "<" in text else text
    return " ".join(without_secrets(plain).split())[:_MOST_LETTERS]


def all_without_secrets(answer: Any) -> Any:
    """The same for whatever JSON holds."""
    if isinstance(answer, str):
        return without_secrets(answer)
    if isinstance(answer, dict):
        return {without_secrets(name): all_without_secrets(of) for name, of in answer.items()}
    if isinstance(answer, list):
        return [all_without_secrets(part) for part in answer]
    return answer


def read_json(body: bytes) -> Any:
    """What an answer holds, without any secret of ours.

    Raises ValueError where it is no JSON, or nested more deeply than anybody means it.
    """
    try:
        return all_without_secrets(json.loads(body))
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None


def _secrets() -> Iterator[str]:
    yield from (settings.SMP_TOKEN, settings.SMP_PASSWORD)
    yield b64encode(f"{settings.SMP_USERNAME}:{settings.SMP_PASSWORD}".encode()).decode()
    yield from (settings.ACCESS_POINT_TOKEN, settings.INBOUND_TOKEN)
    yield from (settings.SECRET_KEY, settings.API_KEY_PEPPER, *settings.ENCRYPTION_KEYS)
    yield from (settings.HEADLESS_JWT_PRIVATE_KEY, settings.IDP_OIDC_PRIVATE_KEY)
    yield str(settings.DATABASES["default"].get("PASSWORD") or "")
    yield urlsplit(settings.REDIS_URL).password or ""
    yield str(getattr(settings, "EMAIL_HOST_PASSWORD", "") or "")


@lru_cache(maxsize=8)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str] | None:
    kept = {secret for secret in secrets if len(secret) >= _SHORTEST}
    spelt = {form for secret in kept for form in _spellings(secret)}
    # The longest first: one may begin as another does.
    return (
        re.compile("|".join(map(re.escape, sorted(spelt, key=len, reverse=True))))
        if spelt
        else None
    )


def _spellings(secret: str) -> set[str]:
    """A secret as text, in JSON, in XML and in an address."""
    in_json = json.dumps(secret)[1:-1]
    return {
        secret,
        in_json,
        in_json.replace("/", "\\/"),
        escape(secret),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        b64encode(secret.encode()).decode(),
    }
