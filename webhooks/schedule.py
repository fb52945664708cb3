"""When a failed delivery is tried again."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# Seconds after each failed attempt, as Standard Webhooks advises: ten attempts in 75 h 35 min 5 s.
STANDARD = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
JITTER = 0.2


def delay_after(
    attempt: int, schedule: Sequence[int], retry_after: str, now: datetime
) -> timedelta | None:
    """How long to wait after failed attempt number `attempt`, counted from 1.

    None when it was the last. The step varies by 20 % so that what failed together does not
    come back together; `Retry-After` is honoured between one and two steps.
    """
    steps = schedule or STANDARD
    if attempt > len(steps):
        return None
    step = steps[attempt - 1]
    seconds = step * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 — spread, not secrecy
    asked = _asked(retry_after, now)
    if asked is not None:
        seconds = max(seconds, min(asked, 2 * step))
    return timedelta(seconds=seconds)


def _asked(retry_after: str, now: datetime) -> float | None:
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError):
        return None
