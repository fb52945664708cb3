"""The envelope that documents travel in: the Peppol Business Message Envelope (SBDH 1.2, PBME)."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from peppol.identifiers import SCHEME
from peppol.invoices.reading import parse
from tenants.errors import Invalid

NS = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
# PBME, section 5: what is no XML travels inside this element.
BINARY = "{http://peppol.eu/xsd/ticc/envelope/1.0}BinaryContent"
_DOCUMENT_SCHEME = "busdox-docid-qns"
_PROCESS_SCHEME = "cenbii-procid-ubl"
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
    _scope(scope, "DOCUMENTID", envelope.document_type, _DOCUMENT_SCHEME)
    _scope(scope, "PROCESSID", envelope.process, _PROCESS_SCHEME)
    _scope(scope, "COUNTRY_C1", envelope.country_c1)
    root.append(_body(envelope))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def unwrap(message: bytes) -> Envelope:
    """Read a standard business document. Raises Invalid for anything else."""
    root = parse(message)
    header = root.find(_q("StandardBusinessDocumentHeader"))
    if root.tag != _q("StandardBusinessDocument") or header is None or len(root) != 2:
        raise Invalid("This is no standard business document.", code="not_sbd")
    scopes = {
        _text(scope, "Type"): _text(scope, "InstanceIdentifier")
        for scope in header.iter(_q("Scope"))
    }
    content, media_type = _content(root[1])
    return Envelope(
        instance_id=_text(header, f"DocumentIdentification/{_q('InstanceIdentifier')}"),
        sender=_text(header, f"Sender/{_q('Identifier')}"),
        receiver=_text(header, f"Receiver/{_q('Identifier')}"),
        document_type=scopes.get("DOCUMENTID", ""),
        process=scopes.get("PROCESSID", ""),
        country_c1=scopes.get("COUNTRY_C1", ""),
        content=content,
        media_type=media_type,
    )


def _body(envelope: Envelope) -> etree._Element:
    if envelope.media_type == "application/xml":
        return parse(envelope.content)
    binary = etree.Element(BINARY, nsmap=_BY_DEFAULT)
    binary.set("mimeType", envelope.media_type)
    binary.set("encoding", "Base64Binary")
    binary.text = base64.b64encode(envelope.content).decode()
    return binary


def _content(body: etree._Element) -> tuple[bytes, str]:
    if body.tag == BINARY:
        try:
            return base64.b64decode(body.text or "", validate=True), body.get("mimeType", "")
        except ValueError:
            raise Invalid("The binary content is no base64.", code="not_sbd") from None
    return etree.tostring(body, xml_declaration=True, encoding="UTF-8"), "application/xml"


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


def _text(element: etree._Element, path: str) -> str:
    first, _, rest = path.partition("/")
    return (element.findtext(f"{_q(first)}/{rest}" if rest else _q(first)) or "").strip()
