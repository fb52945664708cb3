"""Checks a delivery as a receiver would, and says which step fails."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from webhooks import signing

TOLERANCE = 300


@dataclass(frozen=True)
class Finding:
    """The result of a check: whether it holds, and if not, at which step and why."""

    holds: bool
    step: str
    explanation: str


def check(
    headers: Mapping[str, str], body: bytes, secret: str, *, now: float, sent: bytes | None = None
) -> Finding:
    """Check a captured delivery against `secret` at the Unix time `now`.

    `sent`, the body as we sent it, tells an altered body from a wrong secret.
    """
    found = {name.lower(): value for name, value in headers.items()}
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    missing = [name for name in names if not found.get(name)]
    if missing:
        return Finding(False, "headers", f"The header {missing[0]} is missing.")
    if not found["webhook-timestamp"].isascii() or not found["webhook-timestamp"].isdigit():
        return Finding(False, "timestamp", "The timestamp is not a number of seconds.")
    timestamp = int(found["webhook-timestamp"][:18])
    given = found["webhook-signature"].split()
    if not _signed(found["webhook-id"], timestamp, body, secret, given):
        if sent is not None and _signed(found["webhook-id"], timestamp, sent, secret, given):
            return Finding(False, "body", "The body was altered: check the bytes as they came.")
        return Finding(False, "secret", "The secret does not belong to this signature.")
    if abs(now - timestamp) > TOLERANCE:
        age = int(now - timestamp)
        return Finding(False, "timestamp", f"The timestamp is {age} s from now; 300 are allowed.")
    return Finding(True, "", "The signature holds.")


def _signed(id: str, timestamp: int, body: bytes, secret: str, given: list[str]) -> bool:
    expected = signing.headers(id, timestamp, body, shared=[secret])["webhook-signature"]
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)
