"""What an SMP shows of a participant beside what it should show: everything a sender goes by."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from peppol.code_lists import TRANSPORT_PROFILE, DocumentType, Process
from peppol.smp.client import ApEndpoint, BusinessCard, Contact, Entity, Metadata, ShownEndpoint

NOTHING = "nothing"
_NAMES = {
    "names": "names",
    "country": "country",
    "location": "place",
    "identifiers": "identifiers",
    "websites": "websites",
    "contacts": "contacts",
    "additional": "further information",
    "registered_on": "registration date",
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be, with both values."""

    what: str
    here: str
    there: str

    def __str__(self) -> str:
        return f"{self.what}: {self.there} at the SMP, {self.here} here."


def of_metadata(
    document_type: DocumentType, wanted: ApEndpoint, shown: Metadata | None
) -> Iterator[Difference]:
    """Where what is shown of a document type would lead a sender astray, or nowhere."""
    name = document_type.name
    if shown is None:
        yield Difference(name, "registered", NOTHING)
        return
    if shown.redirect:
        # It alone counts, whatever stands beside it.
        yield Difference(f"{name}, redirect", NOTHING, shown.redirect)
        return
    for process in document_type.processes:
        found = [one for one in shown.endpoints if one.process == process]
        yield from _of_process(f"{name}, {process.value}", wanted, found)
    for other in {one.process for one in shown.endpoints} - set(document_type.processes):
        yield Difference(f"{name}, further process", NOTHING, _uri(other))


def _of_process(name: str, wanted: ApEndpoint, shown: list[ShownEndpoint]) -> Iterator[Difference]:
    usable = [one for one in shown if one.profile == TRANSPORT_PROFILE]
    if not usable:
        profiles = ", ".join(one.profile for one in shown) or NOTHING
        yield Difference(f"{name}, transport profile", TRANSPORT_PROFILE, profiles)
        return
    first = usable[0]
    pairs = (
        ("address", wanted.url, first.url),
        ("certificate", fingerprint(wanted.certificate), fingerprint(first.certificate)),
        ("business level signature", "false", first.signature),
        ("activation", NOTHING, first.activation or NOTHING),
        ("expiry", NOTHING, first.expiry or NOTHING),
        ("technical contact", wanted.contact_url, first.contact or wanted.contact_url),
    )
    for what, here, there in pairs:
        if here != there:
            yield Difference(f"{name}, {what}", here, there)
    for other in shown:
        if other is not first:
            yield Difference(f"{name}, further endpoint", NOTHING, f"{other.profile} {other.url}")


def of_card(wanted: BusinessCard | None, shown: BusinessCard | None) -> Iterator[Difference]:
    """Where the Directory would show something else."""
    if wanted is None or shown is None:
        if wanted is not shown:
            here, there = (NOTHING if card is None else "there" for card in (wanted, shown))
            yield Difference("business card", here, there)
        return
    if len(wanted.entities) != len(shown.entities):
        here, there = (str(len(card.entities)) for card in (wanted, shown))
        yield Difference("business card, companies", here, there)
        return
    for ours, theirs in zip(wanted.entities, shown.entities, strict=True):
        for field, name in _NAMES.items():
            if getattr(ours, field) != getattr(theirs, field):
                what = f"business card, {name}"
                yield Difference(what, _text(ours, field), _text(theirs, field))


def of_property(wanted: str, shown: str | None) -> Iterator[Difference]:
    """Whether it is noted at the participant whose it is here."""
    if wanted != shown:
        yield Difference("property “organization”", wanted, shown or NOTHING)


def fingerprint(certificate: str) -> str:
    """What people compare a certificate by: the beginning of its SHA-256."""
    try:
        der = base64.b64decode(certificate, validate=True)
    except ValueError:
        return "no certificate"
    return hashlib.sha256(der).hexdigest()[:16] if der else NOTHING


def _uri(process: Process) -> str:
    return f"{process.scheme}::{process.value}"


def _text(entity: Entity, field: str) -> str:
    value = getattr(entity, field)
    if isinstance(value, dict):
        value = [f"{name} ({language})" if language else name for language, name in value.items()]
    if isinstance(value, list):
        value = ", ".join(map(_in_a_line, value))
    return value or NOTHING


def _in_a_line(value: str | tuple[str, ...] | Contact) -> str:
    if isinstance(value, str):
        return value
    parts = astuple(value) if isinstance(value, Contact) else value
    return " ".join(filter(None, parts))
