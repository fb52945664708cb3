"""When a failed delivery is tried again: the steps between attempts, how they are written and read.

People write a schedule as `5 s, 30 min, 2 h`, programs as seconds.
"""

import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_noop

from tenants.errors import Invalid

# Seconds after each failed attempt, as Standard Webhooks advises: ten attempts in 75 h 35 min 5 s.
STANDARD = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
MOST_STEPS = 20
LONGEST_STEP = 172_800
JITTER = 0.2
_UNITS = {"h": 3600, "min": 60, "s": 1}
_SPELLINGS = {"": 1, "m": 60, "d": 86400, **_UNITS}
_STEP = re.compile(r"(\d+)\s*([a-z]*)", re.ASCII)
_REFUSAL = gettext_noop("A retry schedule has up to 20 steps of 1 to 172800 seconds.")


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


def check(steps: Sequence[Any]) -> list[int]:
    """The steps as given; an empty list stands for the standard ones. Raises Invalid."""
    fine = all(type(step) is int and 1 <= step <= LONGEST_STEP for step in steps)
    if not fine or len(steps) > MOST_STEPS:
        raise Invalid(_REFUSAL, code="invalid_schedule", fields={"retry_schedule": [_REFUSAL]})
    return list(steps)


def parse(text: str) -> list[int]:
    """The steps that a person wrote, such as `5 s, 30 min 2h`. Raises Invalid."""
    left = _STEP.sub("", text.lower())
    found = [(int(number), unit) for number, unit in _STEP.findall(text.lower())]
    if left.strip(" ,;") or any(unit not in _SPELLINGS for _number, unit in found):
        sentence = gettext_noop("Write the steps like this: 5 s, 30 min, 2 h.")
        raise Invalid(sentence, code="invalid_schedule", fields={"retry_schedule": [sentence]})
    return check([number * _SPELLINGS[unit] for number, unit in found])


def written(steps: Sequence[int]) -> str:
    """The steps as a person writes them: `5 s, 30 min, 2 h`."""
    return ", ".join(_step(seconds) for seconds in steps)


def explained(schedule: Sequence[int]) -> str:
    """When a delivery is tried again, in the current language, and how long that is in all."""
    steps = schedule or STANDARD
    start = datetime(2000, 1, 1, tzinfo=UTC)
    whole = timesince(start, start + timedelta(seconds=sum(steps)), depth=2)
    took = whole if sum(steps) >= 60 else _step(sum(steps))
    return gettext("after %(steps)s; %(whole)s in all") % {"steps": written(steps), "whole": took}


def _step(seconds: int) -> str:
    unit = next(unit for unit, length in _UNITS.items() if seconds % length == 0)
    return f"{seconds // _UNITS[unit]} {unit}"


def _asked(retry_after: str, now: datetime) -> float | None:
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError):
        return None
