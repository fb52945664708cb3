"""Queries whose SQL is put together once, for what is asked at every request.

    KEY = Prepared(
        lambda digest: ApiKey.objects.filter(digest=digest).select_related("organization"),
        digest=models.CharField(),
    )
    KEY.rows(digest=given)

Putting the SQL of a hundred columns together costs more than fetching a row of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import QuerySet, get_related_populators

from tenants.postgresql.statements import Statement

_Row = TypeVar("_Row", bound=models.Model)
# Of the statements of this process.
_NUMBERS = count(1)


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

    def one(self, **values: Any) -> _Row:
        """The first of them. Raises DoesNotExist when there is none."""
        found = self.first(**values)
        if found is None:
            # django-stubs knows it of managers' models alone.
            raise self._compiled.model.DoesNotExist  # type: ignore[attr-defined]
        return found

    @cached_property
    def _fields(self) -> "list[tuple[str, models.Field[Any, Any]]]":
        return list(self._parameters.items())

    @cached_property
    def _compiled(self) -> "_Compiled[_Row]":
        marks = {name: _mark(field, n) for n, (name, field) in enumerate(self._fields)}
        written = [field.get_db_prep_value(marks[name], connection) for name, field in self._fields]
        compiler = self._ask(**marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        places = [written.index(p) if p in written else None for p in parameters]
        missing = set(range(len(written))).difference(places)
        if missing:
            raise TypeError(f"The query does not ask by {self._fields[min(missing)][0]}.")
        name = f"asked_{next(_NUMBERS)}"
        statement = Statement(sql, name, [place is not None for place in places])
        return _Compiled.of(compiler, statement, tuple(parameters), tuple(places))


class PreparedInsert:
    """The insertion of rows of a model, one at a time: without signals, and the database gives
    them nothing that they lack."""

    def __init__(self, model: type[models.Model]) -> None:
        self._fields = model._meta.concrete_fields
        names = ", ".join(f'"{field.column}"' for field in self._fields)
        marks = ", ".join(["%s"] * len(self._fields))
        self._statement = Statement(
            f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})',  # noqa: S608 — our own names
            f"inserted_{next(_NUMBERS)}",
            [True] * len(self._fields),
        )

    def write(self, row: models.Model) -> None:
        """Insert it."""
        reader = connections[DEFAULT_DB_ALIAS]
        values = [
            field.get_db_prep_save(field.pre_save(row, add=True), reader) for field in self._fields
        ]
        with reader.cursor() as cursor:
            cursor.execute(self._statement, values)
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


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
    """The SQL of a query, which of its parameters are given from outside, and how a row of the
    database becomes one of ours."""

    statement: Statement
    parameters: tuple[Any, ...]
    places: tuple[int | None, ...]
    model: type[_Row]
    # Where the model's own columns begin and end, and what they are called.
    own: slice
    names: tuple[str, ...]
    # What is made of the columns that follow, and of values that the driver knows otherwise.
    related: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]

    @classmethod
    def of(
        cls,
        compiler: Any,
        statement: Statement,
        parameters: tuple[Any, ...],
        places: tuple[int | None, ...],
    ) -> "_Compiled[_Row]":
        """That of a query whose SQL the compiler has put together."""
        info, select = compiler.klass_info, compiler.select
        fields = info["select_fields"]
        own = slice(fields[0], fields[-1] + 1)
        columns = [expression for expression, _sql, _alias in select]
        converters = compiler.get_converters(columns).items()
        return cls(
            statement,
            parameters,
            places,
            info["model"],
            own,
            tuple(expression.target.attname for expression in columns[own]),
            tuple(get_related_populators(info, select, DEFAULT_DB_ALIAS)),  # type: ignore[call-arg]
            tuple((n, tuple(functions), column) for n, (functions, column) in converters),
        )

    def rows(self, values: list[Any]) -> list[_Row]:
        """The rows for these values, read by this thread's connection."""
        given = [
            kept if place is None else values[place]
            for kept, place in zip(self.parameters, self.places, strict=True)
        ]
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.statement, given)
            return [self._row(list(found)) for found in cursor.fetchall()]

    def _row(self, found: list[Any]) -> _Row:
        reader = connections[DEFAULT_DB_ALIAS]
        for n, functions, column in self.converters:
            for function in functions:
                found[n] = function(found[n], column, reader)
        row = self.model.from_db(DEFAULT_DB_ALIAS, self.names, found[self.own])
        for populator in self.related:
            populator.populate(found, row)
        return row
