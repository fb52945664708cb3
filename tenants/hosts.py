"""Host names: what may be somebody's custom domain, and what its DNS records must say."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
import idna
from django.conf import settings
from publicsuffixlist import PublicSuffixList

from tenants import unreached
from tenants.errors import Invalid

CHALLENGE_LABEL = "_gatehouse-challenge"
_LOOKUP_SECONDS = 5.0
_suffixes = PublicSuffixList()


class LookupFailed(Exception):
    """DNS gave no answer at all: nothing is known about the records."""


class NoCertificate(Exception):
    """No browser would open the host over TLS, for this reason."""


def our_host() -> str:
    """The host name that custom domains point at."""
    return settings.CUSTOM_DOMAIN_TARGET or urlsplit(settings.BASE_URL).hostname or ""


def normalize(text: str) -> str:
    """Return `text` as a lower-case ASCII host name that can be a custom domain.

    Raises Invalid for addresses, single labels, public suffixes and names under our own.
    """
    name = text.strip().rstrip(".")
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        pass
    else:
        raise _refused("An IP address cannot be a custom domain.")
    try:
        host = idna.encode(name, uts46=True).decode().lower()
    except idna.IDNAError:
        raise _refused(
            "“%(given)s” is not a host name, such as peppol.example.com.", text[:80]
        ) from None
    if _suffixes.privatesuffix(host) is None:
        raise _refused("“%(given)s” is not a name that a company can own.", host)
    ours = our_host()
    if host == ours or host.endswith(f".{ours}"):
        raise _refused("This name belongs to the installation itself.")
    return host


def records(host: str, challenge: str) -> list[dict[str, str]]:
    """The DNS records that make `host` a custom domain: one leads to us, one proves the owner."""
    ours = our_host()
    try:
        leads = "A" if ipaddress.ip_address(ours).version == 4 else "AAAA"
    except ValueError:
        leads = "CNAME"
    return [
        {"type": leads, "name": host, "value": ours},
        {"type": "TXT", "name": f"{CHALLENGE_LABEL}.{host}", "value": challenge},
    ]


@dataclass(frozen=True)
class Seen:
    """What DNS says about a host: the texts beside it, where it leads to, and whether to us."""

    texts: list[str]
    leads: list[str]
    leads_here: bool


def look(host: str) -> Seen:
    """Ask DNS for the records that `records` names. Raises LookupFailed."""
    texts = [
        b"".join(record.strings).decode("ascii", "replace")
        for record in _ask(f"{CHALLENGE_LABEL}.{host}", "TXT")
    ]
    names = sorted(str(record.target).rstrip(".").lower() for record in _ask(host, "CNAME"))
    if our_host() in names:
        return Seen(texts, names, leads_here=True)
    addresses = _addresses(host)
    here = bool(addresses) and addresses <= _addresses(our_host())
    return Seen(texts, [*names, *sorted(addresses)], leads_here=here)


def certificate_end(host: str) -> datetime:
    """Until when the certificate is good that our TLS proxy shows for `host`.

    Our own proxy is dialled, wherever the name leads by now. Raises NoCertificate.
    """
    address = (our_host(), urlsplit(settings.BASE_URL).port or 443)
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection(address, timeout=_LOOKUP_SECONDS) as line,
            context.wrap_socket(line, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        raise NoCertificate(error.verify_message) from error
    except OSError as error:
        raise NoCertificate(unreached.sentence_of(error)) from error
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _addresses(host: str) -> set[str]:
    return {record.address for kind in ("A", "AAAA") for record in _ask(host, kind)}


def _ask(name: str, kind: str) -> list[Any]:
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = settings.DNS_SERVERS
        resolver.port = settings.DNS_PORT
    # Whoever sets a record and asks at once must not read yesterday's absence.
    resolver.cache = None
    try:
        return list(resolver.resolve(name, kind, lifetime=_LOOKUP_SECONDS, search=False))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise LookupFailed(f"DNS did not answer for {name}."[:255]) from error


def _refused(sentence: str, given: str = "") -> Invalid:
    values = {"given": given} if given else {}
    fields = {"host": [sentence % values if values else sentence]}
    return Invalid(sentence, code="invalid_host", values=values, fields=fields)
