"""Whose certificates count on the network: those that sign SMP answers, and our access point's.

Both are settings. The sandbox makes certificates of its own and hands them in at start; they
count where nothing was set, and never on a real network.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings


@dataclass(frozen=True)
class Certificates:
    """Of the sandbox network: who signs there, and its access point. Both are PEM."""

    authority: str
    access_point: str


_sandbox: list[Callable[[], Certificates]] = []


def register(sandbox: Callable[[], Certificates]) -> None:
    """Say where the sandbox's certificates come from; they are made when first asked for."""
    _sandbox[:] = [sandbox]


def anchors() -> list[bytes]:
    """The certificates that an SMP's signature has to lead to."""
    given = [Path(path).read_bytes() for path in settings.SMP_TRUST_ANCHORS]
    return given or [made.authority.encode() for made in _made()]


def access_point_certificate() -> str:
    """The certificate that registrations publish, as base64 of DER in one line."""
    pem: str = settings.ACCESS_POINT_CERTIFICATE
    if pem and "BEGIN CERTIFICATE" not in pem:
        pem = Path(pem).read_text()
    pem = pem or "".join(made.access_point for made in _made())
    certificate = x509.load_pem_x509_certificate(pem.encode())
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def _made() -> list[Certificates]:
    return [make() for make in _sandbox] if settings.PEPPOL_NETWORK == "sandbox" else []
