"""The sandbox's own certificate authority, made when it is first needed."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.conf import settings

from peppol.smp.trust import Certificates

_YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class Bundle:
    """The keys and certificates that the sandbox network signs with, as PEM."""

    ca_certificate: str
    smp_certificate: str
    smp_key: str
    access_point_certificate: str
    access_point_key: str


@cache
def bundle() -> Bundle:
    """The installation's bundle; made at first use, the same for all processes after it."""
    path = Path(settings.DATA_DIR) / "keys" / "sandbox-network.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _publish(path, json.dumps(asdict(make())))
    return Bundle(**json.loads(path.read_text()))


def _publish(path: Path, text: str) -> None:
    """Put a whole file in place; of several processes that try at once the first one wins."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def certificates() -> Certificates:
    """What the rest of the house sees of the bundle: nothing secret."""
    made = bundle()
    return Certificates(made.ca_certificate, made.access_point_certificate)


def make() -> Bundle:
    """A new network's certificates and keys, kept by nobody."""
    ca_key, ca_name = _key(), _name("Gatehouse Sandbox CA")
    ca = _certificate(ca_name, ca_key, ca_name, ca_key, is_ca=True)
    smp_key, ap_key = _key(), _key()
    smp = _certificate(_name("SANDBOX SMP"), smp_key, ca_name, ca_key)
    access_point = _certificate(_name("SANDBOX AP"), ap_key, ca_name, ca_key)
    return Bundle(_pem(ca), _pem(smp), _key_pem(smp_key), _pem(access_point), _key_pem(ap_key))


def _key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Gatehouse sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: RSAPrivateKey,
    issuer: x509.Name,
    issuer_key: RSAPrivateKey,
    *,
    is_ca: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=not is_ca,
        key_encipherment=not is_ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _key_pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
