"""What the sandbox SMP does: keep participants, sign their metadata, move them."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from lxml import etree
from lxml.builder import ElementMaker

from peppol.identifiers import ParticipantId, parse
from peppol.sandbox import authority, faults, shapes
from peppol.sandbox.models import Card, Fault, Group, Service, SmlEntry
from peppol.smp import documents, signatures
from peppol.smp.dialects import smp_address
from peppol.smp.documents import CARD, ID, NAMESPACES, SMP
from tenants.errors import Invalid

_smp = ElementMaker(namespace=SMP, nsmap={"smp": SMP, "id": ID})
_id = ElementMaker(namespace=ID)


class Answer(Exception):
    """A refusal with the status and text a phoss SMP would answer; 500 may come without text."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(text)
        self.status, self.text = status, text


def identifier(text: str) -> ParticipantId:
    """The participant of a path. Raises Answer 400."""
    scheme, _, value = text.strip().partition("::")
    try:
        if scheme.lower() != "iso6523-actorid-upis":
            raise Invalid("Another scheme")
        return parse(value).canonical()
    except Invalid:
        raise Answer(400, f"Bad request: participant identifier '{text}' is invalid") from None


def group_of(text: str) -> Group:
    """The participant of a path, which must exist. Raises Answer 400 or 404."""
    pid = identifier(text)
    group = Group.objects.filter(uri=pid.uri).first()
    if group is None:
        raise Answer(404, f"Not found: no such service group '{pid.uri}'")
    return group


def owned(path: str) -> Group:
    """The participant of a path, which must be ours. Raises Answer 400, 403 or 404."""
    group = group_of(path)
    if group.owner:
        raise Answer(403, f"User '{login()}' does not own {group.uri}")
    return group


def login() -> str:
    """Whom our credentials belong to."""
    return str(settings.SMP_USERNAME)


def own_groups() -> bytes:
    """References to all participants of ours."""
    uris = Group.objects.filter(owner="").order_by("uri").values_list("uri", flat=True)
    references = [_smp.ServiceGroupReference(href=_url(uri)) for uri in uris]
    return documents.to_bytes(_smp.ServiceGroupReferenceList(*references))


@transaction.atomic
def put_group(path: str, body: bytes, *, in_sml: bool, allowed: Callable[[], None]) -> None:
    """Create a participant, or reset one: owner and properties are gone, as at the real one.

    What comes is looked at before who sends it, here as there: `allowed` raises Answer.
    """
    root = _parsed(body, f"{{{SMP}}}ServiceGroup")
    pid = identifier(path)
    _same(root, "id:ParticipantIdentifier", pid)
    allowed()
    if not Group.objects.filter(uri=pid.uri).exists() and in_sml:
        _enter_in_sml(pid)
    Group.objects.update_or_create(uri=pid.uri, defaults={"properties": {}, "owner": ""})


@transaction.atomic
def delete_group(path: str, *, in_sml: bool) -> None:
    """Delete a participant with all it has, in the SML first."""
    group = owned(path)
    if in_sml:
        if faults.current() == Fault.Kind.SML:
            raise Answer(500, f"Failed to delete '{group.uri}' in SML")
        deleted, _ = SmlEntry.objects.filter(uri=group.uri, smp="").delete()
        if not deleted:
            raise Answer(500, f"Failed to delete '{group.uri}' in SML: not found")
    group.delete()


def show_group(path: str) -> bytes:
    """The service group with a reference for each document type."""
    group = group_of(path)
    references = [
        _smp.ServiceMetadataReference(href=_url(group.uri, "services", service.document_type))
        for service in group.services.order_by("id")
    ]
    scheme, _, value = group.uri.partition("::")
    return documents.to_bytes(
        _smp.ServiceGroup(
            _id.ParticipantIdentifier(value, scheme=scheme),
            _smp.ServiceMetadataReferenceCollection(*references),
        )
    )


@transaction.atomic
def put_service(path: str, document_type: str, body: bytes, *, allowed: Callable[[], None]) -> None:
    """Register a document type in place of what was registered for it; a redirect beside it stays.

    What comes is looked at before who sends it, here as there: `allowed` raises Answer.
    """
    root = _parsed(body, f"{{{SMP}}}ServiceMetadata")
    redirect = root.find("smp:Redirect", NAMESPACES)
    information = root.find("smp:ServiceInformation", NAMESPACES)
    if len(root) != 1 or (redirect is None and information is None):
        raise Answer(500)
    pid = identifier(path)
    if information is not None:
        _same(information, "id:ParticipantIdentifier", pid)
        document = information.find("id:DocumentIdentifier", NAMESPACES)
        if document is None or f"{document.get('scheme')}::{document.text}" != document_type:
            raise Answer(400, "Save Service Metadata was called with inconsistent values")
    allowed()
    column = "information" if redirect is None else "redirect"
    Service.objects.update_or_create(
        group=owned(path),
        document_type=document_type,
        defaults={column: etree.tostring(root[0], encoding="unicode")},
    )


def show_service(path: str, document_type: str) -> bytes:
    """The signed metadata of a document type."""
    group = group_of(path)
    service = group.services.filter(document_type=document_type).first()
    if service is None:
        raise Answer(404, f"Not found: no such document type '{document_type}'")
    shown = etree.fromstring(service.redirect or service.information)
    root = _smp.SignedServiceMetadata(_smp.ServiceMetadata(shown))
    bundle = authority.bundle()
    signed = signatures.sign(root, bundle.smp_key.encode(), bundle.smp_certificate.encode())
    if faults.current() == Fault.Kind.SIGNATURE:
        signed = signed.replace(b"/as4<", b"/as5<")
    return signed


def delete_services(path: str, document_type: str | None = None) -> None:
    """Stop receiving one document type, or all; of one with a redirect, that goes second."""
    services = owned(path).services.all()
    if document_type is not None:
        services = services.filter(document_type=document_type)
        if not services.exists():
            raise Answer(404, f"Not found: no such document type '{document_type}'")
        both = services.exclude(redirect="").exclude(information="")
        if both.update(information=""):
            return
    services.delete()


@transaction.atomic
def delete_process(path: str, document_type: str, process: str) -> None:
    """Stop receiving a document type in one process; without any it is gone (since 8.1.8)."""
    service = group_of(path).services.filter(document_type=document_type).first()
    if service is None:
        raise Answer(404, f"Not found: no such document type '{document_type}'")
    information = etree.fromstring(service.information)
    found = [
        element
        for element in information.iterfind(".//smp:Process", NAMESPACES)
        if _identifier_of(element) == process
    ]
    if not found:
        raise Answer(404, f"Not found: no such process '{process}'")
    for element in found:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    if information.find(".//smp:Process", NAMESPACES) is None:
        service.delete()
        return
    service.information = etree.tostring(information, encoding="unicode")
    service.save(update_fields=["information"])


def _identifier_of(process: etree._Element) -> str:
    element = process.find("id:ProcessIdentifier", NAMESPACES)
    return "" if element is None else f"{element.get('scheme')}::{element.text}"


@transaction.atomic
def put_card(path: str, body: bytes, *, allowed: Callable[[], None]) -> None:
    """Set the business card; the Directory hears of it at once."""
    pid = identifier(path)
    allowed()
    group = owned(path)
    try:
        root = _parsed(body, f"{{{CARD}}}BusinessCard")
    except Answer:
        # Of a card, unlike the rest, the real one says that it is invalid.
        raise Answer(400, "Failed to parse the Business Card") from None
    _same(root, "card:ParticipantIdentifier", pid)
    Card.objects.update_or_create(
        group=group, defaults={"body": etree.tostring(root, encoding="unicode")}
    )


def card_of(path: str) -> Card:
    """The business card of a path. Raises Answer 404."""
    card = Card.objects.filter(group=group_of(path)).first()
    if card is None:
        raise Answer(404, "Not found: this participant has no business card")
    return card


def _enter_in_sml(pid: ParticipantId) -> None:
    fault = faults.current()
    if fault == Fault.Kind.SML:
        raise Answer(500, f"Failed to create '{pid.uri}' in SML")
    entry = SmlEntry.objects.filter(uri=pid.uri).first()
    if fault == Fault.Kind.ELSEWHERE or (entry is not None and entry.smp):
        SmlEntry.objects.get_or_create(
            uri=pid.uri,
            defaults={"smp": "https://smp.elsewhere.example", "label": _label(pid)},
        )
        raise Answer(
            500, f"Failed to create '{pid.uri}' in SML: the participant is already registered"
        )
    SmlEntry.objects.update_or_create(uri=pid.uri, defaults={"smp": "", "label": _label(pid)})


def _label(pid: ParticipantId) -> str:
    return pid.sml_name("").partition(".")[0]


def read_xml(body: bytes) -> etree._Element:
    """What came, as XML. Raises Answer 400."""
    try:
        return documents.parse_xml(body)
    except documents.NotXml as error:
        raise Answer(400, f"Bad request: {error}") from None


def _parsed(body: bytes, expected: str) -> etree._Element:
    root = read_xml(body)
    try:
        shapes.check(root, expected)
    except shapes.WrongShape:
        # The real one finds this out in its schema validation, and says nothing about it.
        raise Answer(500) from None
    return root


def _same(root: etree._Element, path: str, pid: ParticipantId) -> None:
    element = root.find(path, NAMESPACES)
    text = "" if element is None else f"{element.get('scheme')}::{element.text}"
    if identifier(text) != pid:
        raise Answer(400, "Bad request: participant in path and body differ")


def _url(*parts: str) -> str:
    return "/".join((smp_address(), *(quote(part, safe="") for part in parts)))
