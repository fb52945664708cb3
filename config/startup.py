"""What a process makes sure of before it takes up work, or says in one line why it does not."""

import errno
import logging
import os
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, OperationalError, close_old_connections, connection
from django.db.utils import ProgrammingError

from config.outages import is_passing, sentence_of
from peppol.rules import sets
from peppol.services.registration import desired
from tenants.row_security import everything
from tenants.services import sharing

logger = logging.getLogger(__name__)
# As much must fit on the disk: SQLite's journal alone takes more in a minute.
_ROOM = 1024 * 1024


class CannotStart(Exception):
    """The process must not take up its work. The message says why, in a sentence for a person."""


def prepare(*, room: int = _ROOM) -> None:
    """Raise CannotStart unless files can be written and are shared with the other processes, and
    what registrations publish is such that an SMP takes it."""
    if troubles := desired.troubles():
        raise CannotStart(troubles[0])
    find_room(room=room)
    if _database_lies_here():
        return  # Whoever shares the database shares all the rest with it.
    try:
        _patiently_prove()
    except sharing.NotShared as error:
        raise CannotStart(str(error)) from None
    except (ProgrammingError, OperationalError) as error:
        if is_passing(error):
            raise CannotStart(sentence_of(error)) from None
        raise CannotStart("The database lacks tables. Run `manage.py migrate` first.") from None
    except OSError as error:
        raise CannotStart(f"The payload store fails: {error}.") from None


def find_room(*, room: int = _ROOM) -> None:
    """Raise CannotStart unless files can be written."""
    for folder in folders():
        trouble = trouble_with(folder, room=room)
        if trouble:
            raise CannotStart(trouble)


def prepare_or_exit() -> None:
    """End the process with one line when it cannot start."""
    try:
        prepare()
    except CannotStart as error:
        sys.stderr.write(f"Gatehouse does not start: {error}\n")
        sys.stderr.flush()
        raise SystemExit(1) from None


def warm_rules() -> None:
    """Have the rules compiled while the process starts, in a thread that nobody waits for."""
    threading.Thread(target=_warm, name="warm-rules", daemon=True).start()


@everything()
def _warm() -> None:
    try:
        sets.warm()
    except DatabaseError as error:
        # The first document will ask again.
        logger.warning("The rules are not warm: %s", sentence_of(error))
    finally:
        connection.close()


def folders() -> list[Path]:
    """The folders that this process writes to."""
    local = [storages[alias] for alias in sharing.PLACES]
    places = [Path(one.location) for one in local if isinstance(one, FileSystemStorage)]
    return [Path(settings.DATA_DIR), *places]


def trouble_with(folder: Path, *, room: int = _ROOM) -> str:
    """Why nothing can be written to a folder; empty when something can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, room)
    except OSError as error:
        reason = "The disk is full" if error.errno == errno.ENOSPC else error.strerror
        return f"{reason}: nothing can be written to {folder}."
    return ""


def _patiently_prove() -> None:
    ends = time.monotonic() + settings.START_PATIENCE
    while True:
        try:
            with everything():
                sharing.prove()
            return
        except DatabaseError as error:
            with suppress(DatabaseError):
                connection.close()
            close_old_connections()
            if not is_passing(error) or time.monotonic() > ends:
                raise
            time.sleep(0.5)


def _database_lies_here() -> bool:
    name = Path(str(connection.settings_dict["NAME"]))
    return connection.vendor == "sqlite" and name.is_relative_to(settings.DATA_DIR)
