"""Django's PostgreSQL engine, whose connections show the rows of whoever is at work, and no others.

The database is told for whom it shows rows just before a query that needs it told: a request that
changes its scope five times and asks twice says so twice. What a transaction was told, its
rollback takes back, so nothing is taken for told after one.
"""

import select
from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Error
from psycopg.pq import ConnStatus, TransactionStatus

from tenants.postgresql.scope import Scope, scope

# Statements that stand with another in one transaction, as those that make databases do not.
_ABOUT_ROWS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows what it was told, and without asking whether it still stands."""

    # The scope that the open connection shows; None: nobody knows.
    _told: Scope | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._after_telling)

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection to which nothing was told yet."""
        self._told = None
        return super().get_new_connection(conn_params)

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

    def _after_telling(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        wanted = scope.get()
        if wanted == self._told or not self._can_be_told():
            return execute(sql, params, many, context)
        # Should anything go wrong now, nobody knows what was told.
        self._told = None
        cursor: Any = context["cursor"].cursor
        plain = type(cursor) is base.Cursor and not many
        if plain and str(sql).startswith(_ABOUT_ROWS):
            # In front of the query it costs no way to the database and back of its own.
            result = execute(f"{wanted.telling}; {sql}", params, many, context)
            cursor.nextset()
        else:
            self._tell(wanted)
            result = execute(sql, params, many, context)
        self._told = wanted
        return result

    def _can_be_told(self) -> bool:
        status = self.connection.info.transaction_status
        return bool(status != TransactionStatus.INERROR)

    def _tell(self, wanted: Scope) -> None:
        """Say it without counting as one of the caller's queries."""
        with self.wrap_database_errors:
            self.connection.execute(wanted.telling)

    def commit(self) -> None:
        """Commit; what has failed is rolled back by it, whatever it is called."""
        if self.connection is not None and not self._can_be_told():
            self._told = None
        super().commit()

    def rollback(self) -> None:
        """Roll back, and with the changes what was told since the transaction began."""
        self._told = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to there, and with the changes what was told since."""
        super().savepoint_rollback(sid)
        self._told = None
