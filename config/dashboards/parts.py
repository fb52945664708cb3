"""What the first pages of both sites are made of."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants import tallies
from tenants.access import memberships

RECENT = timedelta(days=30)
# Of each kind of row, by state.
Numbers = Mapping[str, Counter[str]]


def network(request: HttpRequest) -> list[Any] | None:
    """The ribbon that says on which Peppol network this installation is; none in production."""
    ribbons = {"sandbox": [_("Sandbox"), "warning"], "test": [_("Test network"), "info"]}
    return ribbons.get(settings.PEPPOL_NETWORK)


def is_sandbox(request: HttpRequest) -> bool:
    """Whether the network is our own, which can be told to misbehave."""
    return bool(settings.PEPPOL_NETWORK == "sandbox")


@dataclass(frozen=True)
class Figure:
    """A number on the overview, what it counts, and where to look closer."""

    title: Any
    number: int
    note: Any
    link: str
    # What part of the number is worth a word: how many, what they are, and where they are listed.
    parts: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True)
class AttentionItem:
    """Something that goes no further until a person acts, and since when."""

    text: Any
    link: str
    icon: str
    since: datetime | None = None


@dataclass(frozen=True)
class Incident:
    """One thing that is wrong. `whom` is empty for the installation as a whole; `grave` is what
    keeps everybody's work from being done."""

    what: Any
    whom: str
    since: datetime
    link: str
    icon: str
    note: Any = ""
    grave: bool = False

    @property
    def tone(self) -> str:
        return "danger" if self.grave else "warning"


@dataclass(frozen=True)
class Kind:
    """Incidents of one kind: `rows` oldest first, how each is told, and where the others are."""

    rows: QuerySet[Any]
    tell: Callable[[Any], Incident]
    others: Any
    link: str
    icon: str


def numbers(request: HttpRequest) -> Numbers:
    """How many rows of each kind the organization that a request acts for has, by state.

    One query, however often a page asks.
    """
    kept: Numbers | None = getattr(request, "kept_numbers", None)
    if kept is None:
        kept = tallies.of(memberships.organization(request))
        request.kept_numbers = kept  # type: ignore[attr-defined]
    return kept


def page(name: str, query: str = "") -> str:
    """A list of the operator's."""
    return reverse(f"admin:{name}_changelist") + (f"?{query}" if query else "")


def one(name: str, row: Any) -> str:
    """The operator's page of a row."""
    return reverse(f"admin:{name}_change", args=[row.pk])


def recent_days() -> tuple[date, date]:
    """The first and the last of the days that a first page looks back on."""
    today = timezone.now().date()
    return today - RECENT + timedelta(days=1), today
