"""Asks the SML, which is DNS, at which SMP a participant is registered."""

import re
from collections.abc import Callable

import dns.exception
import dns.resolver
from django.conf import settings

from peppol.identifiers import ParticipantId
from peppol.smp.dialects import public_smp_address

_LOOKUP_SECONDS = 5.0
_Lookup = Callable[[ParticipantId], str | None]
# The sandbox's register, where no zone is given: it is asked directly.
_sandbox: list[tuple[_Lookup, Callable[[], bool]]] = []


class SmlUnavailable(Exception):
    """DNS gave no answer: nothing is known about the participant."""


def smp_of(pid: ParticipantId, zone: str | None = None) -> str | None:
    """The address of the SMP that has a participant, or None when nobody has it.

    Reads the NAPTR record of service `Meta:SMP` (Peppol SML since 2025-11; the CNAME is gone).
    NXDOMAIN and an empty answer mean that nobody has it. Raises SmlUnavailable for SERVFAIL,
    time outs and records that cannot be read.
    """
    if not (zone or settings.SML_ZONE) and is_asked():
        return _sandbox[0][0](pid)
    name = pid.sml_name(zone or settings.SML_ZONE)
    try:
        answer = _resolver().resolve(name, "NAPTR", lifetime=_LOOKUP_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except dns.exception.DNSException as error:
        raise SmlUnavailable(
            f"The network's directory (SML) did not answer about {pid}."
        ) from error
    for record in sorted(answer, key=lambda r: (r.order, r.preference)):
        if record.flags.lower() == b"u" and record.service.lower() == b"meta:smp":
            return _rewritten(name, record.regexp.decode("ascii", "replace"))
    return None


def register(lookup: _Lookup, is_there: Callable[[], bool]) -> None:
    """Say how the sandbox's register is asked where there is no name server before it."""
    _sandbox[:] = [(lookup, is_there)]


def is_asked() -> bool:
    """Whether there is an SML to ask at all."""
    if settings.SML_ZONE:
        return True
    return settings.PEPPOL_NETWORK == "sandbox" and any(there() for _, there in _sandbox)


def is_elsewhere(pid: ParticipantId) -> bool:
    """Whether another SMP than ours has the participant. False without an SML to ask.

    Raises SmlUnavailable.
    """
    if not settings.SML_ZONE:
        return False
    found = smp_of(pid)
    return found is not None and not is_our_smp(found)


def is_our_smp(address: str) -> bool:
    """Whether this is what the SML has as the address of our own SMP."""
    return address.rstrip("/").lower() == public_smp_address().lower()


def _rewritten(name: str, regexp: str) -> str:
    """Apply a NAPTR rule, `!pattern!replacement!` (RFC 3402), to the name that was asked."""
    parts = regexp.split(regexp[0]) if regexp else []
    if len(parts) != 4:
        raise SmlUnavailable(f"The SML's rule {regexp!r} cannot be read.")
    try:
        url = re.sub(f"^{parts[1]}$", parts[2].replace("\\", "\\\\"), name)
    except re.error:
        raise SmlUnavailable(f"The SML's rule {regexp!r} cannot be read.") from None
    if not url.startswith(("https://", "http://")):
        raise SmlUnavailable(f"The SML's rule {regexp!r} does not lead to an address.")
    return url


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = settings.DNS_SERVERS
        resolver.port = settings.DNS_PORT
    return resolver
