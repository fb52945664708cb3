"""Django's PostgreSQL engine, whose connections show the rows of whoever is at work, and no others.

The database is told for whom it shows rows in front of the next query: a request that changes its
scope five times and asks twice says so twice. What a transaction was told, its rollback takes
back, so nothing is taken for told after one. Savepoints go to the database in the same way, with
the next query; half of what a write said to it were those.
"""

import select
from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg import Error
from psycopg.pq import ConnStatus, TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

from tenants.postgresql.scope import Scope, scope
from tenants.postgresql.statements import Statement

# Statements that stand with another in one transaction, as those that make databases do not.
_ABOUT_ROWS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "EXECUTE ")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows what it was told, and without asking whether it still stands."""

    # The scope that the open connection shows; None: nobody knows.
    _told: Scope | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Savepoints, and ends of them, that the database has not heard of.
        self._unsaid: list[str] = []

    def make_cursor(self, cursor: Any) -> Any:
        return _Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> Any:
        return _DebugCursor(cursor, self)

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection to which nothing was told yet."""
        self._forget()
        connection = super().get_new_connection(conn_params)
        if self.timezone == UTC:
            # Django's own puts the time zone in that is there already, which on a list of a
            # hundred takes as long as asking for it.
            connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """As Django's own, which would look whether moments are read in another zone."""
        if self.timezone != UTC:
            return super().create_cursor(name)
        if name is None:
            return self.connection.cursor()
        options = {"scrollable": False, "withhold": self.connection.autocommit}
        cursor: Any = base.ServerSideCursor
        return cursor(self.connection, name=name, **options)

    def is_usable(self) -> bool:
        """Whether the other side still listens: what it has closed, there is something to read of.

        Asking it would take as long as a query of every request's takes.
        """
        if self.connection is None:
            return False
        server = self.connection.pgconn
        try:
            heard = select.poll()
            heard.register(server.socket, select.POLLIN)
            while heard.poll(0):
                server.consume_input()
        except (OSError, Error):
            return False
        return bool(server.status == ConnStatus.OK)

    def after_telling(self, execute: Callable[..., Any], cursor: Any, sql: Any, params: Any) -> Any:
        """What `execute` answers, the database having been told first what it does not know."""
        wanted = scope.get()
        if self._has_failed():
            return execute(sql, params)
        if isinstance(sql, Statement):
            sql, params = self._planned(sql, params)
        if wanted == self._told and not self._unsaid:
            return execute(sql, params)
        first = [*self._unsaid, *([wanted.telling] if wanted != self._told else [])]
        # Should anything go wrong now, nobody knows what was told.
        self._told = None
        try:
            plain = type(cursor) is base.Cursor
            if plain and str(sql).startswith(_ABOUT_ROWS):
                # In front of the query it costs no way to the database and back of its own.
                result = execute("; ".join([*first, sql]), params)
                for _ in first:
                    cursor.nextset()
            else:
                self._say(first)
                result = execute(sql, params)
        except Exception:
            # What cannot be written down as SQL never got there.
            if self._has_failed():
                self._unsaid.clear()
            raise
        self._unsaid.clear()
        self._told = wanted
        return result

    def _planned(self, statement: Statement, params: Any) -> tuple[str, list[Any]]:
        """How to run a statement that this connection has planned by then."""
        known: set[str] = self.connection.__dict__.setdefault("planned_statements", set())
        if statement.name not in known:
            self._say([statement.prepare(self.connection, params)])
            known.add(statement.name)
        return statement.execute, statement.values(params)

    def _has_failed(self) -> bool:
        """Whether the transaction can only be rolled back."""
        status = self.connection.info.transaction_status
        return bool(status == TransactionStatus.INERROR)

    def _say(self, statements: list[str]) -> None:
        """Say it without counting as one of the caller's queries."""
        with self.wrap_database_errors:
            self.connection.execute("; ".join(statements))

    def _forget(self) -> None:
        """Take nothing for told any more."""
        self._told = None
        self._unsaid.clear()

    def commit(self) -> None:
        """Commit; what has failed is rolled back by it, whatever it is called."""
        if self.connection is not None and self._has_failed():
            self._told = None
        # The end of the transaction is that of all its savepoints.
        self._unsaid.clear()
        super().commit()

    def rollback(self) -> None:
        """Roll back, and with the changes what was told since the transaction began."""
        self._forget()
        super().rollback()

    def _savepoint(self, sid: str) -> None:
        self._unsaid.append(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        begun = self._place_of(sid)
        if begun is None:
            self._unsaid.append(self.ops.savepoint_commit_sql(sid))
        else:
            del self._unsaid[begun:]

    def _savepoint_rollback(self, sid: str) -> None:
        begun = self._place_of(sid)
        if begun is None:
            self._forget()
            self._say([self.ops.savepoint_rollback_sql(sid)])
        else:
            # It can be rolled back to again.
            del self._unsaid[begun + 1 :]

    def _place_of(self, sid: str) -> int | None:
        """Where a savepoint stands among those that the database has not heard of."""
        begun = self.ops.savepoint_create_sql(sid)
        return self._unsaid.index(begun) if begun in self._unsaid else None


class _Telling:
    """A cursor that tells the database first, after all that watches over its queries."""

    db: DatabaseWrapper
    cursor: Any

    def _execute(self, sql: Any, params: Any, *watched: Any) -> Any:
        execute: Any = super()._execute  # type: ignore[misc]
        return self.db.after_telling(execute, self.cursor, sql, params)

    def _executemany(self, sql: Any, rows: Any, *watched: Any) -> Any:
        execute: Any = super()._executemany  # type: ignore[misc]
        return self.db.after_telling(execute, None, sql, rows)


class _Cursor(_Telling, CursorWrapper):
    pass


class _DebugCursor(_Telling, base.CursorDebugWrapper):
    pass
