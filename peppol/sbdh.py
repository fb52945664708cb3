"""The envelope that documents travel in: the Peppol Business Message Envelope (SBDH 1.2, PBME)."""

import base64
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from xml.parsers import expat

from lxml import etree

from peppol import sbdh_reading
from peppol.contents import Content
from peppol.document_types import scheme_of
from peppol.identifiers import SCHEME
from peppol.invoices.reading import parse, plain

NS = sbdh_reading.NS
# PBME, section 5: what is no XML travels inside this element.
BINARY = "{http://peppol.eu/xsd/ticc/envelope/1.0}BinaryContent"
# When the receiver's side says what became of a document: always, or of what it rejects.
ALWAYS_SEND = "ALWAYS_SEND"
_PROCESS_SCHEME = "cenbii-procid-ubl"
_BINARY_NAME, _FAR = b"BinaryContent", 4096
_PROLOG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^>]*\?>)?\s*")
# The stubs of lxml know no default namespace.
_BY_DEFAULT: Any = {None: BINARY[1:].partition("}")[0]}


@dataclass(frozen=True)
class Envelope:
    """A document with what its transport has to know. `content` is as it was before wrapping."""

    instance_id: str
    sender: str
    receiver: str
    document_type: str
    process: str
    country_c1: str
    content: bytes
    media_type: str = "application/xml"
    # Whom the receiver's side tells what became of it, where that was asked for.
    mls_to: str = ""
    mls_type: str = ""


def wrap(envelope: Envelope, *, at: datetime) -> bytes:
    """The standard business document, as an access point forwards it."""
    root = etree.Element(_q("StandardBusinessDocument"), nsmap={"sbdh": NS})
    header = _add(root, "StandardBusinessDocumentHeader")
    _add(header, "HeaderVersion", "1.0")
    for name, value in (("Sender", envelope.sender), ("Receiver", envelope.receiver)):
        _add(_add(header, name), "Identifier", value).set("Authority", SCHEME)
    standard, _, rest = envelope.document_type.partition("::")
    about = _add(header, "DocumentIdentification")
    _add(about, "Standard", standard)
    _add(about, "TypeVersion", rest.rpartition("::")[2] or "1")
    _add(about, "InstanceIdentifier", envelope.instance_id)
    _add(about, "Type", rest.partition("##")[0] or "Document")
    _add(about, "CreationDateAndTime", at.isoformat(timespec="seconds"))
    scope = _add(header, "BusinessScope")
    _scope(scope, "DOCUMENTID", envelope.document_type, scheme_of(envelope.document_type))
    _scope(scope, "PROCESSID", envelope.process, _PROCESS_SCHEME)
    _scope(scope, "COUNTRY_C1", envelope.country_c1)
    if envelope.mls_to:
        _scope(scope, "MLS_TO", envelope.mls_to, SCHEME)
    if envelope.mls_type:
        _scope(scope, "MLS_TYPE", envelope.mls_type)
    opened = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    end = opened.rindex(b"</")
    return opened[:end] + _body(envelope) + opened[end:]


@dataclass(frozen=True)
class Arrived:
    """An envelope that came in, and a document in it that may be of any size."""

    instance_id: str
    sender: str
    receiver: str
    document_type: str
    process: str
    country_c1: str
    content: Content
    media_type: str
    # Whom its sender wants to be told what became of it, and when.
    mls_to: str = ""
    mls_type: str = ""


def unwrap(message: IO[bytes]) -> Arrived:
    """Read a standard business document, and leave its content as it is, byte for byte.

    It is read a piece after the other, so that memory does not grow with it. Raises Invalid for
    anything else, and CutOff for one that did not arrive whole.
    """
    parts = sbdh_reading.cut(message)
    content, media_type = _content(parts.payload)
    return Arrived(
        instance_id=parts.header.get("DocumentIdentification/InstanceIdentifier", ""),
        sender=parts.header.get("Sender/Identifier", ""),
        receiver=parts.header.get("Receiver/Identifier", ""),
        document_type=parts.scopes.get("DOCUMENTID", ""),
        process=parts.scopes.get("PROCESSID", ""),
        country_c1=parts.scopes.get("COUNTRY_C1", ""),
        content=content,
        media_type=media_type,
        mls_to=parts.scopes.get("MLS_TO", ""),
        mls_type=parts.scopes.get("MLS_TYPE", ""),
    )


def _body(envelope: Envelope) -> bytes:
    """What stands in the envelope: XML as it is, as far as an envelope can carry it."""
    if envelope.media_type == "application/xml":
        # An envelope has one encoding, and one declaration of it.
        return _PROLOG.sub(b"", _in_utf8(envelope.content), count=1)
    binary = etree.Element(BINARY, nsmap=_BY_DEFAULT)
    binary.set("mimeType", envelope.media_type)
    binary.set("encoding", "Base64Binary")
    binary.text = base64.b64encode(envelope.content).decode()
    return etree.tostring(binary)


def _in_utf8(content: bytes) -> bytes:
    root = parse(content, bounded=False)
    encoding = (root.getroottree().docinfo.encoding or "utf-8").lower()
    return content if encoding in ("utf-8", "ascii", "us-ascii") else plain(root)


def _content(body: Content) -> tuple[Content, str]:
    """What was wrapped, and its media type."""
    if _BINARY_NAME in body.file().read(_FAR):
        with suppress(ValueError, expat.ExpatError):
            return _Binary().read(body)
    return body, "application/xml"


class _Binary:
    """Takes the element apart that what is no XML travels in. Raises ValueError for another."""

    def __init__(self) -> None:
        self._made, self._rest, self._media_type = Content(), "", ""
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._text

    def read(self, body: Content) -> tuple[Content, str]:
        """What the element holds, and the media type that it says."""
        for piece in body.pieces():
            self._parser.Parse(piece, False)
        self._parser.Parse(b"", True)
        self._made.write(base64.b64decode(self._rest, validate=True))
        return self._made, self._media_type

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if f"{{{name}" != BINARY:
            raise ValueError("This is another element.")
        self._media_type = attributes.get("mimeType", "")

    def _text(self, text: str) -> None:
        text = self._rest + "".join(text.split())
        whole = len(text) - len(text) % 4
        self._made.write(base64.b64decode(text[:whole], validate=True))
        self._rest = text[whole:]


def _scope(parent: etree._Element, kind: str, value: str, scheme: str = "") -> None:
    scope = _add(parent, "Scope")
    _add(scope, "Type", kind)
    _add(scope, "InstanceIdentifier", value)
    if scheme:
        _add(scope, "Identifier", scheme)


def _q(name: str) -> str:
    return f"{{{NS}}}{name}"


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _q(name))
    element.text = text
    return element
