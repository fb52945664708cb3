"""How the tenant API shows what the network knows, field by field."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from django.utils import timezone

from peppol.code_lists import TRANSPORT_PROFILE
from peppol.identifiers import SCHEME
from peppol.network_lookup import Listing
from peppol.smp.client import Entity, Metadata
from tenants.errors import DomainError, Kind
from tenants.times import utc

_VERSION = "1.0.0"
_UNKNOWN = "The participant is not registered on the Peppol network."


def lookup(found: Listing) -> dict[str, Any]:
    """Everything about one identifier; `status` is an error unless it is registered."""
    errors = [found.sml_error, found.smp_error, "" if found.is_registered else _UNKNOWN]
    said = [error for error in errors if error][:1] if not found.is_registered else errors
    return {
        "queryMetadata": {
            "identifierScheme": SCHEME,
            "identifierValue": str(found.pid),
            "smlDomain": found.zone,
            "timestamp": utc(timezone.now()),
            "version": _VERSION,
        },
        "status": "success" if found.is_registered else "error",
        "errors": [error for error in said if error],
        "dnsInfo": _dns(found),
        "serviceMetadata": _services(found),
        "businessCard": _card(found),
        "certificates": [_certificate(pem) for pem in _certificates(found.metadata)],
        "executionTimeMs": found.total_ms,
    }


def validation(found: Listing) -> dict[str, Any]:
    """Whether one identifier is registered, and for what."""
    entity = next(iter(found.card.entities), None) if found.card else None
    return {
        "is_valid": found.is_registered,
        "dns_valid": found.is_registered or bool(found.addresses and found.smp_error),
        "business_card_valid": entity is not None,
        "supported_document_types": found.document_types,
        "business_card": {
            "name": _name(entity),
            "country_code": entity.country or None,
            "registration_date": _day(entity.registered_on),
        }
        if entity
        else None,
    }


def search(text: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What the Directory answered, in the tenant API's words. Raises DomainError."""
    try:
        matches = [_match(match) for match in answer.get("matches") or []]
        total = int(answer.get("total-result-count") or 0)
    except (AttributeError, TypeError, ValueError, LookupError):
        sentence = "The Peppol Directory's answer cannot be read."
        raise DomainError(Kind.UNAVAILABLE, "directory_unavailable", sentence) from None
    return {
        "total_count": total,
        "used_count": len(matches),
        "participants": matches,
        "query_terms": text,
        "search_date": utc(timezone.now()),
    }


def _dns(found: Listing) -> dict[str, Any]:
    known = bool(found.addresses) and (found.is_registered or bool(found.smp_error))
    return {
        "status": "success" if known else "error",
        "smpHostname": urlsplit(found.smp).hostname if found.smp else None,
        "smlHostname": found.zone,
        "dnsRecords": [{"ip": ip} for ip in found.addresses] if known else [],
        "error": None if known else found.sml_error or _UNKNOWN,
        "lookupMethod": "naptr",
    }


def _services(found: Listing) -> dict[str, Any]:
    known = found.is_registered and not found.smp_error
    return {
        "status": "success" if known else "error",
        "queryTimeMs": found.smp_ms,
        "endpoints": _endpoints(found.metadata),
        "error": None if known else found.smp_error or _UNKNOWN,
    }


def _endpoints(metadata: Sequence[Metadata]) -> list[dict[str, Any]]:
    """By address: which documents go there, in which processes."""
    by_url: dict[str, dict[str, Any]] = {}
    for one in metadata:
        scheme, _, value = one.document_type.partition("::")
        for process, url, certificate in one.endpoints:
            shown = by_url.setdefault(
                url, {"status": "success", "url": url, "documentTypes": [], "processes": []}
            )
            document = {"scheme": scheme, "value": value}
            if document not in shown["documentTypes"]:
                shown["documentTypes"].append(document)
            entry = {
                "processId": {"scheme": process.scheme, "value": process.value},
                "endpoints": [
                    {
                        "transportProfile": TRANSPORT_PROFILE,
                        "address": url,
                        "certificate": _certificate(certificate),
                    }
                ],
            }
            if entry not in shown["processes"]:
                shown["processes"].append(entry)
    return list(by_url.values())


def _certificates(metadata: Sequence[Metadata]) -> list[str]:
    return list(dict.fromkeys(c for one in metadata for _, _, c in one.endpoints if c))


def _certificate(encoded: str) -> dict[str, Any]:
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(encoded))
    except ValueError:
        return {"status": "error", "error": "The SMP shows no certificate that can be read."}
    return {
        "status": "success",
        "details": {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "serialNumber": str(certificate.serial_number),
            "validFrom": certificate.not_valid_before_utc.isoformat(),
            "validTo": certificate.not_valid_after_utc.isoformat(),
        },
    }


def _card(found: Listing) -> dict[str, Any]:
    entities = found.card.entities if found.card else []
    return {
        "status": "success" if entities else "error",
        "entities": [
            {
                "name": _name(entity),
                "countryCode": entity.country or None,
                "registrationDate": entity.registered_on or None,
                "additionalInformation": [entity.additional] if entity.additional else None,
            }
            for entity in entities
        ],
        "queryTimeMs": found.card_ms,
        "error": None if entities else found.card_error or "There is no business card.",
    }


def _name(entity: Entity) -> str | None:
    return next(iter(entity.names.values()), None)


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def _match(match: Mapping[str, Any]) -> dict[str, Any]:
    participant = match.get("participantID") or {}
    return {
        "peppol_id": participant.get("value", ""),
        "peppol_scheme": participant.get("scheme", ""),
        "entities": [_entity(entity) for entity in match.get("entities") or []],
        "document_types": [
            {"scheme": one.get("scheme", ""), "value": one.get("value", "")}
            for one in match.get("docTypes") or []
        ],
    }


def _entity(entity: Mapping[str, Any]) -> dict[str, Any]:
    names = entity.get("name") or []
    return {
        "name": names[0].get("name") if names else None,
        "country_code": entity.get("countryCode") or None,
        "website": next(iter(entity.get("websites") or []), None),
        "geo_info": entity.get("geoInfo") or None,
        "additional_info": entity.get("additionalInfo") or None,
        "registration_date": entity.get("regDate") or None,
        "identifiers": [
            {"scheme": one.get("scheme", ""), "value": one.get("value", "")}
            for one in entity.get("identifiers") or []
        ],
    }
