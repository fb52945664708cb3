"""Counts requests in moving windows: of several windows at once, all or none.

On Redis one script does it, so that a request costs one round trip however many windows it is
counted in, and one that is refused uses up nothing: a key beyond its limit takes nothing of what
its organization's other keys may do.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import RedisStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

# The library's counters in memory look and write in two steps; threads would slip in between.
_one_at_a_time = threading.Lock()
# After the counters were out of reach, how long nobody waits for them, in seconds.
_REST = 5.0


@dataclass(frozen=True)
class Window:
    """So many requests of a bucket in any span of so many seconds."""

    bucket: str
    limit: int
    seconds: int


@dataclass(frozen=True)
class Fill:
    """How many requests are in a window, and when the oldest of them leaves it."""

    used: int
    opens_at: float


def count(windows: Sequence[Window]) -> tuple[bool, list[Fill]]:
    """Count a request in each window if all have room, and say whether; how full each is then.

    Raises StorageError, RedisError or OSError when the counters are out of reach.
    """
    script = _script(limiter())
    if script is None:
        with _one_at_a_time:
            return _count_here(windows)
    now = time.time()
    bounds = [number for window in windows for number in (window.limit, window.seconds)]
    keys = [f"requests:{window.bucket}/{window.seconds}" for window in windows]
    admitted, found = script(keys=keys, args=[now, *bounds])
    fills = [
        Fill(used, float(oldest or now) + window.seconds)
        for window, (used, oldest) in zip(windows, found, strict=True)
    ]
    return bool(admitted), fills


def rests() -> bool:
    """Whether the counters were out of reach a moment ago, and are not waited for again."""
    with _one_at_a_time:  # the first ones of all would each make counters of their own
        return time.monotonic() < limiter().resting_until


def rest() -> None:
    """Wait for the counters no more for a while."""
    limiter().resting_until = time.monotonic() + _REST


class Limiter(MovingWindowRateLimiter):
    """The library's, and until when its counters are left alone, for they were out of reach."""

    resting_until = 0.0


@cache
def limiter() -> Limiter:
    """The counters, in the shared store or this process's memory."""
    address = settings.RATE_LIMIT_STORAGE
    waits = {} if address.startswith("memory:") else settings.REDIS_WAITS
    return Limiter(storage_from_string(address, wrap_exceptions=True, **waits))


def _count_here(windows: Sequence[Window]) -> tuple[bool, list[Fill]]:
    counters, items = limiter(), [(_item(window), window.bucket) for window in windows]
    admitted = all(counters.test(item, bucket) for item, bucket in items)
    fills = []
    for item, bucket in items:
        if admitted:
            counters.hit(item, bucket)
        stats = counters.get_window_stats(item, bucket)
        fills.append(Fill(item.amount - stats.remaining, stats.reset_time))
    return admitted, fills


def _item(window: Window) -> RateLimitItem:
    return RateLimitItemPerSecond(window.limit, window.seconds)


@cache
def _script(counters: MovingWindowRateLimiter) -> Callable[..., Any] | None:
    """What counts on Redis; None in memory."""
    if not isinstance(counters.storage, RedisStorage):
        return None
    script: Callable[..., Any] = counters.storage.get_connection().register_script(_COUNT.encode())
    return script


# Each window is a list of moments, the newest first.
_COUNT = """
local now, admitted, found = tonumber(ARGV[1]), 1, {}
for i, key in ipairs(KEYS) do
  local oldest = redis.call('LINDEX', key, -1)
  while oldest and tonumber(oldest) <= now - tonumber(ARGV[2 * i + 1]) do
    redis.call('RPOP', key)
    oldest = redis.call('LINDEX', key, -1)
  end
  if redis.call('LLEN', key) >= tonumber(ARGV[2 * i]) then admitted = 0 end
end
for i, key in ipairs(KEYS) do
  if admitted == 1 then
    redis.call('LPUSH', key, ARGV[1])
    redis.call('EXPIRE', key, ARGV[2 * i + 1])
  end
  found[i] = {redis.call('LLEN', key), redis.call('LINDEX', key, -1) or ''}
end
return {admitted, found}
"""
