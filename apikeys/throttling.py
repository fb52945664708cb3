"""How many requests a key may make, and its organization with all of its keys.

Counted exactly by everybody who counts.

A moving window: of any minute and of any hour. Without a shared storage the counts are those of
one process, which is why an embedded installation serves from one.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from limits.errors import StorageError
from redis.exceptions import RedisError

from apikeys import moving_windows
from apikeys.moving_windows import Fill, Window, count
from tenants import background

logger = logging.getLogger(__name__)

# For those who have not said who they are: enough for anybody but a guesser of keys.
ANONYMOUS_PER_MINUTE = 3000
# An organization's keys together may make as many requests as so many of them: while one takes
# the place of another both are in use, and a hundred keys are not a hundred limits.
KEYS_TOGETHER = 2
_MINUTE, _HOUR = 60, 3600


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


def admit(
    bucket: str, per_minute: int, per_hour: int | None = None, *, together: str = ""
) -> Quota:
    """Count a request against `bucket` and say whether it is within its limits.

    `together` is the bucket that those of one organization share. Should the counters be out of
    reach, everybody is admitted: an outage of theirs must not be one of ours.
    """
    own = [Window(bucket, per_minute, _MINUTE)]
    if per_hour is not None:
        own.append(Window(bucket, per_hour, _HOUR))
    shared = [Window(together, one.limit * KEYS_TOGETHER, one.seconds) for one in own if together]
    policies = tuple((window.limit, window.seconds) for window in own)
    unlimited = Quota(True, per_minute, per_minute, _MINUTE, policies)
    if moving_windows.rests():
        return unlimited
    try:
        admitted, fills = count([*own, *shared])
    except (StorageError, RedisError, OSError):
        logger.warning("The rate limit counters are out of reach; requests are admitted.")
        moving_windows.rest()
        # The broker is the same Redis, and would keep this request waiting once more.
        background.leave_alone()
        return unlimited
    return _quota(admitted, [*own, *shared], fills, policies)


def _quota(
    admitted: bool,
    windows: Sequence[Window],
    fills: Sequence[Fill],
    policies: tuple[tuple[int, int], ...],
) -> Quota:
    now = time.time()
    left = [
        (max(window.limit - fill.used, 0), max(1, int(fill.opens_at - now) + 1), window.limit)
        for window, fill in zip(windows, fills, strict=True)
    ]
    # Of windows that are both used up, the one that opens later decides.
    remaining, reset_after, limit = min(left, key=lambda one: (one[0], -one[1]))
    return Quota(admitted, limit, remaining, reset_after, policies)
