"""Checks a delivery as a receiver would, and says which step fails."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from tenants.sentences import Sentence
from webhooks import signing

TOLERANCE = 300
# The steps in the order in which a receiver takes them.
STEPS = ("headers", "secret", "body", "timestamp")
_NEEDED = ("webhook-id", "webhook-timestamp", "webhook-signature")


@dataclass(frozen=True)
class Finding:
    """The result of a check: whether it holds, and if not, at which step and why.

    `passed` are the steps that are known to be in order.
    """

    holds: bool
    step: str
    explanation: Sentence
    passed: tuple[str, ...] = ()


def check(
    headers: Mapping[str, str],
    body: bytes,
    secret: str,
    *,
    now: float,
    sent: bytes | None = None,
    former: str = "",
    signing_key: str = "",
) -> Finding:
    """Check a captured delivery against `secret` at the Unix time `now`.

    `sent`, the body as we sent it, tells an altered body from a wrong secret; `former`, the secret
    before the last rotation, a receiver's old secret; `signing_key` finds `v1a` signatures too.
    """
    found = {name.lower(): value.strip() for name, value in headers.items()}
    malformed = _malformed(found)
    if malformed:
        return malformed
    timestamp = int(found["webhook-timestamp"])
    given = found["webhook-signature"].split()

    def signed(body: bytes, secret: str) -> bool:
        made = signing.headers(
            found["webhook-id"], timestamp, body, shared=[secret], signing_key=signing_key
        )
        return bool(_common(made["webhook-signature"].split(), given))

    if not signed(body, secret):
        if former and signed(body, former):
            said = Sentence(
                "Signed with the secret before the last rotation, which is no longer in force."
            )
            return Finding(False, "secret", said, ("headers", "body"))
        if sent is not None and (signed(sent, secret) or (former and signed(sent, former))):
            said = Sentence(
                "The body was altered: check the bytes as they came. %(where)s",
                where=_difference(sent, body),
            )
            return Finding(False, "body", said, ("headers", "secret"))
        if sent == body:
            said = Sentence(
                "The secret does not belong to this signature: it was made with another one, "
                "or for another id or timestamp."
            )
            return Finding(False, "secret", said, ("headers", "body"))
        said = Sentence("The secret does not belong to this signature.")
        return Finding(False, "secret", said, ("headers",))
    age = int(now - timestamp)
    if abs(age) > TOLERANCE:
        said = Sentence("The timestamp is %(age)s s from now; 300 are allowed.", age=age)
        return Finding(False, "timestamp", said, ("headers", "secret", "body"))
    return Finding(True, "", Sentence("The signature holds."), STEPS)


def _malformed(found: Mapping[str, str]) -> Finding | None:
    missing = [name for name in _NEEDED if not found.get(name)]
    if missing:
        step = "timestamp" if missing == ["webhook-timestamp"] else "headers"
        return Finding(False, step, Sentence("The header %(name)s is missing.", name=missing[0]))
    timestamp = found["webhook-timestamp"]
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 18):
        return Finding(False, "timestamp", Sentence("The timestamp is not a number of seconds."))
    if "," not in found["webhook-signature"]:
        said = Sentence("The header webhook-signature is malformed: it says v1, and the signature.")
        return Finding(False, "headers", said)
    return None


def _common(expected: list[str], given: list[str]) -> bool:
    return any(
        hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in given
    )


def _difference(sent: bytes, body: bytes) -> Sentence:
    if body.strip() == sent:
        return Sentence("There is white space around it.")
    same = next((n for n, (a, b) in enumerate(zip(sent, body, strict=False)) if a != b), None)
    if same is None:
        return Sentence("It has %(now)s bytes and had %(then)s.", now=len(body), then=len(sent))
    return Sentence("It differs from byte %(position)s on.", position=same + 1)
