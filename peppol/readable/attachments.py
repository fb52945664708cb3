"""A file that is inside of a document, taken out a piece after the other."""

import binascii
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

from lxml import etree

from peppol.contents import Content
from peppol.readable.skimming import FILES, Unreadable

# What a browser may show of what a stranger wrote, by what it begins with, and as what.
_MARKS = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
_TEXTS = ("text/csv", "text/plain")
SHOWN = (*_MARKS, *_TEXTS)


def extract(document: Iterable[bytes], place: int) -> Content:
    """The file at `place` among those inside of `document`. Raises Unreadable when it is none."""
    target: Any = _Target(place)
    parser = etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
    )
    try:
        for piece in document:
            parser.feed(piece)
        parser.close()
    except (etree.XMLSyntaxError, ValueError, binascii.Error) as error:
        raise Unreadable(str(error)[:200]) from None
    if not target.found:
        raise Unreadable("There is no such file in the document.")
    found: Content = target.content
    return found


def shown_as(content: Content, media_type: str) -> str:
    """As what a browser may show a file; nothing where it can only be saved."""
    if media_type in _TEXTS:
        return "text/plain; charset=utf-8"
    mark = _MARKS.get(media_type)
    return media_type if mark and content.file().read(16).startswith(mark) else ""


class _Target:
    """Decodes one of the files, and forgets the rest."""

    def __init__(self, place: int) -> None:
        self.content, self.found = Content(), False
        self._place, self._count = place, -1
        self._reading, self._rest = False, ""

    def doctype(self, *_: Any) -> None:
        raise Unreadable("The document has a DTD.")

    def start(self, tag: str, attributes: Any, nsmap: Any = None) -> None:
        if tag in FILES:
            self._count += 1
            self._reading = self._count == self._place
            self.found |= self._reading

    def data(self, text: str) -> None:
        if self._reading:
            text = self._rest + "".join(text.split())
            whole = len(text) - len(text) % 4
            self.content.write(b64decode(text[:whole], validate=True))
            self._rest = text[whole:]

    def end(self, tag: str) -> None:
        if self._reading and tag in FILES:
            self.content.write(b64decode(self._rest, validate=True))
            self._reading = False

    def close(self) -> None:
        return None
