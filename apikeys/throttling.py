"""How many requests a key may make, counted exactly by everybody who counts.

A moving window: of any minute and of any hour. Without a shared storage the counts are those of
one process, which is why an embedded installation serves from one.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from tenants import background

logger = logging.getLogger(__name__)

# The library's counters in memory look and write in two steps; threads would slip in between.
_one_at_a_time = threading.Lock()

# After the counters were out of reach, how long nobody waits for them, in seconds.
_REST = 5.0

# For those who have not said who they are: enough for anybody but a guesser of keys.
ANONYMOUS_PER_MINUTE = 3000


@dataclass(frozen=True)
class Quota:
    """What is left: the tightest policy's limit, the rest of it, and the seconds until more.

    `policies` are (limit, window in seconds); `admitted` is whether this request is within them.
    """

    admitted: bool
    limit: int
    remaining: int
    reset_after: int
    policies: tuple[tuple[int, int], ...]

    def headers(self) -> dict[str, str]:
        """The widely understood `X-RateLimit-*` and the draft's combined form beside them."""
        shown = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(int(time.time()) + self.reset_after),
            "RateLimit": f"limit={self.limit}, remaining={self.remaining}, "
            f"reset={self.reset_after}",
            "RateLimit-Policy": ", ".join(f"{n};w={window}" for n, window in self.policies),
        }
        return shown if self.admitted else {**shown, "Retry-After": str(self.reset_after)}


def admit(bucket: str, *, per_minute: int, per_hour: int | None = None) -> Quota:
    """Count a request against `bucket` and say whether it is within its limits.

    Should the counters be out of reach, everybody is admitted: an outage of theirs must not be
    one of ours.
    """
    items: list[RateLimitItem] = [RateLimitItemPerMinute(per_minute)]
    if per_hour is not None:
        items.append(RateLimitItemPerHour(per_hour))
    with _one_at_a_time:  # the first ones of all would each make counters of their own
        resting = time.monotonic() < _limiter().resting_until
    if resting:
        return _unlimited(items)
    try:
        if settings.RATE_LIMIT_STORAGE.startswith("memory:"):
            with _one_at_a_time:
                return _count(items, bucket)
        return _count(items, bucket)
    except (StorageError, RedisError, OSError):
        logger.warning("The rate limit counters are out of reach; requests are admitted.")
        _limiter().resting_until = time.monotonic() + _REST
        # The broker is the same Redis, and would keep this request waiting once more.
        background.leave_alone()
        return _unlimited(items)


def _unlimited(items: Sequence[RateLimitItem]) -> Quota:
    return Quota(True, items[0].amount, items[0].amount, 60, _policies(items))


def _count(items: Sequence[RateLimitItem], bucket: str) -> Quota:
    return _quota(all(_limiter().hit(item, bucket) for item in items), items, bucket)


def _quota(admitted: bool, items: Sequence[RateLimitItem], bucket: str) -> Quota:
    now = time.time()
    left = []
    for item in items:
        stats = _limiter().get_window_stats(item, bucket)
        left.append((stats.remaining, max(1, int(stats.reset_time - now) + 1), item.amount))
    # Of windows that are both used up, the one that opens later decides.
    remaining, reset_after, limit = min(left, key=lambda one: (one[0], -one[1]))
    return Quota(admitted, limit, max(remaining, 0), reset_after, _policies(items))


def _policies(items: Sequence[RateLimitItem]) -> tuple[tuple[int, int], ...]:
    return tuple((item.amount, item.get_expiry()) for item in items)


class _Limiter(MovingWindowRateLimiter):
    """The library's, and until when its counters are left alone, for they were out of reach."""

    resting_until = 0.0


@cache
def _limiter() -> _Limiter:
    address = settings.RATE_LIMIT_STORAGE
    waits = {} if address.startswith("memory:") else settings.REDIS_WAITS
    return _Limiter(storage_from_string(address, wrap_exceptions=True, **waits))
