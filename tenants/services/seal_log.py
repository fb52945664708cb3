"""The seals of the audit trail as they are kept outside the database, for whoever doubts it.

A line is appended to `SEAL_LOG` and written to the log, from where a log shipper takes it away:
whoever can change the database cannot take back what it once came to.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

logger = logging.getLogger(__name__)
# The end of the file in which the newest line is looked for.
_TAIL = 64 * 1024


@dataclass(frozen=True)
class Kept:
    """A seal as it was when it was made, or when a difference from it was accepted."""

    day: date
    count: int
    through: UUID | None
    previous: str
    digest: str
    whole: bool
    sealed_at: datetime


def keep(kept: Kept) -> None:
    """Write a seal down outside the database. A full disk is logged, and stops nothing."""
    line = json.dumps(asdict(kept), default=str)
    logger.info("Sealed %s: %d events, %s", kept.day, kept.count, kept.digest)
    try:
        descriptor = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(descriptor)
    except OSError:
        logger.exception("The seal could not be kept outside the database.")


def newest() -> Kept | None:
    """The newest seal that this machine kept; None where it has kept none."""
    try:
        with _path().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        try:
            told = json.loads(line)
            return Kept(
                day=date.fromisoformat(told["day"]),
                count=told["count"],
                through=UUID(told["through"]) if told["through"] else None,
                previous=told["previous"],
                digest=told["digest"],
                whole=told["whole"],
                sealed_at=datetime.fromisoformat(told["sealed_at"]),
            )
        # A process that was killed while it wrote leaves half a line.
        except (ValueError, KeyError, TypeError):
            continue
    return None


def _path() -> Path:
    return Path(settings.SEAL_LOG)
