"""Signatures of deliveries after Standard Webhooks 1.0.0: `v1` HMAC and `v1a` ed25519."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from webhooks import secrets


def headers(
    id: str, timestamp: int, body: bytes, *, shared: Sequence[str], signing_key: str = ""
) -> dict[str, str]:
    """The three headers of a delivery: signed with every secret in `shared`, and the key.

    While a secret rotates there are two, and a receiver that knows either accepts the delivery.
    `timestamp` is in Unix seconds; `body` are the exact bytes that will be sent.
    """
    content = f"{id}.{timestamp}.".encode() + body
    signatures = [f"v1,{_base64(_hmac(secret, content))}" for secret in shared]
    if signing_key:
        signatures.append(f"v1a,{_base64(secrets.private_key(signing_key).sign(content))}")
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def hexadecimal(secret: str, body: bytes) -> str:
    """HMAC-SHA-256 of the body alone, in hex, under the secret's letters as they were given."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _hmac(secret: str, content: bytes) -> bytes:
    return hmac.new(secrets.key(secret), content, hashlib.sha256).digest()


def _base64(signature: bytes) -> str:
    return base64.b64encode(signature).decode()
