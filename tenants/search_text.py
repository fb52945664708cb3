"""What may be searched for, on every page and every API: a few words, not a book.

Each word is looked for in each column, so that a thousand words are a query that never ends.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy, smart_split
from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS, MOST_WORDS = 200, 8
TOO_LONG = format_lazy(
    _("Search for at most {characters} characters and {words} words."),
    characters=MOST_CHARACTERS,
    words=MOST_WORDS,
)


def is_searchable(text: str) -> bool:
    """Whether `text` is short enough to be looked for, and has no character that is none."""
    return (
        len(text) <= MOST_CHARACTERS
        and "\x00" not in text
        and sum(1 for _word in smart_split(text)) <= MOST_WORDS
    )


def check_searchable(text: str) -> None:
    """Raise ValidationError for what is not searched for."""
    if not is_searchable(text):
        raise ValidationError(TOO_LONG, code="search_too_long")


# Letters that are no letter with an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_NO_WORD = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """`text` without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def joined(text: str) -> str:
    """`text` as it is compared from its beginning: letters and digits alone, folded."""
    return _NO_WORD.sub("", folded(text))
