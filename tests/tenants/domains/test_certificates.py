"""The certificate of a proven domain, looked at over TLS."""

import socketserver
import ssl
import threading
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone

from tenants.services import domains
from tests.conftest import SYSTEM
from tests.tenants.domains.name_server import HOST, prove


@pytest.fixture
def proxy(settings, tmp_path, monkeypatch):
    """A TLS proxy of ours on loopback, which shows a certificate for HOST alone."""
    pem = tmp_path / "proxy.pem"
    pem.write_bytes(make_certificate(HOST))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SERVED_OVER_TLS = True
    settings.BASE_URL = f"https://127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()


def make_certificate(host):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = timezone.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=60))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.public_bytes(Encoding.PEM)


def point_at_loopback(name_server, settings, domain):
    settings.CUSTOM_DOMAIN_TARGET = "localhost"
    prove(name_server, domain)
    name_server.records[(domain.host, "CNAME")] = "localhost."


def test_a_proven_domains_certificate_is_looked_at(name_server, settings, proxy, domain):
    point_at_loopback(name_server, settings, domain)
    after = domains.check(domain)
    assert after.state == "active" and not after.certificate_error
    left = after.certificate_until - timezone.now()
    assert timedelta(days=59) < left < timedelta(days=60)


def test_a_domain_without_a_certificate_says_why_and_is_looked_at_soon(
    name_server, settings, proxy, platform
):
    other = domains.claim(platform, "other.acme-accounting.com", by=SYSTEM)
    point_at_loopback(name_server, settings, other)
    after = domains.check(other)
    assert after.state == "active" and "ostname mismatch" in after.certificate_error
    assert after.next_check_at - timezone.now() < timedelta(hours=2)
