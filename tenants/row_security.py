"""The second wall on PostgreSQL: which rows the database shows to whoever is at work.

The first wall is the query itself, which starts at the caller's organization. This one is shut
unless somebody opens it: without a scope the database shows and accepts no row of any tenant.
`limit_rows_to` opens it for the caller's organizations, and those that they manage or have made;
`everything` opens it wholly, for workers, commands, operators and the look-up of a caller. What
each table shows to whom is said in `tenants.row_policies`. SQLite has the first wall only.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection, transaction

from tenants.models import Organization, User

ORGANIZATIONS = "gatehouse.organization"
PLATFORMS = "gatehouse.platform"
PERSON = "gatehouse.person"
_TOLD = "select set_config(%s, %s, false), set_config(%s, %s, false), set_config(%s, %s, false)"


@dataclass(frozen=True, slots=True)
class _Scope:
    """For whom rows are shown: `*` or ids of organizations, of the platforms above, of a person."""

    organizations: str = ""
    platforms: str = ""
    person: str = ""


_NOTHING, _EVERYTHING = _Scope(), _Scope("*")
# A new thread begins without any, and so sees nothing.
_scope: ContextVar[_Scope] = ContextVar("row_scope", default=_NOTHING)


@contextmanager
def nothing() -> Iterator[None]:
    """Show no row of any tenant until the block ends: how every request begins."""
    with _opened(_NOTHING):
        yield


@contextmanager
def everything() -> Iterator[None]:
    """Show and accept every row until the block ends. Say why where it is not plain."""
    with _opened(_EVERYTHING):
        yield


def show_everything() -> None:
    """Show every row from now on: for a program that the operator has started."""
    _scope.set(_EVERYTHING)
    _tell(connection)


@contextmanager
def limit_rows_to(*organizations: Organization, person: User | None = None) -> Iterator[None]:
    """Show and accept only rows of `organizations`, and of those that they manage or have made,
    until the block ends.

    Their platforms' own rows can be read, not changed. `person` sees their own account; one who
    has no organization may found one.
    """
    scope = _Scope(
        ",".join(str(organization.pk) for organization in organizations),
        ",".join(str(one.parent_id) for one in organizations if one.parent_id),
        str(person.pk) if person else "",
    )
    with _opened(scope):
        yield


def in_scope(parts: Iterable[bytes]) -> Iterator[bytes]:
    """`parts`, each made in the scope of now: an answer is streamed when its view is through."""
    return _made_in(_scope.get(), iter(parts))


def _made_in(scope: _Scope, parts: Iterator[bytes]) -> Iterator[bytes]:
    while True:
        with _opened(scope):
            part = next(parts, None)
        if part is None:
            return
        yield part


@contextmanager
def one_transaction() -> Iterator[None]:
    """On PostgreSQL, make the block one transaction, which may be made again as a whole."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        yield


@contextmanager
def _opened(scope: _Scope) -> Iterator[None]:
    """The scope of this thread, told to its connection now and to any that it opens later.

    The setting is the session's, for not every query stands in a transaction. It is put back at
    the end; where a transaction failed inside, its end puts it back, for blocks of both kinds are
    nested in each other.
    """
    token = _scope.set(scope)
    _tell(connection)
    try:
        yield
    finally:
        _scope.reset(token)
        _tell(connection)


def _tell(at: Any) -> None:
    """Tell an open connection the scope, without counting as one of the caller's queries."""
    raw = at.connection
    if at.vendor != "postgresql" or raw is None or raw.closed:
        return
    if raw.info.transaction_status.name == "INERROR":
        return
    scope = _scope.get()
    values = [ORGANIZATIONS, scope.organizations, PLATFORMS, scope.platforms, PERSON, scope.person]
    try:
        with at.wrap_database_errors:
            raw.execute(_TOLD, values)
    except Error:
        # What cannot be told shows nothing more: the next query has a new connection, which is.
        if at.in_atomic_block:
            raise
        at.close()


def tell_new_connection(connection: Any, **_: Any) -> None:
    """Have a connection that was opened just now show what its thread may see."""
    _tell(connection)
