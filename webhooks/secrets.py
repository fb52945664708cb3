"""Signing secrets: made or taken from the caller, kept encrypted."""

import base64
import binascii
import re
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext_noop

from tenants.encryption import decrypt, encrypt
from tenants.errors import Invalid

__all__ = [
    "check",
    "decrypt",
    "encrypt",
    "generate",
    "generate_signing_key",
    "key",
    "opened",
    "private_key",
    "public_key",
]

_PREFIX = "whsec_"
# Of how many secrets a process remembers what it decrypted or read.
_REMEMBERED = 4096
_GIVEN = re.compile(r"whsec_[\x21-\x7e]{8,250}|(?!whsec_)[\x21-\x7e]{16,256}")


def generate() -> str:
    """Make a secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def check(secret: str) -> str:
    """Return a secret that a caller chose. Raises Invalid for one that cannot be a secret."""
    if not _GIVEN.fullmatch(secret):
        sentence = gettext_noop(
            "A secret has 16 to 256 printable characters, or whsec_ and 8 to 250."
        )
        raise Invalid(sentence, code="invalid_secret", fields={"secret": [sentence]})
    return secret


@lru_cache(_REMEMBERED)
def opened(stored: str) -> str:
    """Decrypt as `decrypt` does, and remember: every delivery of an endpoint asks for the same."""
    return decrypt(stored)


@lru_cache(_REMEMBERED)
def key(secret: str) -> bytes:
    """The bytes that sign: what the base64 after `whsec_` says, or its letters where it is none."""
    text = secret.removeprefix(_PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return text.encode()


def generate_signing_key() -> str:
    """Make a private ed25519 key, `whsk_…`."""
    raw = Ed25519PrivateKey.generate().private_bytes_raw()
    return f"whsk_{base64.b64encode(raw).decode()}"


def public_key(signing_key: str) -> str:
    """The public half of a signing key, `whpk_…`, for receivers that check `v1a` signatures."""
    raw = private_key(signing_key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"whpk_{base64.b64encode(raw).decode()}"


@lru_cache(_REMEMBERED)
def private_key(signing_key: str) -> Ed25519PrivateKey:
    """Read `whsk_…`."""
    raw = base64.b64decode(signing_key.removeprefix("whsk_"))
    return Ed25519PrivateKey.from_private_bytes(raw)
