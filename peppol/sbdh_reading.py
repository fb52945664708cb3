"""Cuts a standard business document into its header and its payload, by their places.

Nothing is written anew: the payload is what stands between the header and the end of the
envelope, byte for byte. Only where it relies on a namespace that the envelope declares, that
declaration is added to its first element. An envelope in another encoding is read as UTF-8.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext_noop

from peppol.contents import PIECE, Content, pieces_of
from tenants.errors import DomainError, Invalid, Kind

NS = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
_HEADER = "StandardBusinessDocumentHeader"
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")

# As Python names what is not UTF-8 or a part of it already.
_CHARACTER_SETS = re.compile(
    r"utf-(16|32)(-[bl]e)?|iso8859-\d+|cp\d+|koi8-[ru]|mac-\w+|"
    r"shift_jis|euc_(jp|kr)|gb2312|gbk|gb18030|big5"
)


class CutOff(DomainError):
    """The message was damaged on its way; whole it may be in order."""

    def __init__(self) -> None:
        sentence = gettext_noop("The message did not arrive whole.")
        super().__init__(Kind.UNAVAILABLE, "cut_off", sentence)


@dataclass(frozen=True)
class Parts:
    """The header's texts by their path, its scopes by their type, and the payload."""

    header: dict[str, str]
    scopes: dict[str, str]
    payload: Content


def cut(message: IO[bytes]) -> Parts:
    """The parts of an envelope, which is read a piece after the other, from its beginning.

    Raises Invalid for what is none, and CutOff for what ends, or breaks, after it has begun.
    """
    message = _as_utf8(message)
    reader = _Reader(message)
    try:
        reader.read()
    except expat.ExpatError as error:
        if reader.has_begun or error.code in _ENDED:
            raise CutOff() from None
        raise Invalid(
            "The document is no well-formed XML: %(error)s",
            values={"error": str(error)[:260]},
            code="not_xml",
        ) from None
    return Parts(reader.texts, reader.scopes, reader.payload())


_ENDED = tuple(
    expat.errors.codes[name]
    for name in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)


class _Reader:
    """Reads an envelope once and notes where its parts stand."""

    def __init__(self, message: IO[bytes]) -> None:
        self.texts: dict[str, str] = {}
        self.scopes: dict[str, str] = {}
        self.has_begun = False
        self._message = message
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_dtd
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._read_text
        self._path: list[str] = []
        self._text: list[str] = []
        self._scope: dict[str, str] = {}
        self._namespaces = _Namespaces({})
        # Where the header ends, where the first element of the payload stands, where all ends.
        self._from = self._root_at = self._until = -1
        self._depth, self._root = 1, ""

    def read(self) -> None:
        self._message.seek(0)
        for piece in pieces_of(self._message):
            self._parser.Parse(piece, False)
        self._parser.Parse(b"", True)

    def payload(self) -> Content:
        """What stands after the header, with the declarations that it lacks."""
        if self._from < 0 or self._root_at < 0:
            raise _no_envelope()
        # The header's end tag ends where its next ">" is, and the payload where no space follows.
        begins = self._next(self._from, lambda byte: byte == b">") + 1
        begins = self._next(begins, lambda byte: not byte.isspace())
        made = Content()
        if missing := self._namespaces.missing():
            place = self._root_at + 1 + len(self._root.encode())
            self._copy(begins, place, made)
            made.write(missing.encode())
            begins = place
        self._copy(begins, self._end_of_content(), made)
        return made

    def _next(self, place: int, wanted: Callable[[bytes], bool]) -> int:
        self._message.seek(place)
        while byte := self._message.read(1):
            if wanted(byte):
                break
            place += 1
        return place

    def _end_of_content(self) -> int:
        """Where the last byte before the envelope's end is that is no space."""
        until = self._until
        while until > self._root_at:
            start = max(self._root_at, until - 4096)
            self._message.seek(start)
            kept = self._message.read(until - start).rstrip()
            if kept:
                return start + len(kept)
            until = start
        return until

    def _copy(self, start: int, end: int, into: Content) -> None:
        self._message.seek(start)
        while start < end and (piece := self._message.read(min(PIECE, end - start))):
            into.write(piece)
            start += len(piece)

    # --- The envelope and its header --------------------------------------------------------------
    def _start(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        self._path.append(local)
        self._text.clear()
        if len(self._path) == 1:
            declared = _declared(attributes)
            if local != "StandardBusinessDocument" or declared.get(prefix) != NS:
                raise _no_envelope()
            self.has_begun, self._namespaces = True, _Namespaces(declared)
        elif len(self._path) == 2 and local != _HEADER:
            raise _no_envelope()

    def _read_text(self, text: str) -> None:
        self._text.append(text)

    def _end(self, name: str) -> None:
        path, text = "/".join(self._path[2:]), "".join(self._text).strip()
        self._path.pop()
        self._text.clear()
        if path == "BusinessScope/Scope":
            self.scopes.setdefault(
                self._scope.get("Type", ""), self._scope.get("InstanceIdentifier", "")
            )
            self._scope = {}
        elif path.startswith("BusinessScope/Scope/"):
            self._scope.setdefault(path.rpartition("/")[2], text)
        elif path:
            self.texts.setdefault(path, text)
        elif len(self._path) == 1:
            self._from = self._parser.CurrentByteIndex
            self._parser.StartElementHandler = self._start_content
            self._parser.EndElementHandler = self._end_content
            self._parser.CharacterDataHandler = None

    # --- What follows the header ------------------------------------------------------------------
    def _start_content(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 1:
            if self._root_at >= 0:
                raise _no_envelope()
            self._root_at, self._root = self._parser.CurrentByteIndex, name
        self._depth += 1
        self._namespaces.enter(self._depth, name, attributes)

    def _end_content(self, name: str) -> None:
        self._namespaces.leave(self._depth)
        self._depth -= 1
        if self._depth == 0:
            self._until = self._parser.CurrentByteIndex


class _Namespaces:
    """Which of the envelope's declarations the payload uses without making them itself."""

    def __init__(self, inherited: dict[str, str]) -> None:
        self._inherited = inherited
        self._used: set[str] = set()
        self._own: dict[str, int] = {}
        self._made: list[tuple[int, list[str]]] = []

    def enter(self, depth: int, name: str, attributes: dict[str, str]) -> None:
        made = list(_declared(attributes)) if attributes else []
        if made:
            self._made.append((depth, made))
            for prefix in made:
                self._own[prefix] = self._own.get(prefix, 0) + 1
        self._use(name.rpartition(":")[0])
        for attribute, value in attributes.items():
            prefix, _, local = attribute.rpartition(":")
            if prefix and prefix != "xmlns":
                self._use(prefix)
                # The value of xsi:type is a name with a prefix too.
                if local == "type" and ":" in value:
                    self._use(value.partition(":")[0].strip())

    def leave(self, depth: int) -> None:
        if self._made and self._made[-1][0] == depth:
            for prefix in self._made.pop()[1]:
                self._own[prefix] -= 1

    def missing(self) -> str:
        """The declarations to add, as they stand in a tag."""
        return "".join(
            f" {f'xmlns:{prefix}' if prefix else 'xmlns'}={quoteattr(self._inherited[prefix])}"
            for prefix in sorted(self._used)
        )

    def _use(self, prefix: str) -> None:
        if prefix in self._inherited and not self._own.get(prefix):
            self._used.add(prefix)


def _declared(attributes: dict[str, str]) -> dict[str, str]:
    """Namespaces by the prefixes that these attributes give them."""
    return {
        name.partition(":")[2]: value
        for name, value in attributes.items()
        if name == "xmlns" or name.startswith("xmlns:")
    }


def _as_utf8(message: IO[bytes]) -> IO[bytes]:
    """The message in the one encoding whose places we count in."""
    message.seek(0)
    begins = message.read(4096)
    if begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        found = _DECLARED.match(begins.removeprefix(b"\xef\xbb\xbf"))
        encoding = found[1].decode().lower() if found else "utf-8"
    try:
        # What is no character set (Python knows base64 and zlib by such names, too), or none that
        # anybody writes, is read as UTF-8, as parsers do that were told so.
        if not _CHARACTER_SETS.fullmatch(codecs.lookup(encoding).name):
            return message
        decoder = codecs.getincrementaldecoder(encoding)()
        message.seek(0)
        made = Content()
        for piece in pieces_of(message):
            made.write(decoder.decode(piece).encode())
        made.write(decoder.decode(b"", True).encode())
        return made.file()
    except (LookupError, UnicodeError):
        # What is no text in its own encoding may be well-formed all the same: let the parser say.
        return message


def _refuse_dtd(*_: Any) -> None:
    raise Invalid("The document must not contain a DTD.", code="not_xml")


def _no_envelope() -> Invalid:
    return Invalid("This is no standard business document.", code="not_sbd")
