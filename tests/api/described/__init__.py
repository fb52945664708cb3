"""What the OpenAPI documents promise, in short: who built upon it must not lose it unnoticed.

    python -m tests.api.described

writes `<surface>.txt` here anew. Of each operation it names the id, the parameters, what is sent,
and each status with what is answered; of each object its fields. `name:Shape` is a field that is
such an object, `[Shape]` a list of them.
"""

import json
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.test import RequestFactory
from django.urls import resolve

COMMAND = "python -m tests.api.described"
_WIDTH = 116


@cache
def document(surface: str) -> dict[str, Any]:
    """The OpenAPI document of a surface, as it is read at `localhost`."""
    path = f"/api/docs/{surface}.json"
    answer: Any = resolve(path).func(RequestFactory().get(path, headers={"host": "localhost"}))
    return json.loads(answer.render().content)


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The operations of a document, by method and path."""
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def parts(part: Any, key: str) -> Iterator[dict[str, Any]]:
    """The objects in a document that have `key`; what stands in examples is not looked at."""
    if isinstance(part, list):
        for one in part:
            yield from parts(one, key)
    if isinstance(part, dict):
        if key in part:
            yield part
        for name, one in part.items():
            if name not in ("examples", "properties"):
                yield from parts(one, key)
        yield from (
            found for one in part.get("properties", {}).values() for found in parts(one, key)
        )


def promises(document: dict[str, Any]) -> dict[str, list[str]]:
    """What is promised under each heading, an operation or an object, in words without blanks."""
    found = {f"{method} {path}": _of(one) for (method, path), one in operations(document).items()}
    for name, schema in document["components"]["schemas"].items():
        found[name] = sorted(_fields(schema)) or [_shape(schema)]
    return dict(sorted(found.items(), key=lambda one: (" " not in one[0], one[0].split()[::-1])))


def _of(operation: dict[str, Any]) -> list[str]:
    asked = [f"{one['in']}:{one['name']}" for one in operation.get("parameters", [])]
    sent = operation.get("requestBody", {}).get("content", {})
    return [
        f"id:{operation['operationId']}",
        *sorted(asked),
        *(f"body:{_content(kind, media)}" for kind, media in sorted(sent.items())),
        *(
            f"{status}:{_content(kind, media)}" if kind else status
            for status, answer in sorted(operation["responses"].items())
            for kind, media in answer.get("content", {"": {}}).items()
        ),
    ]


def _content(kind: str, media: dict[str, Any]) -> str:
    return _shape(media["schema"]) if kind == "application/json" else kind


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        shape = _shape(field)
        yield f"{name}:{shape}" if shape[-1] in "]}" or shape[0].isupper() else name


def _shape(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "items" in schema:
        return f"[{_shape(schema['items'])}]"
    if "properties" in schema:
        return "{" + ",".join(sorted(_fields(schema))) + "}"
    chosen = [one for way in ("oneOf", "anyOf", "allOf") for one in schema.get(way, ())]
    shapes = [shape for one in chosen if (shape := _shape(one)) != "null"]
    if shapes:
        return "|".join(dict.fromkeys(shapes))
    kind = schema.get("type", "any")
    return str(kind if isinstance(kind, str) else kind[0])


def snapshot(surface: str) -> Path:
    """Where it is written what a surface promises."""
    return Path(__file__).with_name(f"{surface}.txt")


def written(promised: dict[str, list[str]]) -> str:
    """Promises as a file has them."""
    return "".join(
        f"{heading}\n"
        + textwrap.fill(
            " ".join(words),
            _WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
        for heading, words in promised.items()
    )


def read(text: str) -> dict[str, list[str]]:
    """The promises that a file has."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith(" "):
            words += line.split()
        else:
            words = found[line] = []
    return found


def gone(promised: dict[str, list[str]], offered: dict[str, list[str]]) -> list[str]:
    """What was promised and is not offered any more, each in a line."""
    return [
        f"{heading}: {word}" if heading in offered else f"{heading}: all of it"
        for heading, words in promised.items()
        for word in (words if heading in offered else [""])
        if word not in offered.get(heading, ())
    ]
