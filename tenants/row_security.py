"""The second wall on PostgreSQL: which rows the database shows to whoever is at work.

The first wall is the query itself, which starts at the caller's organization. This one is shut
unless somebody opens it: without a scope the database shows and accepts no row of any tenant.
`limit_rows_to` opens it for the caller's organizations, and those that they manage or have made;
`everything` opens it wholly, for workers, commands, operators and the look-up of a caller. What
each table shows to whom is said in `tenants.row_policies`. SQLite has the first wall only.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tenants.models import Organization, User
from tenants.postgresql.scope import EVERYTHING, NOTHING, Scope
from tenants.postgresql.scope import scope as _scope


@contextmanager
def nothing() -> Iterator[None]:
    """Show no row of any tenant until the block ends: how every request begins."""
    with _opened(NOTHING):
        yield


@contextmanager
def everything() -> Iterator[None]:
    """Show and accept every row until the block ends. Say why where it is not plain."""
    with _opened(EVERYTHING):
        yield


def show_everything() -> None:
    """Show every row from now on: for a program that the operator has started."""
    _scope.set(EVERYTHING)


@contextmanager
def limit_rows_to(*organizations: Organization, person: User | None = None) -> Iterator[None]:
    """Show and accept only rows of `organizations`, and of those that they manage or have made,
    until the block ends.

    Their platforms' own rows can be read, not changed. `person` sees their own account; one who
    has no organization may found one.
    """
    scope = Scope(
        ",".join(str(organization.pk) for organization in organizations),
        ",".join(str(one.parent_id) for one in organizations if one.parent_id),
        str(person.pk) if person else "",
    )
    with _opened(scope):
        yield


@contextmanager
def limit_rows_to_bill_of(payer: Organization, *former: Organization) -> Iterator[None]:
    """Show the rows of `payer`, and beside them who is on its bill and how much each used, until
    the block ends: a payer's documents are counted, also of those whom it does not look at.

    `former` are those for whom it paid earlier in what is counted.
    """
    ids = ",".join(str(one.pk) for one in (payer, *former))
    with _opened(Scope(ids, payer=str(payer.pk))):
        yield


def in_scope(parts: Iterable[bytes]) -> Iterator[bytes]:
    """`parts`, each made in the scope of now: an answer is streamed when its view is through."""
    return _made_in(_scope.get(), iter(parts))


def _made_in(scope: Scope, parts: Iterator[bytes]) -> Iterator[bytes]:
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
def _opened(scope: Scope) -> Iterator[None]:
    """The scope of this thread, of which its connection is told before its next query."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)
