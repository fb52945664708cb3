"""What services say: in English to programs, and to people in their own language."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext, override


def _lower(label: Any) -> str:
    return str(label).lower()


# A state's name as it stands within a sentence, in the language in which that is said.
within = lazy(_lower, str)


class Sentence(str):
    """A sentence in English that remembers what of it varies, and so can be said otherwise.

    It stands unmarked where it is made; `manage.py makemessages` knows it.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> "Sentence":
        with override(None):
            self = super().__new__(cls, template % values if values else template)
        self.template, self.values = template, values
        return self


def say(text: Any) -> Any:
    """A sentence in the current language; anything else as it is."""
    if not isinstance(text, Sentence):
        return text
    sentence = gettext(text.template)
    values = {name: say(value) for name, value in text.values.items()}
    return sentence % values if values else sentence


def kept(text: Any) -> dict[str, Any]:
    """A sentence as a row keeps it, to be said later to whoever reads it: see `told`."""
    if not isinstance(text, Sentence):
        return {"text": str(text), "values": {}}
    values = {
        name: kept(value) if isinstance(value, Sentence) else _plain(value)
        for name, value in text.values.items()
    }
    return {"text": text.template, "values": values}


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float) else str(value)


def told(row: Any) -> str:
    """What `kept` made of a sentence, in the current language; plain text as it is."""
    if not isinstance(row, dict):
        return str(row)
    if not row:
        return ""
    sentence = gettext(row["text"])
    values = {
        name: told(value) if isinstance(value, dict) else value
        for name, value in row["values"].items()
    }
    return sentence % values if values else sentence
