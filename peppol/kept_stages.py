"""Has PostgreSQL keep where each company stands, whatever writes it or one of its registrations.

The stage is found out anew while its row is locked, so that of two writes at a time the later
one sees the earlier. Steps between which it cannot change, such as a worker's claim, ask nothing.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connection

from peppol.models import CompanyStage, Participant
from peppol.stages import STAGE
from tenants.models import Organization
from tenants.row_security import everything

_KEPT = CompanyStage._meta.db_table
_COMPANIES = Organization._meta.db_table
_REGISTRATIONS = Participant._meta.db_table
# What a company's own stage follows from.
_WATCHED = (
    "status",
    "test_mode",
    "company_number",
    "vat_number",
    "environment",
    "deleted_at",
    "kind",
)
# The functions that triggers call, and whose stage each of them asks for.
_CALLS = {
    "peppol_stage_of_company": "new.id",
    "peppol_stage_of_registration": "new.organization_id",
    "peppol_stage_without_registration": "old.organization_id",
    "peppol_stage_without_company": "old.id",
}


def build(app_config: AppConfig, using: str, **_: Any) -> None:
    """After a migration, have stages kept, and find out those of the companies that are there."""
    if using != "default" or connection.vendor != "postgresql" or app_config.label != "peppol":
        return
    tables = set(connection.introspection.table_names())
    if not {_KEPT, _COMPANIES, _REGISTRATIONS} <= tables or _is_kept():
        return
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)
    with everything():
        put_right()


def put_right() -> int:
    """Compare every kept stage with the rows there are; how many were wrong."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_written("true"))
        wrong = cursor.rowcount
        cursor.execute(_removed("true"))
        return int(wrong + cursor.rowcount)


def _is_kept() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'peppol_keep_stage'")
        return (_body(),) in cursor.fetchall()


def _statements() -> list[str]:
    old, new = (f"({', '.join(f'{row}.{name}' for name in _WATCHED)})" for row in ("old", "new"))
    was, now = _standing("old.state"), _standing("new.state")
    made = [
        "create or replace function peppol_keep_stage(whose uuid) returns void language plpgsql"
        f" as $keep${_body()}$keep$"
    ]
    for function, column in _CALLS.items():
        made.append(
            f"create or replace function {function}() returns trigger language plpgsql"
            f" as $call$ begin perform peppol_keep_stage({column}); return null; end $call$"
        )
    watches = (
        (_COMPANIES, "insert", "new.kind = 'managed'", "peppol_stage_of_company"),
        (_COMPANIES, "update", f"{old} is distinct from {new}", "peppol_stage_of_company"),
        (_REGISTRATIONS, "insert", "true", "peppol_stage_of_registration"),
        (_REGISTRATIONS, "update", f"{was} <> {now}", "peppol_stage_of_registration"),
        (_REGISTRATIONS, "delete", "true", "peppol_stage_without_registration"),
        (_COMPANIES, "delete", "true", "peppol_stage_without_company"),
    )
    for table, event, when, function in watches:
        name = f"{table}_stage_{event}"
        made += [
            f"drop trigger if exists {name} on {table}",
            f"create trigger {name} after {event} on {table} for each row when ({when})"
            f" execute function {function}()",
        ]
    return made


def _standing(state: str) -> str:
    """What of a registration's state a stage follows from, in SQL."""
    under_way = ", ".join(
        f"'{one}'" for one in (*Participant.UNDER_WAY_STATES, Participant.State.UNREGISTERING)
    )
    return f"(case when {state} in ({under_way}) then 'waiting' else {state} end)"


def _body() -> str:
    lock = f"perform 1 from {_KEPT} where organization_id = whose for no key update"
    written, removed = _written(f"{_COMPANIES}.id = whose"), _removed("organization_id = whose")
    return f" begin {lock}; {written}; {removed}; end "


def _written(condition: str) -> str:
    """Notes the stages of companies of which another one is kept, or none."""
    return (
        f"insert into {_KEPT} as kept (organization_id, platform_id, environment, stage)"  # noqa: S608
        f" select id, parent_id, environment, {_stage()} from {_COMPANIES}"
        f" where {condition} and kind = 'managed' and deleted_at is null"
        " on conflict (organization_id) do update"
        " set stage = excluded.stage, environment = excluded.environment"
        " where (kept.stage, kept.environment)"
        " is distinct from (excluded.stage, excluded.environment)"
    )


def _removed(condition: str) -> str:
    there = f"select 1 from {_COMPANIES} o where o.id = organization_id and o.deleted_at is null"  # noqa: S608
    return f"delete from {_KEPT} where {condition} and not exists ({there})"  # noqa: S608


def _stage() -> str:
    """The definition of a stage as PostgreSQL's own words."""
    query = Organization.objects.order_by().annotate(stage=STAGE).values("stage").query
    sql, given = query.sql_with_params()
    words = sql % tuple(_literal(value) for value in given)
    return words[len("SELECT ") : words.rindex(f' FROM "{_COMPANIES}"')].rsplit(" AS ", 1)[0]


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
