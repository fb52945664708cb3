"""The shape of a key: a prefix, 30 random base62 characters and a checksum of six."""

import hashlib
import hmac
import secrets
import zlib
from string import ascii_letters, digits

from django.conf import settings

BASE62 = digits + ascii_letters
_RANDOM, _CHECKSUM = 30, 6


def generate(prefix: str) -> str:
    """Make a key that begins with `prefix`, such as `einv_prod_`: 178 random bits."""
    body = prefix + letters(_RANDOM)
    return body + _checksum(body)


def letters(number: int) -> str:
    """That many random letters and digits."""
    return "".join(secrets.choice(BASE62) for _ in range(number))


def is_well_formed(token: str) -> bool:
    """Whether the checksum holds: a typo is found without asking the database."""
    body, checksum = token[:-_CHECKSUM], token[-_CHECKSUM:]
    return (
        len(body) > _RANDOM
        and token.isascii()
        and len(token) <= 255
        and hmac.compare_digest(_checksum(body), checksum)
    )


def digest(token: str) -> str:
    """What is stored instead of a key: HMAC-SHA-256 under the installation's pepper, in hex."""
    return hmac.new(settings.API_KEY_PEPPER.encode(), token.encode(), hashlib.sha256).hexdigest()


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    found = []
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, 62)
        found.append(BASE62[digit])
    return "".join(reversed(found))
