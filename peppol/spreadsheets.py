"""Reads and writes lists as CSV and XLSX, and trusts no file: neither its size nor its formulas.

Formulas are never run here. What a spreadsheet would take for one is written as text.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any

import tablib
from django.utils.translation import gettext_noop
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from peppol import separated_text, workbook_bounds
from tenants import persistence
from tenants.errors import Invalid
from tenants.formulas import as_before, harmless

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 2_000
# So many lines are read of a file, whether anything stands in them or not.
_MOST_LINES = 4 * MOST_ROWS
_NOT_READABLE = gettext_noop(
    "This file cannot be read: it has to be a CSV file or an XLSX workbook."
)


# Titles are looked for in so many lines that are not empty.
_ABOVE = 20
_SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """How a file is to be read, as far as somebody said: which sheet of a workbook, what is between
    the columns of text, in which line the titles stand."""

    sheet: str = ""
    separator: str = ""
    titles: int = 0


@dataclass(frozen=True)
class Sheet:
    """A list as it stands in a file: the names of the columns, and the rows as text.

    `numbers` says in which line of the file each row stands. `read_as` is how it was read,
    `sheets` names those of a workbook, and `first` are the first lines of the file, by number.
    """

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]
    read_as: Choice = Choice(titles=1)
    sheets: tuple[str, ...] = ()
    first: tuple[tuple[int, str], ...] = ()


# How much a line looks like the titles of what is wanted.
Score = Callable[[Sequence[str]], int]
Rows = Iterator[tuple[int, list[str]]]


def bounded(file: IO[bytes], size: int) -> bytes:
    """The bytes of an uploaded file. Raises Invalid (`file_too_large`)."""
    content = file.read(MOST_BYTES + 1) if size <= MOST_BYTES else b""
    if size > MOST_BYTES or len(content) > MOST_BYTES:
        raise _refusal(
            "This file is larger than %(most)s MB.", "file_too_large", most=str(MOST_BYTES // 2**20)
        )
    return content


def read(content: bytes, choice: Choice = Choice(), *, score: Score = lambda line: 0) -> Sheet:
    """Read a CSV file or a sheet of a workbook; empty rows are left out.

    What `choice` leaves open is found out: the titles are the line with the highest `score`, if
    that is above one, and stand in the sheet that has it.

    Raises Invalid (`unreadable_file`, `file_too_large`, `too_many_rows`, `empty_file`).
    """
    if content.startswith(b"PK"):
        return _workbook(content, choice, score)
    text = separated_text.decoded(content)
    if text is None:
        raise _refusal(_NOT_READABLE, "unreadable_file")
    try:
        separator, above, rows = separated_text.rows(text, choice.separator, score)
        cells = (_cells(row) for row in rows)
        sheet = _sheet(_numbered(cells, above), choice, score)
    except csv.Error as error:
        raise _refusal(_NOT_READABLE, "unreadable_file") from error
    return replace(sheet, read_as=replace(sheet.read_as, separator=separator))


def _numbered(rows: Iterator[list[str]], above: int = 0) -> Rows:
    """Rows in which something stands, by the number of their line."""
    for number, row in enumerate(rows, start=1 + above):
        if number > _MOST_LINES:
            raise _too_many_rows()
        if any(row):
            yield number, row


def _sheet(rows: Rows, choice: Choice, score: Score) -> Sheet:
    begin = list(islice(rows, _ABOVE))
    place = _titles(begin, choice, score)
    if place is None:
        raise _refusal("This file is empty.", "empty_file")
    line, columns = begin[place][0], list(begin[place][1])
    while not columns[-1]:
        columns.pop()
    found: list[list[str]] = []
    numbers: list[int] = []
    for number, row in chain(begin[place + 1 :], rows):
        if len(found) == MOST_ROWS:
            raise _too_many_rows()
        found.append((row + [""] * len(columns))[: len(columns)])
        numbers.append(number)
    if not found:
        raise _refusal("This file has a line of titles and no rows.", "empty_file")
    shown = tuple((n, " · ".join(filter(None, row))[:80]) for n, row in begin[:_SHOWN])
    return Sheet(columns, found, numbers, Choice(choice.sheet, "", line), (), shown)


def _titles(begin: list[tuple[int, list[str]]], choice: Choice, score: Score) -> int | None:
    """Which of the first lines has the titles: the one that was chosen or scores best, else the
    first that is more than a heading."""
    if not begin:
        return None
    for place, (number, _) in enumerate(begin):
        if number == choice.titles:
            return place
    scores = [score(row) for _, row in begin]
    if max(scores) > 1:
        return scores.index(max(scores))
    filled = [sum(map(bool, row)) for _, row in begin]
    if filled[0] == 1 and not scores[0]:
        return next((place for place, count in enumerate(filled) if count > 1), 0)
    return 0


def _workbook(content: bytes, choice: Choice, score: Score) -> Sheet:
    try:
        workbook_bounds.check(content, most_rows=_MOST_LINES)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = tuple(sheet.title for sheet in book.worksheets)
        name = choice.sheet if choice.sheet in names else _best_sheet(book, score)
        sheet = _sheet(_rows(book[name]), replace(choice, sheet=name), score)
        return replace(sheet, sheets=names)
    except Invalid:
        raise
    except workbook_bounds.TooManyRows:
        raise _too_many_rows() from None
    except workbook_bounds.TooMuch:
        raise _refusal(
            "This workbook is too large once it is unpacked.", "file_too_large"
        ) from None
    # A broken workbook fails in whatever way the part that is broken makes it fail.
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        SyntaxError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise _refusal(_NOT_READABLE, "unreadable_file") from error


def _rows(sheet: Any) -> Rows:
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    return _numbered(_cells(row) for row in rows)


def _best_sheet(book: Any, score: Score) -> str:
    """The sheet with the line that looks most like titles; the first that has any line, if none."""
    best: dict[str, int] = {}
    for sheet in book.worksheets:
        begin = list(islice(_rows(sheet), _ABOVE))
        if begin:
            best[sheet.title] = max(score(row) for _, row in begin)
    if max(best.values(), default=0) > 1:
        return max(best, key=lambda name: best[name])
    return next(iter(best), str(book.worksheets[0].title))


def _cells(row: Iterable[Any]) -> list[str]:
    return [_cell(value) for _, value in zip(range(MOST_COLUMNS), row, strict=False)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        value = value.isoformat()
    text = persistence.marked(str(value)).strip()[:MOST_CHARACTERS]
    # What was made harmless when it was written, as `write` does, is what it was before.
    return as_before(text)


def write(columns: Sequence[str], rows: Iterable[Sequence[Any]], format: str) -> bytes:
    """A file of these rows; `format` is csv or xlsx. CSV begins with a mark, for Excel's sake."""
    table = tablib.Dataset(headers=[harmless(name) for name in columns])
    for row in rows:
        table.append([harmless(value) for value in row])
    if format == "xlsx":
        return bytes(table.export("xlsx"))
    return b"\xef\xbb\xbf" + str(table.export("csv")).encode()


def _too_many_rows() -> Invalid:
    return _refusal(
        "A file may have %(most)s rows; this one has more.", "too_many_rows", most=f"{MOST_ROWS:,}"
    )


def _refusal(sentence: str, code: str, **values: str) -> Invalid:
    fields = {"file": [sentence % values if values else sentence]}
    return Invalid(sentence, code=code, values=values, fields=fields)
