"""The suite's role in PostgreSQL: an ordinary one, for superusers walk through walls."""

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

ON_POSTGRESQL = [
    pytest.mark.postgres,
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no row-level security"
    ),
]
ROLE = "gatehouse_tests"


def become_ordinary() -> None:
    """Run the suite as a role that the walls hold, whatever role `DATABASE_URL` names.

    A superuser makes the role, which then owns the databases of the suite as an installation's
    own role would; databases that an earlier run left behind are given to it.
    """
    given = settings.DATABASES["default"]
    if connection.vendor != "postgresql":
        return
    with psycopg.connect(**_address(given), autocommit=True) as server:
        if _is_ordinary(server):
            return
        _make(server, given["PASSWORD"] or ROLE, f"test_{given['NAME']}")
    given.update(USER=ROLE, PASSWORD=given["PASSWORD"] or ROLE)


def _address(given: dict[str, Any]) -> dict[str, Any]:
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    found = {ours: given[theirs] for theirs, ours in {**names, "PORT": "port"}.items()}
    return {name: value for name, value in found.items() if value}


def _is_ordinary(server: psycopg.Connection) -> bool:
    row = server.execute(
        "select not (rolsuper or rolbypassrls) from pg_roles where rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def _make(server: psycopg.Connection, password: str, database: str) -> None:
    with server.transaction():
        # Workers of one run begin together.
        server.execute("select pg_advisory_xact_lock(hashtext(%s))", [ROLE])
        known = server.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone()
        role, verb = sql.Identifier(ROLE), sql.SQL("alter" if known else "create")
        server.execute(
            sql.SQL("{} role {} login createdb nosuperuser nobypassrls password {}").format(
                verb, role, sql.Literal(password)
            )
        )
        left = server.execute(
            "select datname from pg_database where datname = %s or datname like %s",
            [database, f"{database}\\_gw%"],
        )
        for (name,) in left.fetchall():
            server.execute(
                sql.SQL("alter database {} owner to {}").format(sql.Identifier(name), role)
            )
