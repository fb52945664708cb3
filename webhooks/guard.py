"""Which addresses may be dialled for a customer: public ones, and those an operator listed."""

import ipaddress
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from tenants.errors import Invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# `is_global` lets too much through: NAT64, 6to4, multicast, cloud metadata and more.
_REFUSED_V4 = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",  # the metadata service of Azure
    )
]
# Of IPv6 only what is handed out to the public, less what is reserved within it.
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_REFUSED_V6 = [
    ipaddress.ip_network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


def permits(text: str) -> bool:
    """Whether the address may be dialled; what is no address may not."""
    return _permits(text, tuple(settings.WEBHOOK_ALLOWED_CIDRS))


@lru_cache(maxsize=4096)
def _permits(text: str, listed: Sequence[str]) -> bool:
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if "%" in text:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address
    if any(address in ipaddress.ip_network(block) for block in listed):
        return True
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _REFUSED_V6)


def check_url(url: str) -> str:
    """Return a URL that a customer may have us call.

    Raises Invalid unless it is https with a host and without credentials (FLO-56); plain http is
    for hosts that are literally within the ranges the operator listed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("This is not a URL.") from None
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or url != url.strip():
        raise _refused("The URL must begin with https:// and name a host.")
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise _refused("The URL must not contain spaces or control characters.")
    if parts.username is not None or parts.password is not None:
        raise _refused("The URL must not carry a user name or password.")
    if port is not None and port not in (80, 443) and port < 1024:
        raise _refused("The port must be 80, 443 or at least 1024.")
    if parts.scheme == "http" and not _is_listed(host):
        raise _refused("The URL must begin with https://.")
    if _is_address(host) and not permits(host):
        raise _refused("This address is not on the public internet.")
    return url


def _is_listed(host: str) -> bool:
    if host == "localhost":
        return any(network.is_loopback for network in _listed())
    return _is_address(host) and any(ipaddress.ip_address(host) in n for n in _listed())


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _listed() -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return (ipaddress.ip_network(block) for block in settings.WEBHOOK_ALLOWED_CIDRS)


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, code="invalid_url", fields={"url": [sentence]})
