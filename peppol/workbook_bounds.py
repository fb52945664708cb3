"""Looks through an XLSX file before anything is built of it: a few bytes may unpack to a lot.

What is counted is what costs: the bytes that come out, the elements that a parser keeps, the rows.
"""

import io
import zipfile
from contextlib import suppress
from typing import IO
from xml.parsers import expat

from peppol import archive_bounds

MOST_UNPACKED = 100 * 1024 * 1024
# What rows and texts consist of: 5,000 rows of 40 cells, each with a value and a text of its own.
# More takes longer than anybody waits.
_CELLS = frozenset(("row", "c", "v", "f", "is", "si", "t", "r"))
_MOST_CELLS = 600_000
# Everything else, such as styles, each of which costs a hundred times as much.
_MOST_OTHERS = 50_000
_MOST_MEMBERS = 2_000
_PIECE = 64 * 1024


class TooMuch(Exception):
    """More would come out of the file than anybody types into a list."""


class TooManyRows(Exception):
    """A sheet has more rows, full or empty, than are read."""


def check(content: bytes, *, most_rows: int) -> None:
    """Raise TooMuch or TooManyRows, and BadZipFile for what is no archive at all."""
    if archive_bounds.holds_more(content, _MOST_MEMBERS):
        raise TooMuch
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        # No more comes out of a member than its entry says.
        unpacked = sum(member.file_size for member in members)
        if len(members) > _MOST_MEMBERS or unpacked > MOST_UNPACKED:
            raise TooMuch
        count = _Count(most_rows)
        # Whatever they are called: which of them is a sheet, the file itself says.
        for member in members:
            with archive.open(member) as stream:
                count.read(stream)


class _Count:
    """Counts the elements of documents, and the rows of each."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows, self._rows = most_rows, 0
        self._cells_left, self._others_left = _MOST_CELLS, _MOST_OTHERS

    def read(self, stream: IO[bytes]) -> None:
        """Count on. What is no XML counts as far as it could be taken for some."""
        self._rows = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._count
        parser.StartDoctypeDeclHandler = self._refuse
        with suppress(expat.ExpatError):
            while piece := stream.read(_PIECE):
                parser.Parse(piece, False)

    def _count(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in _CELLS:
            self._cells_left -= 1
        else:
            self._others_left -= 1
        if self._cells_left < 0 or self._others_left < 0:
            raise TooMuch
        if local == "row":
            self._rows += 1
            if self._rows > self._most_rows:
                raise TooManyRows

    def _refuse(self, *_doctype: object) -> None:
        # Entities make much out of little too, and no workbook has them.
        raise TooMuch
