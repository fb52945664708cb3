"""A comparison looks at what a sender goes by; findings name both values, and are mended."""

import base64
from dataclasses import replace

import pytest

from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, parse
from peppol.models import BulkOperation, Finding, Participant
from peppol.sandbox.models import Group, Service
from peppol.services.registration import bulk, participants, reconciliation, worker
from peppol.smp import differences
from peppol.smp.client import ApEndpoint, BusinessCard, Entity, Metadata, ShownEndpoint
from tests.conftest import make_company

pytestmark = pytest.mark.django_db(transaction=True)
INVOICE = DEFAULT_DOCUMENT_TYPES[0]
CERTIFICATE = base64.b64encode(b"certificate").decode()
ENDPOINT = ApEndpoint("https://ap.example/as4", CERTIFICATE, "AP", "mailto:a@b.example")
PID = parse("0208:0403170701")
GOOD = [ShownEndpoint(one, ENDPOINT.url, CERTIFICATE) for one in INVOICE.processes]
OTHER = replace(INVOICE.processes[0], value="urn:other")


def shown(*changed):
    """The metadata of an SMP that shows these for the first process."""
    return Metadata(PID, INVOICE.uri, [*changed, *GOOD[1:]])


@pytest.mark.once
@pytest.mark.parametrize(
    "metadata, what, here, there",
    [
        (None, "", "registered", "nothing"),
        (
            Metadata(PID, INVOICE.uri, [], "https://evil.example"),
            "redirect",
            "nothing",
            "https://evil",
        ),
        (shown(), "transport profile", "peppol-transport-as4-v2_0", "nothing"),
        (
            shown(replace(GOOD[0], profile="peppol-transport-as4-v1_0")),
            "transport profile",
            "peppol-transport-as4-v2_0",
            "peppol-transport-as4-v1_0",
        ),
        (shown(replace(GOOD[0], url="https://x/as4")), "address", ENDPOINT.url, "https://x/as4"),
        (
            shown(replace(GOOD[0], certificate=base64.b64encode(b"another").decode())),
            "certificate",
            differences.fingerprint(CERTIFICATE),
            differences.fingerprint(base64.b64encode(b"another").decode()),
        ),
        (shown(replace(GOOD[0], signature="true")), "business level signature", "false", "true"),
        (shown(replace(GOOD[0], expiry="2020-01-01T00:00:00")), "expiry", "nothing", "2020-01-01"),
        (
            shown(replace(GOOD[0], activation="2099-01-01T00:00:00")),
            "activation",
            "nothing",
            "2099-01-01",
        ),
        (
            shown(replace(GOOD[0], profile="busdox-transport-start"), GOOD[0]),
            "further endpoint",
            "nothing",
            "busdox-transport-start https://ap.example/as4",
        ),
        (
            shown(GOOD[0], replace(GOOD[0], process=OTHER)),
            "further process",
            "nothing",
            "urn:other",
        ),
    ],
)
def test_whatever_a_sender_goes_by_is_compared(metadata, what, here, there):
    (found,) = list(differences.of_metadata(INVOICE, ENDPOINT, metadata))[:1]
    assert found.what.startswith(INVOICE.name) and found.what.endswith(what)
    assert (found.here, there in found.there) == (here, True)


@pytest.mark.once
def test_a_card_is_compared_as_a_whole():
    card = Entity({"": "Peeters", "nl": "Bakkerij"}, "BE", identifiers=[("VAT", "BE0403170701")])
    assert not list(differences.of_card(BusinessCard([card]), BusinessCard([card])))
    other = replace(card, names={"": "Janssens"}, country="NL", identifiers=[])
    found = [str(one) for one in differences.of_card(BusinessCard([card]), BusinessCard([other]))]
    assert found == [
        "business card, names: Janssens at the SMP, Peeters, Bakkerij (nl) here.",
        "business card, country: NL at the SMP, BE here.",
        "business card, identifiers: nothing at the SMP, VAT BE0403170701 here.",
    ]
    assert [one.there for one in differences.of_card(BusinessCard([card]), None)] == ["nothing"]


@pytest.fixture
def registered(gate, acme, by) -> list[Participant]:
    rows = [
        participants.register(make_company(acme, f"c{n}"), f"0208:000000000{n}", by=by)
        for n in range(4)
    ]
    worker.drain(seconds=20)
    return rows


def compare(by) -> dict[str, str]:
    """What a comparison finds, by identifier."""
    operation = bulk.start(BulkOperation.Kind.RECONCILE, by=by)
    for _ in range(10):
        reconciliation.advance()
    return dict(operation.findings.values_list("identifier", "detail"))


def test_each_difference_is_found_and_repaired_when_it_was_read_back(registered, gate, by):
    """Of an endpoint only address and certificate were compared, and a finding counted as
    repaired when that was asked for."""
    redirected, downgraded, claimed, crowded = registered
    of = {row: Service.objects.filter(group__uri=parse(row.identifier).uri) for row in registered}
    of[redirected].filter(document_type=INVOICE.uri).update(
        redirect='<smp:Redirect xmlns:smp="http://busdox.org/serviceMetadata/publishing/1.0/"'
        ' href="https://smp.elsewhere.example"><smp:CertificateUID>x</smp:CertificateUID>'
        "</smp:Redirect>"
    )
    one = of[downgraded].first()
    one.information = one.information.replace("peppol-transport-as4-v2_0", "busdox-transport-start")
    one.save()
    Group.objects.filter(uri=parse(claimed.identifier).uri).update(
        properties={"private/organization": "somebody"}
    )
    one = of[crowded].first()
    one.pk, one.document_type = None, "busdox-docid-qns::urn:of:no:code:list##x::1"
    one.save()
    found = compare(by)
    assert "redirect: https://smp.elsewhere.example at the SMP" in found[redirected.identifier]
    assert "transport profile: busdox-transport-start at the SMP" in found[downgraded.identifier]
    assert "somebody at the SMP" in found[claimed.identifier]
    assert "urn:of:no:code:list" in found[crowded.identifier]

    gate.on_request = lambda line: (500, b"busy") if line.startswith("PUT") else None
    for finding in Finding.objects.all():
        reconciliation.repair(finding, by=by)
    worker.drain(seconds=20)
    assert Finding.objects.unrepaired().count() == 4, "it was asked for, and is not done"
    gate.on_request = lambda line: None
    Participant.objects.update(next_attempt_at=participants.timezone.now())
    worker.drain(seconds=20)
    assert not Finding.objects.unrepaired().exists()
    assert compare(by) == {}
