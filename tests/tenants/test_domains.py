"""Custom domains: which names are taken, what DNS has to say, when they are served."""

import socketserver
import ssl
import threading
from datetime import timedelta

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone

from config import hosts as served_hosts
from tenants.errors import Conflict, Forbidden, Invalid
from tenants.hosts import normalize
from tenants.models import CustomDomain, Event, Organization
from tenants.services import branding, domains
from tests.conftest import SYSTEM

HOST = "peppol.acme-accounting.com"


class NameServer(socketserver.ThreadingUDPServer):
    """A name server on loopback that answers from `records` and can fall silent."""

    allow_reuse_address = True

    def __init__(self):
        self.records: dict[tuple[str, str], str] = {}
        self.broken = False
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        wire, socket = self.request
        query = dns.message.from_wire(wire)
        answer = dns.message.make_response(query)
        name = query.question[0].name
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        value = self.server.records.get((name.to_text(omit_final_dot=True), kind))
        if self.server.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif value:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, value))
        elif not any(
            known == name.to_text(omit_final_dot=True) for known, _ in self.server.records
        ):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def name_server(settings):
    server = NameServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DNS_SERVERS, settings.DNS_PORT = ["127.0.0.1"], server.server_address[1]
    settings.CUSTOM_DOMAIN_TARGET = "portal.gatehouse.example"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def fresh_memory():
    served_hosts._known.clear()


@pytest.fixture
def platform(acme):
    Organization.objects.filter(pk=acme.pk).update(white_label=True)
    return acme


@pytest.fixture
def domain(platform):
    return domains.claim(platform, HOST, by=SYSTEM)


def prove(server, domain):
    server.records[(f"_gatehouse-challenge.{domain.host}", "TXT")] = f'"{domain.challenge}"'
    server.records[(domain.host, "CNAME")] = "portal.gatehouse.example."


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "[::1]",
        "localhost",
        "com",
        "co.uk",
        "a b.com",
        "-x.com",
        "",
        "x" * 300 + ".com",
        "https://acme.com",
        "acme.com/path",
        "acme..com",
        "127.0.0.1:80",
        "portal.gatehouse.example",
    ],
)
def test_a_name_that_nobody_can_own_is_refused(settings, text):
    settings.CUSTOM_DOMAIN_TARGET = "portal.gatehouse.example"
    with pytest.raises(Invalid):
        normalize(text)


@pytest.mark.parametrize(
    "text, host",
    [(" Peppol.ACME.com. ", "peppol.acme.com"), ("bücher.de", "xn--bcher-kva.de")],
)
def test_a_name_is_stored_in_one_spelling(text, host):
    assert normalize(text) == host


def test_a_custom_domain_needs_the_entitlement(acme):
    with pytest.raises(Forbidden):
        domains.claim(acme, HOST, by=SYSTEM)


def test_both_records_prove_a_domain(name_server, domain):
    assert domains.check(domain).state == "pending"
    prove(name_server, domain)
    assert domains.check(domain).state == "active"
    assert Event.objects.filter(type="domain.proven").count() == 1


@pytest.mark.parametrize("record", ["TXT", "CNAME"])
def test_one_record_alone_proves_nothing(name_server, domain, record):
    prove(name_server, domain)
    name_server.records = {k: v for k, v in name_server.records.items() if k[1] != record}
    after = domains.check(domain)
    assert after.state == "pending" and after.last_error


def test_an_address_record_to_our_address_is_as_good(name_server, domain):
    prove(name_server, domain)
    del name_server.records[(HOST, "CNAME")]
    name_server.records[(HOST, "A")] = "192.0.2.7"
    assert domains.check(domain).state == "pending"
    name_server.records[("portal.gatehouse.example", "A")] = "192.0.2.7"
    assert domains.check(domain).state == "active"


def test_a_silent_name_server_changes_nothing(name_server, domain):
    prove(name_server, domain)
    domains.check(domain)
    name_server.broken = True
    after = domains.check(domain)
    assert after.state == "active" and "did not answer" in after.last_error


def test_what_was_found_is_kept_beside_what_is_missing(name_server, domain):
    name_server.records[(f"_gatehouse-challenge.{HOST}", "TXT")] = '"of another try"'
    name_server.records[(HOST, "A")] = "192.0.2.9"
    after = domains.check(domain)
    assert (after.found_texts, after.found_leads) == (["of another try"], ["192.0.2.9"])
    assert after.checked_at and not after.leads_here


def test_a_domain_is_looked_at_when_somebody_asks(name_server, domain):
    prove(name_server, domain)
    domains.drain()
    name_server.records.clear()
    assert domains.drain() == 0
    domains.check_soon(domain)
    assert domains.drain() == 1
    assert CustomDomain.objects.get().state == "failing"


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


def test_missing_records_are_served_for_a_week_and_no_longer(name_server, domain, time_machine):
    prove(name_server, domain)
    domains.check(domain)
    name_server.records.clear()
    assert domains.check(domain).state == "failing"
    assert CustomDomain.objects.serving(HOST).exists()
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    assert domains.check(domain).state == "released"
    assert not CustomDomain.objects.serving(HOST).exists()


def test_the_first_to_prove_a_host_has_it(name_server, domain, rival):
    Organization.objects.filter(pk=rival.pk).update(white_label=True)
    theirs = domains.claim(rival, HOST, by=SYSTEM)
    prove(name_server, domain)
    domains.check(domain)
    name_server.records[(f"_gatehouse-challenge.{HOST}", "TXT")] = f'"{theirs.challenge}"'
    after = domains.check(theirs)
    assert after.state == "pending" and "another platform" in after.last_error
    with pytest.raises(Conflict):
        domains.release(theirs, by=SYSTEM)
        domains.claim(rival, HOST, by=SYSTEM)


def test_a_released_host_rests_before_another_platform_may_have_it(
    name_server, domain, rival, time_machine
):
    Organization.objects.filter(pk=rival.pk).update(white_label=True)
    prove(name_server, domain)
    domains.check(domain)
    domains.release(domain, by=SYSTEM)
    with pytest.raises(Conflict):
        domains.claim(rival, HOST, by=SYSTEM)
    time_machine.move_to(timezone.now() + timedelta(days=30, minutes=1))
    assert domains.claim(rival, HOST, by=SYSTEM)


def test_a_resting_host_is_not_proven_by_a_claim_that_could_not_see_it(name_server, domain, rival):
    """Behind row-level security a claim finds no domain of others."""
    prove(name_server, domain)
    domains.check(domain)
    domains.release(domain, by=SYSTEM)
    unseen = CustomDomain.objects.create(organization=rival, host=HOST, challenge="theirs")
    prove(name_server, unseen)
    after = domains.check(unseen)
    assert after.state == "pending" and "another platform" in after.last_error
    assert after.proven_at is None


def test_a_new_host_takes_the_place_of_the_old_one(platform, domain):
    domains.claim(platform, "other.acme-accounting.com", by=SYSTEM)
    assert [d.host for d in CustomDomain.objects.current()] == ["other.acme-accounting.com"]


def test_due_domains_are_checked_by_one_worker_and_again_tomorrow(name_server, domain):
    prove(name_server, domain)
    assert domains.drain() == 1
    assert domains.drain() == 0
    after = CustomDomain.objects.get()
    assert timedelta(hours=23) < after.next_check_at - timezone.now() < timedelta(hours=25)


def test_the_tls_proxy_is_told_of_proven_domains_only(client, name_server, domain):
    ask = "/internal/tls/ask?domain="
    assert client.get(f"{ask}{HOST}").status_code == 404
    prove(name_server, domain)
    domains.check(domain)
    served_hosts._known.clear()
    assert client.get(f"{ask}{HOST.upper()}").status_code == 200
    assert client.get(f"{ask}nobody.example").status_code == 404
    assert client.get(ask).status_code == 404


def test_only_this_machine_may_ask(client, domain):
    path = f"/internal/tls/ask?domain={HOST}"
    assert client.get(path, REMOTE_ADDR="192.0.2.1").status_code == 403
    assert client.get(path, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


def test_an_unknown_name_costs_one_query_a_minute(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(3):
            client.get("/internal/tls/ask?domain=nobody.example")


def test_the_site_answers_on_proven_domains_and_its_own(client, name_server, domain):
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/accounts/login/", headers={"Host": HOST}).status_code == 400
    prove(name_server, domain)
    domains.check(domain)
    served_hosts._known.clear()
    assert client.get("/accounts/login/", headers={"Host": HOST}).status_code == 200


@pytest.mark.parametrize("host", ["", "a b", "x:y:z", "evil.example", "[", "%00"])
def test_a_name_that_is_none_is_refused_and_no_fault(client, db, host):
    assert client.get("/portal/", headers={"Host": host}).status_code == 400


def test_branding_is_partial_and_needs_the_entitlement(platform, rival):
    branding.change(platform, {"display_name": "Acme", "primary_color": "#0F62FE"}, by=SYSTEM)
    after = branding.change(platform, {"support_email": "help@acme.example"}, by=SYSTEM)
    assert (after.display_name, after.support_email) == ("Acme", "help@acme.example")
    with pytest.raises(Forbidden):
        branding.change(rival, {"display_name": "Rival"}, by=SYSTEM)


@pytest.mark.parametrize(
    "field, value",
    [("primary_color", "blue"), ("logo_url", "logo"), ("support_email", "nobody")],
)
def test_branding_that_cannot_be_is_refused_by_field(platform, field, value):
    with pytest.raises(Invalid) as refusal:
        branding.change(platform, {field: value}, by=SYSTEM)
    assert list(refusal.value.fields) == [field]
