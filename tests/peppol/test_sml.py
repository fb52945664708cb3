"""The SML: who has a participant, and what silence means; a client nobody here wrote finds ours."""

import socket

import dns.message
import dns.query
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from cryptography import x509
from peppol_py import smp as peppol_py

from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, parse
from peppol.sandbox import dns as sandbox_dns
from peppol.sandbox import faults
from peppol.sandbox.models import SmlEntry
from peppol.services.registration.desired import own_endpoint
from peppol.smp import sml
from peppol.smp.client import RegisteredElsewhere
from peppol.smp.dialects import configured_smp
from tests.peppol.sml_server import ZONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
PID = parse("0208:0403170701")


@pytest.fixture
def registered(sml_server):
    smp, endpoint = configured_smp(), own_endpoint()
    smp.create_service_group(PID)
    for document_type in DEFAULT_DOCUMENT_TYPES:
        smp.put_service_metadata(PID, document_type, endpoint)
    return endpoint


def test_a_participant_that_nobody_has_is_none(sml_server):
    assert sml.smp_of(PID) is None and not sml.is_elsewhere(PID)


def test_our_own_participant_is_found_at_our_smp(registered, settings):
    assert sml.smp_of(PID) == settings.SMP_URL
    assert sml.smp_of(parse("0208:0403170701").canonical()) and not sml.is_elsewhere(PID)


def test_a_participant_at_another_smp_is_elsewhere(sml_server):
    faults.switch_on("elsewhere")
    with pytest.raises(RegisteredElsewhere):
        configured_smp().create_service_group(PID)
    faults.switch_off()
    # The refused call left nothing behind; the SML's own entry is what another SMP made.
    SmlEntry.objects.update_or_create(
        uri=PID.uri,
        defaults={"smp": "https://smp.elsewhere.example", "label": PID.sml_name("").split(".")[0]},
    )
    assert sml.is_elsewhere(PID)


def test_without_a_zone_nobody_is_asked(settings):
    settings.SML_ZONE, settings.DNS_SERVERS, settings.DNS_PORT = "", ["127.0.0.1"], 1
    assert not sml.is_elsewhere(PID)


@pytest.mark.parametrize(
    "answer",
    [
        lambda answer: answer.set_rcode(dns.rcode.SERVFAIL),
        lambda answer: answer.answer.append(_record(answer, "nonsense")),
        lambda answer: answer.answer.append(_record(answer, "!(!https://x!")),
        lambda answer: answer.answer.append(_record(answer, "!.*!ftp://x!")),
        lambda answer: answer.answer.append(_record(answer, "")),
    ],
    ids=["SERVFAIL", "no rule", "bad pattern", "no address", "empty rule"],
)
def test_an_answer_that_says_nothing_is_not_taken_for_a_no(sml_server, monkeypatch, answer):
    def broken(self, query):
        made = dns.message.make_response(query)
        answer(made)
        return made

    monkeypatch.setattr(sandbox_dns._Answer, "_answer", broken)
    with pytest.raises(sml.SmlUnavailable):
        sml.smp_of(PID)


def test_a_sml_server_that_is_not_there_is_silence(settings, monkeypatch):
    monkeypatch.setattr(sml, "_LOOKUP_SECONDS", 0.3)
    settings.SML_ZONE, settings.DNS_SERVERS, settings.DNS_PORT = ZONE, ["127.0.0.1"], 1
    with pytest.raises(sml.SmlUnavailable):
        sml.smp_of(PID)


def test_who_connects_is_answered_as_often_as_they_ask(registered, sml_server, settings):
    question = dns.message.make_query(f"{PID.sml_name(ZONE)}.", "NAPTR")
    with socket.create_connection(sml_server.server_address, timeout=5) as connected:
        for _ in range(2):
            dns.query.send_tcp(connected, question)
            answer, _ = dns.query.receive_tcp(connected)
            assert settings.SMP_URL in answer.answer[0].to_text()
    assert dns.query.udp(question, "127.0.0.1", 5, settings.DNS_PORT).answer == answer.answer


def test_names_outside_the_zone_are_refused(sml_server, settings):
    with pytest.raises(sml.SmlUnavailable):
        sml.smp_of(PID, "another.zone.example")


def test_a_client_nobody_here_wrote_resolves_our_participant(registered, settings, monkeypatch):
    """peppol-py: NAPTR → service group → signed metadata → endpoint and certificate."""
    server, port, real = settings.DNS_SERVERS, settings.DNS_PORT, dns.resolver.Resolver

    def local():
        resolver = real(configure=False)
        resolver.nameservers, resolver.port = server, port
        return resolver

    monkeypatch.setattr(peppol_py.dns.resolver, "Resolver", local)
    profile, url, certificate = peppol_py.get_service_info_for_participant_from_smp(
        str(PID), DEFAULT_DOCUMENT_TYPES[0].value, True, 5, "tests"
    )
    assert (profile, url) == ("peppol-transport-as4-v2_0", registered.url)
    assert "SANDBOX AP" in x509.load_pem_x509_certificate(certificate).subject.rfc4514_string()
    assert peppol_py.validate_peppol_receiver(str(PID), timeout=5) is None


def _record(answer, rule):
    name = answer.question[0].name
    return dns.rrset.from_text(name, 60, "IN", "NAPTR", f'100 10 "U" "Meta:SMP" "{rule}" .')
