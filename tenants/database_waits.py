"""For how long a request waits for PostgreSQL to say anything at all.

The server ends a statement that takes too long, but a server that is frozen, or a network that
swallows packets, ends nothing. So whoever answers requests gives up by itself; and for a few
seconds after somebody had to, the others give up sooner.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.conf import settings

# For how long a server that was silent counts as silent, and is waited for meanwhile, in seconds.
_REMEMBERED, _SHORT = 10.0, 2.0
_limit: ContextVar[float] = ContextVar("database_patience", default=0.0)
_silent_until = 0.0


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Wait for no statement in the block for longer than that."""
    token = _limit.set(seconds)
    try:
        yield
    finally:
        _limit.reset(token)


def watch_new_connection(connection: Any, **_: Any) -> None:
    """Bound the waits of a connection that was opened just now, where requests are answered."""
    if connection.vendor != "postgresql" or not settings.ANSWERS_REQUESTS:
        return
    if settings.WEB_STATEMENT_SECONDS > 0:
        raw = connection.connection
        raw.wait = lambda steps, *options, **named: _wait(raw, steps, *options, **named)


def _wait(raw: Any, steps: Any, *options: Any, **named: Any) -> Any:
    global _silent_until
    began, patience = time.monotonic(), _patience()
    try:
        return type(raw).wait(raw, steps, *options, **{"timeout": patience, **named})
    except psycopg.OperationalError as error:
        if time.monotonic() - began < patience:
            raise
        _silent_until = time.monotonic() + _REMEMBERED
        raw.pgconn.finish()
        raise psycopg.OperationalError("The database is silent.") from error


def _patience() -> float:
    asked = _limit.get()
    if asked:
        return asked
    if time.monotonic() < _silent_until:
        return _SHORT
    return float(settings.WEB_STATEMENT_SECONDS) + 1.0
