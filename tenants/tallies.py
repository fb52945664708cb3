"""How many rows there are of a kind, by state: kept by the writes, never counted for a page.

    tallies.declare("participant", Participant, state="state")
    tallies.of(platform)["participant"]["active"]

Of a hundred thousand companies a count takes as long as reading all of them. On PostgreSQL the
database itself keeps the numbers (`tenants.postgresql.tallies`), whatever writes a row: no write
of ours can forget it, and what is rolled back was never counted. SQLite counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from tenants.models import Organization
from tenants.models.tallies import Tally
from tenants.postgresql.statements import Statement

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
    organization: str
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

    def truth(self, condition: str = "1 = 1") -> str:
        """The question how many rows there are, which reads all of them."""
        return (
            f"select {self.facts}, count(*) as number from {self.table}"  # noqa: S608 — our own names
            f" where {self.only} and {condition} group by 1, 2, 3, 4"
        )


_declared: dict[str, Kept] = {}
# Every page of a platform shows some of its numbers, and every list of an API the number of all.
_KEPT = Statement(
    f"SELECT subject, state, sum(number) FROM {_TABLE} WHERE organization_id = %s"  # noqa: S608 — our own name
    " AND (%s::text = '' OR environment = %s) GROUP BY subject, state",
    "numbers_of_a_platform",
    [True] * 3,
)


def declare(
    subject: str,
    model: type[models.Model],
    *,
    state: str,
    organization: str = "organization_id",
    platform: str = "platform_id",
    only: str = "1 = 1",
    watched: tuple[str, ...],
) -> None:
    """Have rows of `model` counted by platform, state and environment.

    `subject` is a name, or SQL in brackets that makes one of the row; `organization` and
    `platform` say whose a row is.
    """
    name = subject if subject.startswith("(") else f"'{subject}'"
    table = model._meta.db_table
    columns = ("environment", *watched)
    _declared[table] = Kept(table, name, organization, platform, state, only, columns)


def kept(table: str) -> Kept | None:
    """What is counted of a table."""
    return _declared.get(table)


def of(
    organization: Organization | None = None, environment: str = ""
) -> "defaultdict[str, Counter[str]]":
    """How many rows of each kind an organization with its companies has in each state, of one
    environment if that is said; without an organization, everybody together. One query.
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    managed = organization is not None and organization.parent_id is not None
    read = _counted if managed or connection.vendor != "postgresql" else _added
    for subject, state, number in read(organization, environment):
        # Of a state that nothing is in any more there may be numbers that add to nothing.
        if number:
            found[subject][state] += int(number)
    return found


def number(subject: str, organization: Organization | None = None, environment: str = "") -> int:
    """How many rows of a kind there are in all. One query."""
    return of(organization, environment)[subject].total()


def companies(environment: str = "") -> Any:
    """How many companies each organization of a list manages, as an expression."""
    narrowed = {"environment": environment} if environment else {}
    if connection.vendor != "postgresql":
        theirs = {f"companies__{name}": value for name, value in narrowed.items()}
        return Count("companies", filter=Q(companies__deleted_at=None, **theirs))
    mine = Tally.objects.filter(organization=OuterRef("pk"), subject="managed", **narrowed)
    rows = mine.order_by().values("organization").annotate(n=Sum("number")).values("n")
    return Coalesce(Subquery(rows, output_field=models.BigIntegerField()), 0)


def _added(organization: Organization | None, environment: str) -> Iterable[tuple[str, str, int]]:
    """The numbers that are kept."""
    if organization is None:
        return Tally.objects.values_list("subject", "state").annotate(Sum("number"))
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [organization.pk, environment, environment])
        return list(cursor.fetchall())


def _counted(organization: Organization | None, environment: str) -> Iterable[tuple[str, str, int]]:
    """The numbers of the rows there are: of a company, whose rows are few, or of SQLite's."""
    managed = organization is not None and organization.parent_id is not None
    truths, given = [], []
    for one in _declared.values():
        whose = one.organization if managed else one.platform
        condition = f"{whose} = %s" if organization is not None else "1 = 1"
        truths.append(one.truth(condition))
        given += [_key(organization)] if organization is not None else []
    told = "environment = %s" if environment else "1 = 1"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select subject, state, number from ({' union all '.join(truths)}) counted"  # noqa: S608 — our own names
            f" where {told}",
            [*given, *([environment] if environment else [])],
        )
        return list(cursor.fetchall())


def _key(organization: Organization) -> Any:
    key: Any = Organization._meta.pk
    return key.get_db_prep_value(organization.pk, connection)


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
    truths = " union all ".join(one.truth() for one in _declared.values())
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
