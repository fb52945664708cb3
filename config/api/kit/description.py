"""What every OpenAPI document goes through before anybody reads it.

People make programs out of it: generators and linters stumble over what is only for us.
"""

import re
from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]

# The numbers of promises (docs/promises.md), which stand in docstrings for those who read code.
_CITED = re.compile(r"\s*\((?:(?:C|EIN|FIS|FLO|GOR|INV)-\d+(?:, | to )?)+\)")
_NULL = {"type": "null"}


def finish(*, result: Schema, request: Any, **_: Any) -> Schema:
    """A hook of drf-spectacular: the document as it is given out.

    Its server is where it is read. A tag that the surface says nothing of is declared all the same.
    """
    used = [name for one in _operations(result) for name in one["tags"]]
    told = {tag["name"]: tag for tag in result.get("tags", ())}
    return {
        **_tidied(result),
        "servers": [{"url": request.build_absolute_uri("/")[:-1]}],
        "tags": [
            told.get(name, {"name": name}) for name in dict.fromkeys([*told, *used]) if name in used
        ],
    }


def _operations(document: Schema) -> list[Schema]:
    return [one for path in document["paths"].values() for one in path.values()]


def _tidied(part: Any, name: str = "") -> Any:
    """A part of the document, from the inside out. Examples are what people sent: they stay."""
    if isinstance(part, list):
        return [_tidied(one) for one in part]
    if isinstance(part, str):
        return _CITED.sub("", part) if name in ("description", "summary") else part
    if not isinstance(part, dict):
        return part
    part = {
        key: value if key in ("examples", "example", "default", "enum") else _tidied(value, key)
        for key, value in part.items()
        if key != "x-spec-enum-id"
    }
    for mend in _MENDED:
        part = mend(part)
    return part


def _anything(schema: Schema) -> Schema:
    """What may be anything may be null, too: a choice with an empty member chooses nothing."""
    if {} not in schema.get("oneOf", ()):
        return schema
    return {key: value for key, value in schema.items() if key != "oneOf"}


def _blank(schema: Schema) -> Schema:
    """An empty string may well be both members of a choice that only says so: any will do."""
    chosen = schema.get("oneOf", ())
    if not any(one.get("maxLength") == 0 for one in chosen):
        return schema
    return {"anyOf" if key == "oneOf" else key: value for key, value in schema.items()}


def _word_or_null(schema: Schema) -> Schema:
    """One of a few words, or null: the words apart, so that generators make one type of them."""
    if None not in schema.get("enum", ()) or not isinstance(schema.get("type"), list):
        return schema
    words = {
        "type": next(one for one in schema["type"] if one != "null"),
        "enum": [one for one in schema["enum"] if one is not None],
    }
    told = {key: value for key, value in schema.items() if key not in words}
    return {"oneOf": [words, _NULL], **told}


_MENDED: tuple[Callable[[Schema], Schema], ...] = (_anything, _blank, _word_or_null)
