"""Pages of a list in the order of its ids, newest first, and the cursors that lead from one to
the next. Page 1,000 costs what page 1 costs, and what comes or goes meanwhile moves nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db import models

from tenants.errors import Invalid

_Row = TypeVar("_Row", bound=models.Model)


@dataclass(frozen=True)
class Page(Generic[_Row]):
    """Some rows, and the cursor of the next page: empty on the last one."""

    rows: list[_Row]
    next: str


def page(
    rows: "models.QuerySet[_Row]",
    *,
    limit: int,
    cursor: str,
    scope: str,
    oldest: _Row | None = None,
    take: "Callable[[models.QuerySet[_Row], int], list[_Row]] | None" = None,
) -> Page[_Row]:
    """The page of `rows` that `cursor` leads to, the first one without.

    `scope` says whose list it is, and which: a cursor of another list, or one that nobody gave
    out, raises Invalid (`invalid_cursor`). `oldest` is a row that ends the list although it is
    not one of `rows`; it is older than all of them. `take` reads so many of the newest.
    """
    after = _read(cursor, scope) if cursor else None
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = take(rows, limit + 1) if take else list(rows.order_by("-pk")[: limit + 1])
    if oldest is not None and (after is None or oldest.pk < after):
        found.append(oldest)
    more = len(found) > limit
    shown = found[:limit]
    return Page(shown, _spell(shown[-1].pk, scope) if more else "")


def _signer(scope: str) -> signing.Signer:
    return signing.Signer(salt=f"cursor:{scope}")


def _spell(id: Any, scope: str) -> str:
    return _signer(scope).sign_object(str(id))


def _read(cursor: str, scope: str) -> UUID:
    try:
        return UUID(_signer(scope).unsign_object(cursor))
    except (signing.BadSignature, ValueError):
        sentence = "This cursor is not one of this list."
        raise Invalid(sentence, code="invalid_cursor", fields={"cursor": [sentence]}) from None
