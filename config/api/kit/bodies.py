"""Reads request bodies as JSON, strictly: what a database or a second parser could stumble over
is refused here."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.request import Request

from config.outages import SENTENCE

MOST_BYTES = 1024 * 1024


def larger_than(most: int) -> str:
    """What is said of a body of more than `most` bytes."""
    return f"The request body is larger than {most // 2**20} MB."


# As the descriptions of the surfaces have it; where documents are taken, more may come.
TOO_LARGE, ABOVE = larger_than(MOST_BYTES), f"Body above {MOST_BYTES // 2**20} MB"
# Where it is noted in a request's `META` that its body was not taken: the status to refuse it with.
REFUSED = "gatehouse.body_refused"
_SENTENCES = {
    400: "The request body ended early.",
    408: "The request body did not arrive in time.",
    413: "The request body is too large.",
    415: "Send the body as it is, without a Content-Encoding.",
    503: SENTENCE,
}
_INT64 = 2**63
# What neither XML nor PostgreSQL holds: control characters, and halves of letters.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class NotJson(exceptions.ParseError):
    """The body is no JSON, or JSON that means different things to different readers."""


class NotText(exceptions.ValidationError):
    """Parameters of a query have what is no text; `detail` says it of each."""

    sentence = "Text must not contain control characters."

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__({name: [self.sentence] for name in names})


class TooLarge(exceptions.APIException):
    """The body is larger than a resource takes."""

    status_code = 413
    default_detail = "The request body is too large."
    default_code = "too_large"


class NotTaken(exceptions.APIException):
    """The body did not arrive whole and in time; `status_code` says why."""

    default_code = "body_not_taken"

    def __init__(self, status: int) -> None:
        super().__init__(_SENTENCES[status])
        self.status_code = status


def refuse_broken(request: Request | HttpRequest) -> None:
    """Raise TooLarge or NotTaken where the body was not taken on its way to us.

    Raises TooManyFieldsSent for a query of more parameters than anybody has a use for, and NotText
    for control characters in it. Those of a path are left to whoever looks for what it names.
    """
    # It is read when it is first looked at, which no later view should be surprised by.
    query = request.GET
    if broken := [n for n, values in query.lists() if any(map(_BROKEN.search, (n, *values)))]:
        raise NotText(broken)
    status = request.META.get(REFUSED)
    if status == TooLarge.status_code:
        raise TooLarge
    if status:
        raise NotTaken(status)
    if request.META.get("HTTP_CONTENT_ENCODING", "").lower() not in ("", "identity"):
        raise NotTaken(415)


def read_json(request: Request | HttpRequest, *, most: int = MOST_BYTES) -> Any:
    """The body as JSON whatever its Content-Type; None for an empty one.

    Raises NotJson for malformed JSON, duplicate keys, NaN, integers beyond 64 bits, control
    characters and lone surrogates; TooLarge above `most` bytes.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most:
        raise TooLarge(larger_than(most))
    body: bytes = request.body
    if not body.strip():
        return None
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except RecursionError:
        raise NotJson("The JSON is nested too deeply.") from None
    except UnicodeDecodeError:
        raise NotJson("The body is not UTF-8.") from None
    except ValueError as error:
        raise NotJson(f"JSON decode error: {error}"[:200]) from None
    _check_text(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _integer(text: str) -> int:
    if len(text) > 20 or not -_INT64 <= int(text) < _INT64:
        raise ValueError("an integer is beyond 64 bits")
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is out of range")
    return number


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON value")


def _check_text(value: Any) -> None:
    pending = [("", value)]
    while pending:
        place, one = pending.pop()
        if isinstance(one, str):
            if _BROKEN.search(one):
                sentence = "Text must not contain control characters or lone surrogates"
                raise NotJson(f"{sentence} ({place})." if place else f"{sentence}.")
        elif isinstance(one, dict):
            pending += [("", name) for name in one]
            pending += [(f"{place}.{name}".lstrip("."), each) for name, each in one.items()]
        elif isinstance(one, list):
            pending += [(f"{place}.{number}", each) for number, each in enumerate(one)]
