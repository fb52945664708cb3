"""Queries whose SQL is put together once, for what is asked at every request.

    KEY = Prepared(
        lambda digest: ApiKey.objects.filter(digest=digest).select_related("organization"),
        digest=models.CharField(),
    )
    KEY.rows(digest=given)

Putting the SQL of a hundred columns together costs more than fetching a row of them.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import ModelIterable, QuerySet

_Row = TypeVar("_Row", bound=models.Model)


class Prepared(Generic[_Row]):
    """A query of rows with parameters, each of a field's kind.

    `ask` makes the queryset of them. It is called once, with marks in their places: it must not
    look at the values, and what it computes itself stays as it was then.
    """

    def __init__(self, ask: Callable[..., QuerySet[_Row]], **parameters: "models.Field[Any, Any]"):
        self._ask = ask
        self._parameters = parameters

    def rows(self, **values: Any) -> list[_Row]:
        """The rows for these values, one for each parameter. Prefetches nothing."""
        return self._compiled.rows(
            [field.get_db_prep_value(values[name], connection) for name, field in self._fields]
        )

    def first(self, **values: Any) -> _Row | None:
        """The first of them, if there is any."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _fields(self) -> "list[tuple[str, models.Field[Any, Any]]]":
        return list(self._parameters.items())

    @cached_property
    def _compiled(self) -> "_Compiled[_Row]":
        marks = {name: _mark(field, n) for n, (name, field) in enumerate(self._fields)}
        written = [field.get_db_prep_value(marks[name], connection) for name, field in self._fields]
        queryset = self._ask(**marks)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        places = [written.index(p) if p in written else None for p in parameters]
        missing = set(range(len(written))).difference(places)
        if missing:
            raise TypeError(f"The query does not ask by {self._fields[min(missing)][0]}.")
        return _Compiled(queryset, compiler, sql, tuple(parameters), tuple(places))


def attach(row: models.Model, name: str, related: list[Any]) -> None:
    """Have `row.name.all()` be `related`, as if they had been prefetched."""
    rows = getattr(row, name).get_queryset()
    rows._result_cache, rows._prefetch_done = related, True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def _mark(field: "models.Field[Any, Any]", n: int) -> Any:
    """A value of that kind which nobody writes into a query."""
    if isinstance(field, models.UUIDField):
        return UUID(int=n + 1)
    if isinstance(field, models.DateTimeField):
        return datetime(1, 1, 1 + n, tzinfo=UTC)
    return f"\ufffe{n}"


@dataclass(frozen=True)
class _Compiled(Generic[_Row]):
    """The SQL of a query, and which of its parameters are given from outside."""

    queryset: QuerySet[_Row]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int | None, ...]

    def rows(self, values: list[Any]) -> list[_Row]:
        """The rows for these values, read by this thread's connection."""
        given = tuple(
            kept if place is None else values[place]
            for kept, place in zip(self.parameters, self.places, strict=True)
        )
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_, **__: (self.sql, given)
        query: Any = copy(self.queryset.query)
        query.get_compiler = lambda *_, **__: compiler
        asked: Any = QuerySet(self.queryset.model, query=query, using=self.queryset.db)
        return list(ModelIterable(asked))
