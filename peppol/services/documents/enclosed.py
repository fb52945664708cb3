"""Documents in XML that JSON carries: as text, or in base64 as programs have files."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from peppol.invoices import reading

# Under these names JSON carries XML; under the last one it may as well be something else.
NAMES = ("ubl", "xml", "content")


def xml_in(content: Mapping[str, Any]) -> bytes | None:
    """The XML that JSON is about; None where it is about something else."""
    for name in NAMES:
        text = content.get(name)
        if not isinstance(text, str) or not text:
            continue
        found = read(text)
        if found is not None:
            return found
        if name != NAMES[-1]:
            return reading.encoded(text)
    return None


def read(text: str) -> bytes | None:
    """XML given as text, or as base64 of a file; None of what is neither."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return reading.encoded(text)
    try:
        decoded = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if _begins_as_xml(decoded) else None


def _begins_as_xml(content: bytes) -> bool:
    """Whether it begins with an element or a declaration, in whatever Unicode."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" or content[:4] in (
        b"\xff\xfe<\x00",
        b"\xfe\xff\x00<",
    )
