"""Bar charts that need no script: a bar a day, of two numbers one upon the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import formats

# Where the top of a chart may be: a round number that is easy to halve.
_ROUND = (2, 4, 6, 10, 20, 40, 60)


@dataclass(frozen=True)
class Bar:
    """A day: its two numbers, and how high each is in percent of the chart."""

    day: date
    lower: int
    upper: int
    lower_height: float
    upper_height: float
    marked: bool

    @property
    def label(self) -> str:
        """The day, as the table of the chart calls it."""
        return formats.date_format(self.day, "MONTH_DAY_FORMAT")

    @property
    def short(self) -> str:
        """The day, below the bar."""
        return formats.date_format(self.day, "j M")


@dataclass(frozen=True)
class Chart:
    """Days in a row. `names` says what the two numbers are, the lower one first."""

    title: Any
    names: tuple[Any, Any]
    bars: list[Bar]
    top: int

    @property
    def half(self) -> int:
        return self.top // 2

    @property
    def is_empty(self) -> bool:
        return not any(bar.lower or bar.upper for bar in self.bars)


def daily(
    title: Any,
    names: tuple[Any, Any],
    numbers: Mapping[date, tuple[int, int]],
    start: date,
    end: date,
) -> Chart:
    """A bar for every day from `start` to `end`; a day without numbers is an empty one."""
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    top = _top(sum(pair) for pair in numbers.values())
    bars = []
    for n, day in enumerate(days):
        lower, upper = numbers.get(day, (0, 0))
        marked = n % 7 == 0 and n < len(days) - 3
        bars.append(Bar(day, lower, upper, 100 * lower / top, 100 * upper / top, marked))
    return Chart(title, names, bars, top)


def _top(sums: Iterable[int]) -> int:
    highest, scale = max(sums, default=0), 1
    while highest > _ROUND[-1] * scale:
        scale *= 10
    return next(step * scale for step in _ROUND if highest <= step * scale)
