"""What passes by itself: a full disk, a locked or restarting database, a silent service.

Whoever calls meanwhile is told to come again, in the words of the surface they called.
"""

import errno
import sqlite3

from django.db import InterfaceError, OperationalError
from django.db.utils import Error as AnyDatabaseError
from redis.exceptions import RedisError

# Seconds after which it is worth asking again.
RETRY_AFTER = 5
SENTENCE = "The service is not available at the moment. Try again in a few seconds."
_FULL = (errno.ENOSPC, errno.EDQUOT)
_DISK = (*_FULL, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE)
_SQLITE = {
    sqlite3.SQLITE_BUSY: "The database is locked by another process.",
    sqlite3.SQLITE_LOCKED: "The database is locked by another process.",
    sqlite3.SQLITE_FULL: "The disk of the database is full.",
    sqlite3.SQLITE_READONLY: "The database's directory is read-only.",
    sqlite3.SQLITE_IOERR: "The database's disk fails.",
    sqlite3.SQLITE_CANTOPEN: "The database's file cannot be opened.",
}
# SQLSTATE classes and states of PostgreSQL: no connection, no room, shutting down, too slow.
_POSTGRESQL = ("08", "53", "57", "58", "55P03", "25006", "40")


def is_passing(error: BaseException) -> bool:
    """Whether an error says that something is out of order for now, and not that we are wrong."""
    return bool(sentence_of(error))


def sentence_of(error: BaseException) -> str:
    """What is out of order, for the operator; empty when nothing that passes is."""
    if isinstance(error, AnyDatabaseError | sqlite3.Error):
        return _of_database(error)
    if isinstance(error, RedisError):
        return "Redis does not answer."
    if isinstance(error, OSError) and error.errno in _DISK:
        full = error.errno in _FULL
        return "The disk is full." if full else f"The disk cannot be used: {error.strerror}."
    return ""


def _of_database(error: BaseException) -> str:
    cause = error.__cause__ or error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, "")
    if isinstance(cause, sqlite3.Error):
        return ""
    state = getattr(cause, "sqlstate", None)
    if state:
        return "The database is out of reach." if state.startswith(_POSTGRESQL) else ""
    lost = isinstance(error, OperationalError | InterfaceError)
    return "The database does not answer." if lost else ""
