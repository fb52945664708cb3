"""Has PostgreSQL keep the numbers of `tenants.tallies`: after each write it adds what changed."""

from django.apps import AppConfig
from django.db import connection

from tenants import tallies
from tenants.models.tallies import Tally
from tenants.row_security import everything
from tenants.tallies import COLUMNS, Kept

_TALLY = Tally._meta.db_table
_TRIGGERS = {
    "insert": "after insert on {table} referencing new table as added for each statement",
    "delete": "after delete on {table} referencing old table as gone for each statement",
    "update": "after update on {table} for each row when (({old}) is distinct from ({new}))",
}


def build(app_config: AppConfig, using: str, **_: object) -> None:
    """After a migration, have the app's declared tables counted, and count what is there."""
    if using != "default" or connection.vendor != "postgresql":
        return
    tables = set(connection.introspection.table_names())
    found = [tallies.kept(model._meta.db_table) for model in app_config.get_models()]
    declared = {one.table: one for one in found if one is not None}.values()
    new = [one for one in declared if {one.table, _TALLY} <= tables and not _is_watched(one)]
    for kept in new:
        _watch(kept)
    if new:
        with everything():
            tallies.put_right()


def _is_watched(kept: Kept) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = %s", [f"{kept.table}_tally"])
        return (_body(kept),) in cursor.fetchall()


def _watch(kept: Kept) -> None:
    statements = [
        f"create or replace function {kept.table}_tally() returns trigger language plpgsql"
        f" as $tally${_body(kept)}$tally$"
    ]
    for event, told in _TRIGGERS.items():
        when = told.format(
            table=kept.table,
            old=", ".join(f"old.{column}" for column in kept.watched),
            new=", ".join(f"new.{column}" for column in kept.watched),
        )
        name = f"{kept.table}_tally_{event}"
        statements += [
            f"drop trigger if exists {name} on {kept.table}",
            f"create trigger {name} {when} execute function {kept.table}_tally()",
        ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _body(kept: Kept) -> str:
    """What is done after a write; it says what it watches, so that another is known for one."""

    def adding(rows: str, sign: str) -> str:
        return f"select {kept.facts}, {sign}1 as number from {rows} counted where {kept.only}"  # noqa: S608 — our own names

    def summed(rows: str) -> str:
        return (
            f"insert into {_TALLY} ({COLUMNS}, number)"  # noqa: S608 — our own names
            f" select {COLUMNS}, sum(number) from ({rows}) changes"
            f" group by {COLUMNS} having sum(number) <> 0;"
        )

    changed = f"{adding('(select old.*)', '-')} union all {adding('(select new.*)', '')}"
    return (
        f"/* {', '.join(kept.watched)} */ begin"
        f" if tg_op = 'INSERT' then {summed(adding('added', ''))}"
        f" elsif tg_op = 'DELETE' then {summed(adding('gone', '-'))}"
        f" else {summed(changed)} end if; return null; end"
    )
