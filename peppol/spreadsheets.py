"""Reads and writes lists as CSV and XLSX, and trusts no file: neither its size nor its formulas.

Formulas are never run here. What a spreadsheet would take for one is written as text.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import tablib
from django.utils.translation import gettext_noop
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from peppol import workbook_bounds
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


@dataclass(frozen=True)
class Sheet:
    """A list as it stands in a file: the names of the columns, and the rows as text.

    `numbers` says in which line of the file each row stands; the titles are in the first.
    """

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]


def bounded(file: IO[bytes], size: int) -> bytes:
    """The bytes of an uploaded file. Raises Invalid (`file_too_large`)."""
    content = file.read(MOST_BYTES + 1) if size <= MOST_BYTES else b""
    if size > MOST_BYTES or len(content) > MOST_BYTES:
        raise _refusal("This file is larger than 10 MB.", "file_too_large")
    return content


def read(content: bytes) -> Sheet:
    """Read a CSV file or the first sheet of a workbook; empty rows are left out.

    Raises Invalid (`unreadable_file`, `file_too_large`, `too_many_rows`, `empty_file`).
    """
    rows = _workbook(content) if content.startswith(b"PK") else _text(content)
    return _sheet((number, row) for number, row in _numbered(rows) if any(row))


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        if number > _MOST_LINES:
            raise _too_many_rows()
        yield number, row


def _sheet(rows: Iterator[tuple[int, list[str]]]) -> Sheet:
    _, columns = next(rows, (0, []))
    if not columns:
        raise _refusal("This file is empty.", "empty_file")
    while not columns[-1]:
        columns.pop()
    found: list[list[str]] = []
    numbers: list[int] = []
    for number, row in rows:
        if len(found) == MOST_ROWS:
            raise _too_many_rows()
        found.append((row + [""] * len(columns))[: len(columns)])
        numbers.append(number)
    if not found:
        raise _refusal("This file has a line of titles and no rows.", "empty_file")
    return Sheet(columns, found, numbers)


def _text(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    sample = text[:8192]
    # The separator that the first line has most of: Excel writes semicolons in half of Europe.
    first = sample.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield _cells(row)
    except csv.Error as error:
        raise _refusal(_NOT_READABLE, "unreadable_file") from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refusal(_NOT_READABLE, "unreadable_file")


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        workbook_bounds.check(content, most_rows=_MOST_LINES)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield _cells(row)
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
