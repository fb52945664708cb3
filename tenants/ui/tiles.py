"""What staff see of an organization at a glance: tiles of facts, each with the way to more.

An app says with `tile` what it knows of an organization. The tiles stand on the organization's
page, and beside the application of one that asks to become a platform.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tenants.models import Organization
from tenants.ui import display


@dataclass(frozen=True)
class Fact:
    """One line of a tile. With a `link`, what it counts is listed there."""

    name: Any
    text: Any
    link: str = ""


@dataclass(frozen=True)
class Tile:
    """What one app knows: facts, and what a person may add to them. Without facts `empty`."""

    title: Any
    facts: tuple[Fact, ...]
    empty: Any = ""
    add: str = ""
    add_text: Any = ""
    dialog: bool = False


Teller = Callable[[Organization], Tile | None]
_TELLERS: dict[int, Teller] = {}
_INQUIRERS: dict[int, Teller] = {}


def tile(place: int, *, inquires: bool = False) -> Callable[[Teller], Teller]:
    """Have a function tell its tile in this place; it answers None where it has nothing to say.

    One that `inquires` asks somebody elsewhere, which may take seconds.
    """

    def register(teller: Teller) -> Teller:
        (_INQUIRERS if inquires else _TELLERS)[place] = teller
        return teller

    return register


def tiles(organization: Organization, *only: str) -> list[Tile]:
    """What is known of an organization and, for a platform, of its companies.

    Everything, or the tiles that functions of these names tell.
    """
    tellers = [_TELLERS[place] for place in sorted(_TELLERS)]
    return _told(organization, [one for one in tellers if not only or one.__name__ in only])


def inquiries(organization: Organization) -> list[Tile]:
    """What others say of an organization. Takes seconds: not while somebody waits for a page."""
    return _told(organization, [_INQUIRERS[place] for place in sorted(_INQUIRERS)])


def _told(organization: Organization, tellers: Iterable[Teller]) -> list[Tile]:
    told = (teller(organization) for teller in tellers)
    return [one for one in told if one is not None]


def listed(page: str, organization: Organization, **narrowed: Any) -> str:
    """The list of a page's rows that belong to an organization or to companies it manages."""
    whose = "platform" if organization.is_platform else "organization"
    query = urlencode({whose: organization.pk, **narrowed})
    return f"{reverse(f'admin:{page}_changelist')}?{query}"


def added(page: str, organization: Organization) -> str:
    """Where one more of a page's rows is made for an organization, and from there back to it."""
    back = reverse("admin:tenants_organization_change", args=[organization.pk])
    query = urlencode({"organization": organization.pk, "next": back})
    return f"{reverse(f'admin:{page}_add')}?{query}"


def counted(
    page: str, organization: Organization, by: str, counts: Iterable[tuple[str, Any, int]]
) -> tuple[Fact, ...]:
    """A fact for each (value, its name, how many) of which there are any; `by` filters the list."""
    return tuple(
        Fact(display.pill(value, name), display.count(n), listed(page, organization, **{by: value}))
        for value, name, n in counts
        if n
    )
