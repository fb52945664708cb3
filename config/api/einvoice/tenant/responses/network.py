"""What the tenant API answers of what the network knows."""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from django.utils import timezone

from config.api.kit.answers import (
    Answer,
    Flag,
    Float,
    Text,
    TextOrNull,
    Texts,
    Time,
)
from peppol.code_lists import TRANSPORT_PROFILE, Process
from peppol.identifiers import SCHEME
from peppol.network_lookup import LookupResult
from peppol.smp.client import Entity

_VERSION = "1.0.0"
_UNKNOWN = "The participant is not registered on the Peppol network."
_NO_CERTIFICATE = "The SMP shows no certificate that can be read."


def _now(found: Any) -> Any:
    return timezone.now()


def _status(known: Callable[[Any], Any]) -> Text:
    """Whether something could be learnt, in the vendor's two words."""
    return Text(lambda found: "success" if known(found) else "error")


# --- Certificates -------------------------------------------------------------------------------
def _certificate(encoded: str) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(encoded))
    except ValueError:
        return None


class CertificateDetailsAnswer(Answer):
    """What a certificate says."""

    subject = Text(lambda one: one.subject.rfc4514_string())
    issuer = Text(lambda one: one.issuer.rfc4514_string())
    serialNumber = Text(lambda one: str(one.serial_number))
    validFrom = Text(lambda one: one.not_valid_before_utc.isoformat())
    validTo = Text(lambda one: one.not_valid_after_utc.isoformat())


class CertificateAnswer(Answer):
    """An access point's certificate, or that it cannot be read."""

    status = _status(_certificate)
    details = CertificateDetailsAnswer(read=_certificate, required=False)
    error = Text(lambda one: None if _certificate(one) else _NO_CERTIFICATE, required=False)


# --- Where documents go -------------------------------------------------------------------------
@dataclass
class Address:
    """An access point: the document types it takes, and in which processes, with certificates."""

    url: str
    document_types: list[str] = field(default_factory=list)
    processes: list[tuple[str, Process, str]] = field(default_factory=list)


def _addresses(found: LookupResult) -> Iterable[Address]:
    by_url: dict[str, Address] = {}
    for one in found.metadata:
        for shown in one.endpoints:
            address = by_url.setdefault(shown.url, Address(shown.url))
            address.document_types.append(one.document_type)
            address.processes.append((shown.url, shown.process, shown.certificate))
    return by_url.values()


class TypeIdentifierAnswer(Answer):
    """An identifier of a document type."""

    scheme = Text(lambda name: name.partition("::")[0])
    value = Text(lambda name: name.partition("::")[2])


class ProcessIdentifierAnswer(Answer):
    """An identifier of a process."""

    scheme = Text()
    value = Text()


class ProcessEndpointAnswer(Answer):
    """Where the documents of a process go."""

    transportProfile = Text(lambda one: TRANSPORT_PROFILE)
    address = Text(lambda one: one[0])
    certificate = CertificateAnswer(read=lambda one: one[2])


class ProcessAnswer(Answer):
    """A process that an access point takes part in."""

    processId = ProcessIdentifierAnswer(read=lambda one: one[1])
    endpoints = ProcessEndpointAnswer(read=lambda one: [one], many=True)


class EndpointAnswer(Answer):
    """An access point: which documents go there, in which processes."""

    status = Text(lambda one: "success")
    url = Text()
    documentTypes = TypeIdentifierAnswer(
        read=lambda one: dict.fromkeys(one.document_types), many=True
    )
    processes = ProcessAnswer(read=lambda one: dict.fromkeys(one.processes), many=True)


# --- Everything about one identifier ------------------------------------------------------------
def _errors(found: LookupResult) -> list[str]:
    """What went wrong; of an identifier that nobody has, one sentence is enough."""
    said = [error for error in (found.sml_error, found.smp_error) if error]
    return said if found.is_registered else [*said, _UNKNOWN][:1]


def _certificates(found: LookupResult) -> Sequence[str]:
    shown = (one.certificate for metadata in found.metadata for one in metadata.endpoints)
    return list(dict.fromkeys(filter(None, shown)))


def _in_dns(found: LookupResult) -> bool:
    return bool(found.addresses) and (found.is_registered or bool(found.smp_error))


def _is_served(found: LookupResult) -> bool:
    return found.is_registered and not found.smp_error


def _entities(found: LookupResult) -> list[Entity]:
    return found.card.entities if found.card else []


def _name(entity: Entity) -> str | None:
    return next(iter(entity.names.values()), None)


class QueryAnswer(Answer):
    """What was asked."""

    identifierScheme = Text(lambda found: SCHEME)
    identifierValue = Text(lambda found: str(found.pid))
    smlDomain = Text("zone")
    timestamp = Time(_now)
    version = Text(lambda found: _VERSION)


class DnsRecordAnswer(Answer):
    """An address that the SML gives."""

    ip = Text(str)


class DnsAnswer(Answer):
    """What the SML knows."""

    status = _status(_in_dns)
    smpHostname = TextOrNull(lambda found: urlsplit(found.smp).hostname if found.smp else None)
    smlHostname = Text("zone")
    dnsRecords = DnsRecordAnswer(
        read=lambda found: found.addresses if _in_dns(found) else [], many=True
    )
    error = TextOrNull(lambda found: None if _in_dns(found) else found.sml_error or _UNKNOWN)
    lookupMethod = Text(lambda found: "naptr")


class ServicesAnswer(Answer):
    """What the SMP shows."""

    status = _status(_is_served)
    queryTimeMs = Float("smp_ms")
    endpoints = EndpointAnswer(read=_addresses, many=True)
    error = TextOrNull(lambda found: None if _is_served(found) else found.smp_error or _UNKNOWN)


class EntityAnswer(Answer):
    """A business on the business card."""

    name = TextOrNull(_name)
    countryCode = TextOrNull("country")
    registrationDate = TextOrNull("registered_on")
    additionalInformation = Texts(
        lambda one: [one.additional] if one.additional else None, allow_null=True
    )


class CardAnswer(Answer):
    """The business card."""

    status = _status(_entities)
    entities = EntityAnswer(read=_entities, many=True)
    queryTimeMs = Float("card_ms")
    error = TextOrNull(
        lambda found: None if _entities(found) else found.card_error or "There is no business card."
    )


class PeppolIdLookupAnswer(Answer):
    """Everything about one identifier; `status` is an error unless it is registered."""

    queryMetadata = QueryAnswer(source="*")
    status = _status(lambda found: found.is_registered)
    errors_ = Texts(_errors)
    dnsInfo = DnsAnswer(source="*")
    serviceMetadata = ServicesAnswer(source="*")
    businessCard = CardAnswer(source="*")
    certificates = CertificateAnswer(read=_certificates, many=True)
    executionTimeMs = Float("total_ms")


# --- Whether an identifier is registered --------------------------------------------------------
def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


class CardSummaryAnswer(Answer):
    """The first business on the business card."""

    name = TextOrNull(_name)
    country_code = TextOrNull("country")
    registration_date = TextOrNull(lambda one: _day(one.registered_on))


def _leading_entity(found: LookupResult) -> Entity | None:
    return next(iter(_entities(found)), None)


class PeppolIdValidationAnswer(Answer):
    """Whether one identifier is registered, and for what."""

    is_valid_ = Flag("is_registered")
    dns_valid = Flag(lambda found: found.is_registered or bool(found.addresses and found.smp_error))
    business_card_valid = Flag(lambda found: _leading_entity(found) is not None)
    supported_document_types = Texts("document_types")
    business_card = CardSummaryAnswer(read=_leading_entity, allow_null=True)
