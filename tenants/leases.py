"""Leases: a row is one worker's for a while, and whoever comes back late leaves no effect.

A lease is a time in the row: when somebody else may take it. Whoever takes the row later writes a
later time, so the time is also the fence: what a worker found out is written only while the row
still says the time that this worker wrote.
"""

from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

Row = TypeVar("Row", bound=Model)


def take(row: Model, column: str, length: timedelta, **also: Any) -> bool:
    """Make `row` the caller's for `length`, with `also` written into it; False when it is another
    one's since it was read."""
    values = {column: timezone.now() + length, **also}
    if not held(row, column).update(**values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def held(row: Row, column: str) -> QuerySet[Row]:
    """`row`, as a query that finds it only while its lease is the one that `row` knows of."""
    return type(row)._default_manager.filter(pk=row.pk, **{column: getattr(row, column)})
