"""How many rows there are: exactly while they are few, about when they are many.

To count a million rows takes as long as to read them. PostgreSQL knows from its statistics how
many of them a condition leaves; SQLite has no such statistics, and counts.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

EXACTLY = 1000
# Statistics change as slowly.
_KEPT = 600


@dataclass(frozen=True)
class Total:
    """How many rows there are. What is not `exact` may be off by a good deal."""

    number: int
    exact: bool = True


def total(rows: "QuerySet[Any, Any]") -> Total:
    """How many `rows` there are: one query where they are few, and seldom more than two."""
    plain = rows.order_by().values("pk")
    if connection.vendor != "postgresql":
        return Total(plain.count())
    counted = plain[: EXACTLY + 1].count()
    if counted <= EXACTLY:
        return Total(counted)
    guess = _planned(plain) * _too_low(rows.model._meta.db_table, rows)
    return Total(max(_rounded(guess), EXACTLY), exact=False)


def _planned(rows: Any) -> float:
    """How many rows the planner expects."""
    plan: dict[str, Any] = json.loads(rows.explain(format="json"))[0]["Plan"]
    return float(plan["Plan Rows"])


def _too_low(table: str, rows: Any) -> float:
    """By what the planner's guesses about a table are to be multiplied.

    It takes the policy of row-level security for a condition that leaves out a part of the rows,
    in every question alike; the question for all of them tells which part.
    """

    def asked() -> float:
        with connection.cursor() as cursor:
            cursor.execute("select reltuples from pg_class where oid = %s::regclass", [table])
            known = float(cursor.fetchone()[0])
        return max(known / max(_planned(rows.model._base_manager.values("pk")), 1), 1)

    known: float = cache.get_or_set(f"estimate:{table}", asked, _KEPT) or 1.0
    return known


def _rounded(number: float) -> int:
    """To two digits: more would look as if they were counted."""
    whole = round(number)
    return round(whole, 2 - len(str(whole)))
