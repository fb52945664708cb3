"""Several threads at a queue of rows, each with connections of its own, for a short turn.

A turn is short so that other kinds of work get theirs on the same worker; the sweeper starts the
next one.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from time import monotonic

from django.db import connection

# Works on so many rows at most until so many seconds of the monotonic clock; how many they were.
Turn = Callable[[int, float], int]


def shared(turn: Turn, *, by: int, limit: int, seconds: float) -> int:
    """Share `limit` rows out to `by` threads for `seconds`, and return how many rows it were.

    One takes its turn in the thread that asks.
    """
    ends = monotonic() + seconds
    if by < 2:
        return turn(limit, ends)
    shares = [limit // by + (number < limit % by) for number in range(by)]
    with ThreadPoolExecutor(by) as pool:
        running = [pool.submit(copy_context().run, _apart, turn, share, ends) for share in shares]
    return sum(one.result() for one in running)


def _apart(turn: Turn, share: int, ends: float) -> int:
    try:
        return turn(share, ends)
    finally:
        connection.close()
