"""Identifiers: time-ordered UUIDs, and the TypeID spelling that surfaces give them."""

import re
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# Two letters at a time: lists spell hundreds of ids.
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_SHIFTS = tuple(range(120, -10, -10))
_TYPEID = re.compile(rf"[0-7][{ALPHABET}]{{25}}")


def uuid7() -> UUID:
    """Return a new UUIDv7 (RFC 9562): unique, and sortable by the time it was made."""
    return _uuid7()


def earliest(at: datetime) -> UUID:
    """The id below every UUIDv7 that is made at `at` or later, and above those made before."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def made_at(id: UUID) -> datetime:
    """When a UUIDv7 was made, to the millisecond, in UTC."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, tz=UTC)


def spell(prefix: str, id: UUID) -> str:
    """Spell `id` as a TypeID, `tenant_01j9…`: 26 characters of base 32 after the prefix."""
    number = id.int
    return f"{prefix}_{''.join([_PAIRS[number >> bits & 1023] for bits in _SHIFTS])}"


def read(text: str) -> UUID | None:
    """Read an identifier in any spelling: a bare UUID or a TypeID of any prefix.

    None for everything else: an id that cannot exist is the same as one that does not.
    """
    _, _, suffix = text.rpartition("_")
    if _TYPEID.fullmatch(suffix):
        number = 0
        for letter in suffix:
            number = number * 32 + ALPHABET.index(letter)
        return UUID(int=number)
    try:
        return UUID(text)
    except ValueError:
        return None
