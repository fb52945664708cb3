"""What the network knows of a participant, for whoever waits for the answer.

The SML says which SMP has it, the SMP what it receives and where, and its business card. Every
step has its time out; what could not be learnt is said and does not spoil the rest.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext_noop

from peppol import deadlines
from peppol.code_lists import DocumentType
from peppol.identifiers import ParticipantId
from peppol.smp import sml, trust
from peppol.smp.client import BusinessCard, Metadata, SmpError
from peppol.smp.dialects import public_smp_address, smp_address
from peppol.smp.documents import NotXml
from peppol.smp.queries import PublicSmp
from tenants.errors import DomainError, Kind
from tenants.outside_text import read_json
from webhooks import guard

_T = TypeVar("_T")

# Beyond these nobody waits, and no more is asked.
_SECONDS, _NAME_SECONDS = 8.0, 3.0
_MOST_TYPES = 24
_MOST_BYTES = 2 * 1024 * 1024
# Each holds a thread of the web server; in the sandbox its SMP needs others to answer with.
_places = threading.BoundedSemaphore(6)


@dataclass
class LookupResult:
    """What was found. `smp` is the SMP's address, None when nobody has the participant.

    The errors are sentences, empty where nothing went wrong; times are milliseconds.
    """

    pid: ParticipantId
    zone: str
    smp: str | None = None
    addresses: list[str] = field(default_factory=list)
    document_types: list[str] = field(default_factory=list)
    metadata: list[Metadata] = field(default_factory=list)
    card: BusinessCard | None = None
    sml_error: str = ""
    smp_error: str = ""
    card_error: str = ""
    smp_ms: float = 0.0
    card_ms: float = 0.0
    total_ms: float = 0.0

    @property
    def is_registered(self) -> bool:
        return self.smp is not None


def look_up(pid: ParticipantId, *, endpoints: bool = True) -> LookupResult:
    """Ask the network about `pid`; without `endpoints` not where its documents go.

    Raises DomainError (UNAVAILABLE) when too many are asking at once.
    """
    found = LookupResult(pid, settings.SML_ZONE or "sandbox")
    started = time.monotonic()
    with _place():
        smp = _smp_of(pid, found)
        if smp is not None:
            _ask(smp, found, endpoints=endpoints, until=started + _SECONDS)
    found.total_ms = _since(started)
    return found


def search(text: str, *, country: str = "") -> dict[str, Any]:
    """What the Peppol Directory finds for `text`, as it answers. Raises DomainError."""
    wanted = {"q": text, "resultPageCount": "20", **({"country": country} if country else {})}
    with _place():
        try:
            with (
                deadlines.Calls() as calls,
                calls.call(
                    "GET",
                    f"{settings.DIRECTORY_URL}/search/1.0/json",
                    timeout=(2.0, 5.0),
                    params=wanted,
                ) as response,
            ):
                response.raise_for_status()
                content = deadlines.read_body(response, most=_MOST_BYTES)
                if len(content) > _MOST_BYTES:
                    raise ValueError
            answer = read_json(content)
        except (requests.RequestException, ValueError, OSError):
            raise DomainError(
                Kind.UNAVAILABLE, "directory_unavailable", "The Peppol Directory did not answer."
            ) from None
    return answer if isinstance(answer, dict) else {}


def _smp_of(pid: ParticipantId, found: LookupResult) -> str | None:
    """The address of the SMP to ask. Where there is no SML to say which, it is our own."""
    if not sml.is_asked():
        return smp_address()
    try:
        address = sml.smp_of(pid)
    except sml.SmlUnavailable as error:
        found.sml_error = str(error)
        return None
    if address is not None and sml.is_our_smp(address):
        return smp_address()
    return address


def _ask(smp: str, found: LookupResult, *, endpoints: bool, until: float) -> None:
    try:
        found.addresses = _resolved(smp)
    except OSError as error:
        found.sml_error = f"The directory leads to an SMP that could not be asked. {error}"
        return
    if smp != smp_address() and not all(map(guard.permits, found.addresses)):
        found.sml_error = "The SML leads to an address that is not public."
        return
    # Exactly what was checked is dialled: the name may lead elsewhere a moment later.
    with PublicSmp(
        smp, anchors=trust.anchors(), timeout=(2.0, 4.0), addresses=found.addresses
    ) as client:
        started = time.monotonic()
        types = _tried(lambda: client.service_group(found.pid), found, "smp_error")
        if types is None:
            found.smp_ms = _since(started)
            return
        found.smp, found.document_types = smp, types
        if smp == smp_address() != public_smp_address():
            # Where we reach our own is nobody else's business.
            found.smp, found.addresses = public_smp_address(), []
            with suppress(OSError):
                found.addresses = _resolved(found.smp)
        for uri in types[:_MOST_TYPES] if endpoints else ():
            if time.monotonic() < until:
                _add_metadata(client, uri, found)
        found.smp_ms = _since(started)
        started = time.monotonic()
        found.card = _tried(lambda: client.business_card(found.pid), found, "card_error")
        found.card_ms = _since(started)


def _add_metadata(client: PublicSmp, uri: str, found: LookupResult) -> None:
    scheme, _, value = uri.partition("::")
    wanted = DocumentType(scheme, value, (), value)
    metadata = _tried(lambda: client.service_metadata(found.pid, wanted), found, "smp_error")
    if metadata:
        found.metadata.append(metadata)


def _tried(call: Callable[[], _T], found: LookupResult, error_field: str) -> _T | None:
    try:
        return call()
    except SmpError as error:
        setattr(found, error_field, error.message)
    except NotXml as error:
        setattr(found, error_field, str(error))
    return None


def _resolved(address: str) -> list[str]:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return deadlines.resolve(parts.hostname or "", port, seconds=_NAME_SECONDS)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 2)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=2.0):
        sentence = gettext_noop("Too many lookups at once; try again in a moment.")
        raise DomainError(Kind.UNAVAILABLE, "busy", sentence)
    try:
        yield
    finally:
        _places.release()
