"""What a request remembers, so that a page that asks ten times reads once."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

T = TypeVar("T")


def once(request: HttpRequest, name: str, find: Callable[[HttpRequest], T]) -> T:
    """What `find` makes of the request, found the first time that `name` is asked for."""
    kept = request.__dict__
    if name not in kept:
        kept[name] = find(request)
    found: T = kept[name]
    return found


def keep(request: HttpRequest, name: str, value: object) -> None:
    """Have `once` answer `value` from now on."""
    request.__dict__[name] = value
