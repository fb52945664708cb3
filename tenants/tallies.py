"""How many rows there are of a kind, by state: kept by the writes, never counted for a page.

    tallies.declare("participant", Participant, state="state")
    tallies.by_state("participant", of=platform)["active"]

Of a hundred thousand companies a count takes as long as reading all of them. On PostgreSQL the
database itself keeps the numbers (`tenants.postgresql.tallies`), whatever writes a row: no write
of ours can forget it, and what is rolled back was never counted. SQLite counts.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Sum

from tenants.models import Organization
from tenants.models.tallies import Tally

_TABLE = Tally._meta.db_table
COLUMNS = "organization_id, subject, state, environment"


@dataclass(frozen=True)
class Kept:
    """What is counted of a table, in SQL that both databases read.

    `subject` tells kinds of rows apart; `only` are the rows that count; a row's number changes
    when one of the `watched` columns does.
    """

    table: str
    subject: str
    platform: str
    state: str
    only: str
    watched: tuple[str, ...]

    @property
    def facts(self) -> str:
        """What a row is counted by: the columns of a tally."""
        return (
            f"{self.platform} as organization_id, {self.subject} as subject,"
            f" {self.state} as state, environment as environment"
        )

    @property
    def truth(self) -> str:
        """The question how many rows there are, which reads all of them."""
        return (
            f"select {self.facts}, count(*) as number from {self.table} where {self.only}"  # noqa: S608 — our own names
            " group by 1, 2, 3, 4"
        )


_declared: dict[str, Kept] = {}


def declare(
    subject: str,
    model: type[models.Model],
    *,
    state: str,
    platform: str = "platform_id",
    only: str = "1 = 1",
    watched: tuple[str, ...] = (),
) -> None:
    """Have rows of `model` counted by platform, state and environment.

    `subject` is a name, or SQL in brackets that makes one of the row.
    """
    name = subject if subject.startswith("(") else f"'{subject}'"
    _declared[model._meta.db_table] = Kept(
        model._meta.db_table, name, platform, state, only, ("environment", *(watched or (state,)))
    )


def kept(table: str) -> Kept | None:
    """What is counted of a table."""
    return _declared.get(table)


def by_state(subject: str, of: Organization | None = None, environment: str = "") -> "Counter[str]":
    """How many rows a platform, or everybody, has in each state. One query."""
    if connection.vendor != "postgresql":
        return _counted(subject, of, environment)
    rows = Tally.objects.filter(subject=subject)
    if of is not None:
        rows = rows.filter(organization=of)
    if environment:
        rows = rows.filter(environment=environment)
    # Of a state that nothing is in any more there may be numbers that add to nothing.
    return +Counter(dict(rows.values_list("state").annotate(Sum("number"))))


def number(subject: str, of: Organization | None = None, environment: str = "") -> int:
    """How many rows a platform, or everybody, has in all. One query."""
    return by_state(subject, of, environment).total()


def _counted(subject: str, of: Organization | None, environment: str) -> "Counter[str]":
    key: Any = Organization._meta.pk
    whose = key.get_db_prep_value(of.pk, connection) if of is not None else ""
    wanted = {"subject": subject, "environment": environment, "organization_id": whose}
    given = {column: value for column, value in wanted.items() if value}
    told = " and ".join(f"{column} = %s" for column in given)
    all_of_them = " union all ".join(one.truth for one in _declared.values())
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            f"select state, number from ({all_of_them}) rows where {told}",  # noqa: S608 — our own names
            list(given.values()),
        )
        for state, number in cursor.fetchall():
            found[state] += number
    return found


def fold() -> None:
    """Make one row of those that add to the same number. Nobody waits for it, nor sees it."""
    if connection.vendor == "postgresql":
        several = f"select {COLUMNS} from {_TABLE} group by {COLUMNS} having count(*) > 1"  # noqa: S608 — our own names
        _run(
            f"with folded as (delete from {_TABLE} where id in"  # noqa: S608 — our own names
            f" (select id from {_TABLE} where ({COLUMNS}) in ({several})"
            " for update skip locked) returning *)"
            f" insert into {_TABLE} ({COLUMNS}, number)"
            f" select {COLUMNS}, sum(number) from folded group by {COLUMNS}"
            " having sum(number) <> 0"
        )


def put_right() -> int:
    """Compare every number with the rows there are, and add what is missing; how many were wrong.

    One statement: it sees rows and numbers as of one moment, and what is written meanwhile adds
    to the one as to the other.
    """
    if connection.vendor != "postgresql":
        return 0
    truths = " union all ".join(one.truth for one in _declared.values())
    return _run(
        f"insert into {_TABLE} ({COLUMNS}, number)"  # noqa: S608 — our own names
        f" select {COLUMNS}, sum(number) from ({truths}"
        f" union all select {COLUMNS}, -number from {_TABLE}) counted"
        f" group by {COLUMNS} having sum(number) <> 0"
    )


def _run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
