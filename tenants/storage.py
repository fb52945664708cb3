"""Files that become true with their rows: written in a transaction, stored when it has committed.

To store a file is to wait for a disk or for another server, which nobody should do who holds
locks; and a file that was stored for a row that never came is nobody's. So a file is written into
the database, with its row, and a worker moves it to where it belongs. Until then it is read from
the database. In the same way a file is given up with its row, and then deleted: whoever dies in
between leaves the name of it to a worker.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import Any, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone

from tenants import background, leases, loops
from tenants.models import FilePiece, FileRemoval
from tenants.outside_text import without_secrets
from tenants.row_security import everything

logger = logging.getLogger(__name__)
# So much of a file is held at once.
_PIECE = 1024 * 1024
# Deleting from a bucket is waiting for its answers.
_AT_A_TIME = 8
# Longer than a storage is waited for.
_LEASE = timedelta(minutes=5)
_RETRIES = [timedelta(seconds=n) for n in (5, 30, 120, 600)]


class AfterCommit(Storage):
    """Files of the storage `behind`, each there from the moment its transaction commits.

    Whoever saves a file gives it a name of its own; one of the same name is written over.
    """

    def __init__(self, behind: str) -> None:
        self._behind = behind

    @property
    def behind(self) -> Storage:
        """Where the files end up."""
        return storages[self._behind]

    def give_up(self, names: Sequence[str]) -> list[FileRemoval]:
        """Give files up in the transaction of their rows; to be deleted once it has committed, by
        `remove` or, where nobody comes to that, by a worker."""
        mine = _first_turn()
        rows = [FileRemoval(storage=self._behind, name=n, next_attempt_at=mine) for n in names]
        with everything():
            FilePiece.objects.filter(storage=self._behind, name__in=names).delete()
            return FileRemoval.objects.bulk_create(rows, ignore_conflicts=True)

    # --- What Django asks of a storage ----------------------------------------------------------
    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    @transaction.atomic
    def _save(self, name: str, content: "File[Any]") -> str:
        pieces = content.chunks(_PIECE)
        with everything():
            for rows in (FilePiece, FileRemoval):
                rows.objects.filter(storage=self._behind, name=name).delete()
            first = next(pieces, b"")
            self._write(name, 0, first)
            for number, piece in enumerate(pieces, 1):
                self._write(name, number, piece)
        background.wake("files")
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        # Here first: what is not here any more is behind, and not the other way round.
        with everything():
            pieces = self._pieces(name).values_list("content", flat=True)
            found = [bytes(piece) for piece in pieces]
        return ContentFile(b"".join(found), name) if found else self.behind.open(name, mode)

    @transaction.atomic
    def delete(self, name: str) -> None:
        given_up = self.give_up([name])
        transaction.on_commit(lambda: remove(given_up))

    def exists(self, name: str) -> bool:
        with everything():
            if self._pieces(name).exists():
                return True
            if FileRemoval.objects.filter(storage=self._behind, name=name).exists():
                return False
        return self.behind.exists(name)

    def size(self, name: str) -> int:
        with everything():
            sizes = list(self._pieces(name).values_list(Length("content"), flat=True))
        return sum(sizes) if sizes else self.behind.size(name)

    def path(self, name: str) -> str:
        return self.behind.path(name)

    def _write(self, name: str, number: int, content: bytes) -> None:
        FilePiece.objects.create(storage=self._behind, name=name, number=number, content=content)

    def _pieces(self, name: str) -> Any:
        return FilePiece.objects.filter(storage=self._behind, name=name).order_by("number")


def remove(given_up: Sequence[FileRemoval]) -> None:
    """Delete files that were given up, several at a time; one that resists is tried again."""
    with ThreadPoolExecutor(_AT_A_TIME) if len(given_up) > 1 else nullcontext() as pool:
        errors = list(pool.map(_delete, given_up) if pool else map(_delete, given_up))
    gone = [row.name for row, error in zip(given_up, errors, strict=True) if error is None]
    with everything():
        for storage in {row.storage for row in given_up}:
            FileRemoval.objects.filter(storage=storage, name__in=gone).delete()


def _delete(row: FileRemoval) -> Exception | None:
    try:
        storages[row.storage].delete(row.name)
    except Exception as error:
        logger.warning("%s could not be deleted yet.", row.name, exc_info=True)
        return error
    return None


def _first_turn() -> datetime:
    """When a worker looks after what whoever gave it up has not come to."""
    return timezone.now() + timedelta(minutes=1)


# --- The worker's side ----------------------------------------------------------------------------
def drain(*, seconds: float = 20.0) -> int:
    """Store the files that are due and delete those given up, for about `seconds`; how many were
    tried."""
    ends = monotonic() + seconds
    return _store_due(ends) + _delete_due(ends)


def _delete_due(ends: float) -> int:
    tried = 0
    while monotonic() < ends and (row := FileRemoval.objects.due().first()):
        attempts = row.attempt_count + 1
        pause = _RETRIES[min(attempts, len(_RETRIES)) - 1]
        if not leases.take(row, "next_attempt_at", _LEASE + pause, attempt_count=attempts):
            continue
        tried += 1
        # Saved anew under its name, it is written over and not deleted.
        written = FilePiece.objects.filter(storage=row.storage, name=row.name).exists()
        error = None if written else _delete(row)
        if error is None:
            leases.held(row, "next_attempt_at").delete()
        else:
            loops.note("delete files", row, error)
    return tried


def _store_due(ends: float) -> int:
    tried = 0
    while monotonic() < ends:
        first = FilePiece.objects.due().defer("content").first()
        if first is None:
            break
        attempts = first.attempt_count + 1
        if leases.take(first, "next_attempt_at", _LEASE, attempt_count=attempts):
            _settle(first)
            tried += 1
    return tried


def _settle(first: FilePiece) -> None:
    try:
        stored = _store(first)
    except Exception as error:
        logger.warning("%s could not be stored yet.", first.name, exc_info=True)
        pause = _RETRIES[min(first.attempt_count, len(_RETRIES)) - 1]
        said = without_secrets(f"{type(error).__name__}: {error}")[:255]
        held = leases.held(first, "next_attempt_at")
        held.update(next_attempt_at=timezone.now() + pause, last_error=said)
    else:
        gone, _ = FilePiece.objects.filter(pk__in=stored).delete()
        if not gone:
            # It was given up while it was on its way, perhaps before there was a file to delete.
            removal = FileRemoval(next_attempt_at=timezone.now())
            removal.storage, removal.name = first.storage, first.name
            FileRemoval.objects.bulk_create([removal], ignore_conflicts=True)


def _store(first: FilePiece) -> list[Any]:
    """Copy a file to where it belongs; the pieces that it was made of."""
    pieces = FilePiece.objects.filter(storage=first.storage, name=first.name).order_by("number")
    used = []
    with SpooledTemporaryFile(max_size=4 * _PIECE) as whole:
        for pk, content in pieces.values_list("pk", "content").iterator(chunk_size=1):
            whole.write(content)
            used.append(pk)
        whole.seek(0)
        storages[first.storage].save(first.name, File(cast(Any, whole)))
    return used
