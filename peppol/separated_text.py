"""Text in columns, such as CSV: in whatever encoding, with whatever between the columns."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

SEPARATORS = ",;\t|"
# Excel's own first line, and what it says.
_SAYS = "sep="
# So many lines tell how a file is separated.
_TELLING = 20
# Letters of Europe's languages outside ASCII: what decoding by the wrong table seldom makes.
_LETTERS = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝŸ°€’–")
# A capital behind a small letter is one that the wrong table made.
_MISPLACED = re.compile(r"(?<=[a-z])[À-ÖØ-ÞŒŸ]")
_TABLES = ("cp1252", "cp850", "mac_roman")


def decoded(content: bytes) -> str | None:
    """The text of a file; None if it is none in any encoding that spreadsheets write."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if _is_wide(content):
            return content.decode("utf-16-be" if content[0] == 0 else "utf-16-le")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None if _is_wide(content) else _of_one_byte(content)


def _is_wide(content: bytes) -> bool:
    """Whether letters take two bytes: of most, one is nothing."""
    begin = content[:400]
    return begin.count(0) * 4 > len(begin)


def _of_one_byte(content: bytes) -> str | None:
    """Text of one byte a letter, by the table that makes most letters of it."""
    best, most = None, -len(content)
    for table in _TABLES:
        try:
            text = content.decode(table)
        except UnicodeDecodeError:
            continue
        letters = sum(sign in _LETTERS for sign in text) - 2 * len(_MISPLACED.findall(text))
        if letters > most:
            best, most = text, letters
    return best


def rows(
    text: str, separator: str = "", score: Callable[[list[str]], int] = lambda row: 0
) -> tuple[str, int, Iterator[list[str]]]:
    """The separator, how many lines stand in front of the rows, and the rows.

    Without a `separator` it is the one that Excel's own first line says, or that makes the line
    with the highest `score`, or the most regular table of the first lines. Reading the rows may
    raise csv.Error.
    """
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    if said.startswith(_SAYS) and len(said) <= len(_SAYS) + 1:
        own = first.strip().strip('"')[len(_SAYS) :] or "\t"
        return separator or own, 1, _read(rest, separator or own)
    found = separator or max(SEPARATORS, key=lambda one: _promise(text, one, score))
    return found, 0, _read(text, found)


def _promise(text: str, separator: str, score: Callable[[list[str]], int]) -> tuple[int, int]:
    """How much like the table that is wanted, and like any table, this separator makes it look."""
    try:
        begin = list(islice(_read(text, separator), _TELLING))
    except csv.Error:
        return 0, 0
    widths = Counter(map(len, begin))
    regularity = max((count * (width - 1) for width, count in widths.items()), default=0)
    return max(map(score, begin), default=0), regularity


def _read(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)
