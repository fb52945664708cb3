"""Calls that may be repeated: the first answer is kept for a day and given again.

A call is reserved before it is made. Its effect and its answer are written in one transaction, so
a reservation without an answer, once its lease is over, proves that there was no effect either.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apikeys.models import IdempotentCall
from tenants import leases
from tenants.errors import DomainError, Invalid, Kind
from tenants.models import Organization
from tenants.row_security import everything

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)
_AT_A_TIME = 5000
_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")


class Reused(DomainError):
    """The key was used before, with another request."""

    def __init__(self) -> None:
        super().__init__(
            Kind.INVALID,
            "idempotency_key_reused",
            "This Idempotency-Key was used with a different request.",
        )


class Running(DomainError):
    """The first call with this key is still being answered."""

    def __init__(self) -> None:
        super().__init__(
            Kind.CONFLICT,
            "idempotency_key_in_use",
            "A request with this Idempotency-Key is still being processed.",
        )


@dataclass(frozen=True)
class Answer:
    """An answer as it went out: status, the headers that belong to it, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reservation:
    """The right to make a call, and the key that its answer will be encrypted with."""

    call: IdempotentCall
    raw_key: str


def read_key(header: str) -> str:
    """The key in an `Idempotency-Key` header, quoted or bare, 1 to 255 printable characters."""
    key = header.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not _KEY.fullmatch(key):
        raise Invalid(
            "An Idempotency-Key has 1 to 255 printable ASCII characters.",
            code="invalid_idempotency_key",
        )
    return key


@everything()  # found by what only its caller knows, before they have an organization
def reserve(
    organization: Organization | None, key: str, *, scope: tuple[str, ...], fingerprint: bytes
) -> Reservation | Answer:
    """Reserve a call, or return the answer that it had.

    `scope` is what besides the organization tells calls with one key apart: acting company,
    method, path, and the person where there is no organization yet. Raises Reused for another
    request under the same key, Running while the first one is at it. Call it outside any
    transaction: others have to see the reservation.
    """
    owner = str(organization.pk) if organization else ""
    digest = _digest("\n".join((owner, *scope, key)).encode())
    print_ = _digest(fingerprint)
    now = timezone.now()
    call, made = IdempotentCall.objects.get_or_create(
        scope=digest,
        defaults={
            "organization": organization,
            "fingerprint": print_,
            "lease_until": now + LEASE,
            "expires_at": now + KEPT,
        },
    )
    if made:
        return Reservation(call, key)
    if call.expires_at <= now:
        return _take_over(call, key, print_, expired=True)
    if call.fingerprint != print_:
        raise Reused
    if call.answer is not None:
        return _decrypt(call, key)
    return _take_over(call, key, print_, expired=False)


@everything()  # found by what only its caller knows, before they have an organization
def keep(reservation: Reservation, answer: Answer) -> None:
    """Keep the answer; call it in the transaction of the effect.

    Raises Running when the lease is over and somebody else makes the call: the effect is theirs,
    and this one's must not be committed.
    """
    text = json.dumps(
        {
            "status": answer.status,
            "headers": dict(answer.headers),
            "body": base64.b64encode(answer.body).decode(),
        }
    )
    encrypted = _fernet(reservation.call, reservation.raw_key).encrypt(text.encode())
    if not leases.held(reservation.call, "lease_until").update(answer=encrypted):
        raise Running


@everything()  # found by what only its caller knows, before they have an organization
def release(reservation: Reservation) -> None:
    """Give up a reservation whose call came to nothing: it may be made again at once."""
    leases.held(reservation.call, "lease_until").filter(answer=None).delete()


def tidy() -> int:
    """Delete what is older than a day, the oldest first and some at a time; how many."""
    gone, old = 0, IdempotentCall.objects.filter(expires_at__lte=timezone.now())
    while some := list(old.order_by("expires_at").values_list("pk", flat=True)[:_AT_A_TIME]):
        gone += IdempotentCall.objects.filter(pk__in=some).delete()[0]
    return gone


@transaction.atomic
def _take_over(call: IdempotentCall, key: str, print_: str, *, expired: bool) -> Reservation:
    """Reserve again what a process that died, or a day, has left behind."""
    now = timezone.now()
    left = leases.held(call, "lease_until")
    left = left if expired else left.filter(lease_until__lte=now, answer=None)
    if not left.update(
        fingerprint=print_, answer=None, lease_until=now + LEASE, expires_at=now + KEPT
    ):
        raise Running
    call.refresh_from_db()
    return Reservation(call, key)


def _decrypt(call: IdempotentCall, key: str) -> Answer:
    stored = json.loads(_fernet(call, key).decrypt(bytes(call.answer or b"")))
    return Answer(stored["status"], stored["headers"], base64.b64decode(stored["body"]))


def _fernet(call: IdempotentCall, key: str) -> Fernet:
    """Encryption under a key that only whoever knows the raw Idempotency-Key can derive."""
    material = f"{call.scope}\n{key}".encode()
    derived = hmac.new(settings.API_KEY_PEPPER.encode(), material, hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def _digest(content: bytes) -> str:
    return hmac.new(settings.API_KEY_PEPPER.encode(), content, hashlib.sha256).hexdigest()
