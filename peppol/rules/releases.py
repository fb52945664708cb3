"""The releases of rules that OpenPEPPOL announced, and from when each is mandatory.

Two days a year rules become mandatory, one in February and one in August. Who takes a new release
into `ANNOUNCED` moves `NEXT_EXPECTED` on.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Release:
    """A release under OpenPEPPOL's own number, and what its documents call themselves."""

    number: str
    name: str
    mandatory_from: date

    @property
    def title(self) -> str:
        return f"{self.name}, release {self.number}"


ANNOUNCED = (
    Release("2025.5", "BIS Billing 3.0.19", date(2025, 8, 25)),
    Release("2025.11", "BIS Billing 3.0.20", date(2026, 2, 23)),
    Release("2026.5", "BIS Billing 3.0.21", date(2026, 8, 17)),
)
# By this day the next release is mandatory, as the calendar goes; its exact day is not announced.
NEXT_EXPECTED = date(2027, 2, 22)
# What the built-in rules say, wherever their text comes from.
BUILT_IN = ANNOUNCED[-1]


def in_force(on: date) -> Release:
    """The latest release that is mandatory on a day."""
    return [release for release in ANNOUNCED if release.mandatory_from <= on][-1]


def announced(number: str) -> Release | None:
    """The release of a number, if it was announced."""
    return next((release for release in ANNOUNCED if release.number == number), None)


def outdated(newest: date, on: date) -> str:
    """Why rules mandatory since `newest` are too old on a day; empty if they are not."""
    current = in_force(on)
    if newest < current.mandatory_from:
        return f"{current.title} is mandatory since {current.mandatory_from}."
    if on >= NEXT_EXPECTED and newest < NEXT_EXPECTED:
        return f"A release newer than {newest} was due by {NEXT_EXPECTED}."
    return ""
