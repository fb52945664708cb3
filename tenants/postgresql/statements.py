"""Statements that PostgreSQL plans once for a connection, and not each time that they are made.

To plan a query of a hundred columns behind the walls takes five times as long as to answer it.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, sql


class Statement(str):
    """SQL with parameters, of which some are always the same.

    Whoever watches over queries sees the SQL; other engines run it as it is.
    """

    __slots__ = ("given", "name")

    name: str
    # Of each parameter, whether it is given anew each time.
    given: tuple[bool, ...]

    def __new__(cls, text: str, name: str, given: Sequence[bool]) -> "Statement":
        made = super().__new__(cls, text)
        made.name, made.given = name, tuple(given)
        return made

    def prepare(self, connection: "Connection[Any]", parameters: Sequence[Any]) -> str:
        """What has the database plan it, with what is always the same written into it."""
        places, n = [], 0
        for value, given in zip(parameters, self.given, strict=True):
            n += given
            places.append(f"${n}" if given else sql.Literal(value).as_string(connection))
        return f"PREPARE {self.name} AS {self % tuple(places)}"

    @property
    def execute(self) -> str:
        """What has the database run it."""
        marks = ", ".join("%s" for given in self.given if given)
        return f"EXECUTE {self.name}" + (f"({marks})" if marks else "")

    def values(self, parameters: Sequence[Any]) -> list[Any]:
        """Those of the parameters that are given."""
        return [value for value, given in zip(parameters, self.given, strict=True) if given]
