"""What the first pages of both sites are made of."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def network(request: HttpRequest) -> list[Any] | None:
    """The ribbon that says on which Peppol network this installation is; none in production."""
    ribbons = {"sandbox": [_("Sandbox"), "warning"], "test": [_("Test network"), "info"]}
    return ribbons.get(settings.PEPPOL_NETWORK)


@dataclass(frozen=True)
class Figure:
    """A number on the overview, what it counts, and where to look closer."""

    title: Any
    number: int
    note: Any
    link: str


@dataclass(frozen=True)
class Worry:
    """Something that goes no further until a person acts."""

    text: Any
    link: str
    icon: str


def worries(*known: tuple[int, Any, str, str]) -> list[Worry]:
    """Those of (how many, sentence, where, icon) of which there are any."""
    return [Worry(text % count, link, icon) for count, text, link, icon in known if count]
