"""The XML that goes to an SMP and comes back."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from lxml import etree
from lxml.builder import ElementMaker

from peppol.code_lists import TRANSPORT_PROFILE, DocumentType, Process
from peppol.identifiers import SCHEME, ParticipantId, parse
from peppol.smp.client import (
    ApEndpoint,
    BusinessCard,
    Contact,
    Entity,
    Metadata,
    ShownEndpoint,
)
from tenants.outside_text import for_operator

SMP = "http://busdox.org/serviceMetadata/publishing/1.0/"
ID = "http://busdox.org/transport/identifiers/1.0/"
WSA = "http://www.w3.org/2005/08/addressing"
CARD = "http://www.peppol.eu/schema/pd/businesscard/20180621/"
NAMESPACES = {"smp": SMP, "id": ID, "wsa": WSA, "card": CARD}

_DOCUMENT_TYPE = re.compile("(busdox-docid-qns|peppol-doctype-wildcard)::.*", re.DOTALL)
_smp = ElementMaker(namespace=SMP, nsmap={"smp": SMP, "id": ID, "wsa": WSA})
_id = ElementMaker(namespace=ID, nsmap={"id": ID})
_wsa = ElementMaker(namespace=WSA, nsmap={"wsa": WSA})
_card = ElementMaker(namespace=CARD, nsmap={None: CARD})


class NotXml(Exception):
    """What came is no XML, or XML that tries to be more than a document."""


def parse_xml(body: bytes) -> etree._Element:
    """Parse without entities, document type definitions or the network. Raises NotXml."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXml(for_operator(f"Not well-formed XML: {error}")) from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise NotXml("A document type definition has no place here.")
    return root


def texts(pieces: Iterable[bytes], tag: str, attribute: str = "") -> Iterator[str]:
    """The texts of the elements `tag`, or their `attribute`, of a body that is never held as a
    whole. Raises NotXml.
    """
    parser = etree.XMLPullParser(
        events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for piece in pieces:
            parser.feed(piece)
            for _, element in parser.read_events():
                if isinstance(element, etree._Element):
                    yield (element.get(attribute, "") if attribute else element.text or "").strip()
                    _forget(element)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise NotXml(for_operator(f"Not well-formed XML: {error}")) from None


def _forget(element: etree._Element) -> None:
    """Drop an element that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def to_bytes(root: etree._Element) -> bytes:
    """Serialize with an XML declaration in UTF-8."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def service_group(pid: ParticipantId) -> bytes:
    """The body that creates a participant."""
    return to_bytes(_smp.ServiceGroup(_participant(pid), _smp.ServiceMetadataReferenceCollection()))


def service_metadata(
    pid: ParticipantId, document_type: DocumentType, endpoint: ApEndpoint
) -> bytes:
    """The body that registers a document type with all its processes at once.

    A PUT replaces the whole document type, so what is left out here is gone.
    """
    return to_bytes(
        _smp.ServiceMetadata(
            _smp.ServiceInformation(
                _participant(pid),
                _id.DocumentIdentifier(document_type.value, scheme=document_type.scheme),
                _smp.ProcessList(*(_process(p, endpoint) for p in document_type.processes)),
            )
        )
    )


def read_references(root: etree._Element) -> list[str]:
    """The document types of a service group, decoded from its references.

    An SMP's address may hold anything, and phoss SMP 8.1.0 forgets the slash before the id: it is
    known by its scheme, whatever stands before it.
    """
    found = root.iterfind(".//smp:ServiceMetadataReference", NAMESPACES)
    return [_referred(unquote(ref.get("href", ""))) for ref in found]


def participant_in(href: str) -> str:
    """The participant that an address of an SMP is about, as `scheme::value`."""
    found = re.search(rf"{SCHEME}::[^/]+", unquote(href))
    return found[0] if found else ""


def _referred(href: str) -> str:
    known = _DOCUMENT_TYPE.search(href)
    return known[0] if known else href.rpartition("/services")[2].lstrip("/")


def read_metadata(root: etree._Element, asked: tuple[ParticipantId, str]) -> Metadata:
    """Read (signed) service metadata. Raises NotXml when a part is missing.

    A redirect does not say what it is of: it is of what was `asked` about.
    """
    information = root.find(".//smp:ServiceInformation", NAMESPACES)
    redirect = root.find(".//smp:Redirect", NAMESPACES)
    if redirect is not None:
        return Metadata(asked[0], asked[1], [], redirect.get("href") or "an unknown address")
    if information is None:
        raise NotXml("The answer holds no service information.")
    document = information.find("id:DocumentIdentifier", NAMESPACES)
    participant = information.find("id:ParticipantIdentifier", NAMESPACES)
    if document is None or participant is None:
        raise NotXml("The answer does not say what it is about.")
    return Metadata(
        parse(participant.text or ""),
        f"{document.get('scheme')}::{(document.text or '').strip()}",
        [
            _read_endpoint(process, endpoint)
            for process in information.iterfind(".//smp:Process", NAMESPACES)
            for endpoint in process.iterfind(".//smp:Endpoint", NAMESPACES)
        ],
    )


def business_card(pid: ParticipantId, card: BusinessCard) -> bytes:
    """The body that sets a participant's business card."""
    return to_bytes(
        _card.BusinessCard(
            _card.ParticipantIdentifier(str(pid), scheme=SCHEME), *map(_entity, card.entities)
        )
    )


def read_card(root: etree._Element) -> BusinessCard:
    """Read a business card."""
    return BusinessCard([_read_entity(e) for e in root.iterfind("card:BusinessEntity", NAMESPACES)])


def migration(pid: ParticipantId, key: str) -> bytes:
    """The body that takes a participant over with a migration key."""
    plain = ElementMaker()
    return to_bytes(plain.migration(plain.participantID(pid.uri), plain.migrationKey(key)))


def _participant(pid: ParticipantId) -> etree._Element:
    return _id.ParticipantIdentifier(str(pid), scheme=SCHEME)


def _process(process: Process, endpoint: ApEndpoint) -> etree._Element:
    return _smp.Process(
        _id.ProcessIdentifier(process.value, scheme=process.scheme),
        _smp.ServiceEndpointList(
            _smp.Endpoint(
                _wsa.EndpointReference(_wsa.Address(endpoint.url)),
                _smp.RequireBusinessLevelSignature("false"),
                _smp.Certificate(endpoint.certificate),
                _smp.ServiceDescription(endpoint.description),
                _smp.TechnicalContactUrl(endpoint.contact_url),
                transportProfile=TRANSPORT_PROFILE,
            )
        ),
    )


def _entity(entity: Entity) -> etree._Element:
    made = _card.BusinessEntity(
        *(
            _card.Name(name, **({"language": language} if language else {}))
            for language, name in entity.names.items()
        ),
        _card.CountryCode(entity.country),
        *([_card.GeographicalInformation(entity.location)] if entity.location else []),
        *(_card.Identifier(value, scheme=scheme) for scheme, value in entity.identifiers),
        *(_card.WebsiteURI(website) for website in entity.websites),
        *(_contact(contact) for contact in entity.contacts),
        *([_card.AdditionalInformation(entity.additional)] if entity.additional else []),
    )
    if entity.registered_on:
        made.set("registrationDate", entity.registered_on)
    return made


def _contact(contact: Contact) -> etree._Element:
    parts = {
        "Type": contact.kind,
        "Name": contact.name,
        "PhoneNumber": contact.phone,
        "Email": contact.email,
    }
    return _card.Contact(*(_card(name, text) for name, text in parts.items() if text))


def _read_entity(element: etree._Element) -> Entity:
    def texts(name: str) -> list[str]:
        return [e.text or "" for e in element.iterfind(f"card:{name}", NAMESPACES)]

    return Entity(
        names={
            e.get("language", ""): e.text or "" for e in element.iterfind("card:Name", NAMESPACES)
        },
        country=_text(element, "card:CountryCode"),
        location=_text(element, "card:GeographicalInformation"),
        identifiers=[
            (e.get("scheme", ""), e.text or "")
            for e in element.iterfind("card:Identifier", NAMESPACES)
        ],
        websites=texts("WebsiteURI"),
        contacts=[
            Contact(*(_text(c, f"card:{n}") for n in ("Type", "Name", "PhoneNumber", "Email")))
            for c in element.iterfind("card:Contact", NAMESPACES)
        ],
        additional=_text(element, "card:AdditionalInformation"),
        # A day may be shown with the zone of its clock behind it.
        registered_on=element.get("registrationDate", "")[:10],
    )


def _read_process(process: etree._Element) -> Process:
    element = process.find("id:ProcessIdentifier", NAMESPACES)
    if element is None:
        raise NotXml("A process has no identifier.")
    return Process(element.get("scheme", ""), (element.text or "").strip())


def _read_endpoint(process: etree._Element, endpoint: etree._Element) -> ShownEndpoint:
    signature = _text(endpoint, "smp:RequireBusinessLevelSignature").lower()
    return ShownEndpoint(
        _read_process(process),
        _text(endpoint, ".//wsa:Address"),
        _certificate(endpoint),
        profile=endpoint.get("transportProfile", ""),
        # The schema's two spellings of either.
        signature={"0": "false", "1": "true"}.get(signature, signature),
        activation=_text(endpoint, "smp:ServiceActivationDate"),
        expiry=_text(endpoint, "smp:ServiceExpirationDate"),
        contact=_text(endpoint, "smp:TechnicalContactUrl"),
    )


def _certificate(endpoint: etree._Element) -> str:
    """The certificate in one line of base64, however the SMP broke it."""
    return "".join(_text(endpoint, "smp:Certificate").split())


def _text(element: etree._Element, path: str) -> str:
    found = element.find(path, NAMESPACES)
    return (found.text or "").strip() if found is not None else ""
