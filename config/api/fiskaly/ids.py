"""Ids as this surface spells them: clients check that they are UUIDs of version 4.

Ours are of version 7 (RFC 9562), which differs in four bits. These are turned, here and nowhere
else, so that what a client kept is the same row on every surface.
"""

from uuid import UUID

from tenants import ids

_VERSION = 0xF << 76


def spell(id: UUID) -> str:
    """One of our ids, as a UUID of version 4."""
    return str(_of_version(id, 4)) if id.version == 7 else str(id)


def read(text: str) -> UUID | None:
    """The id that is written there in either spelling, None for what cannot be one."""
    found = ids.read(text)
    return _of_version(found, 7) if found is not None and found.version == 4 else found


def _of_version(id: UUID, version: int) -> UUID:
    return UUID(int=id.int & ~_VERSION | version << 76)
