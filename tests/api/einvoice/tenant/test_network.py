"""What the tenant API tells of the network, judged by its published client."""

import pytest
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import Participant
from peppol.sandbox.models import Fault, SmlEntry
from peppol.services.registration import participants, worker
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
IDENTIFIER = "0208:0403170701"


@pytest.fixture
def network(live_server, settings):
    """The sandbox's SMP and Directory over HTTP."""
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    settings.DIRECTORY_URL = f"{live_server.url}/sandbox/directory"


@pytest.fixture
def registered(network, bakery):
    """The bakery on the network, its card in the Directory."""
    participants.register(bakery, IDENTIFIER, by=SYSTEM)
    for _ in range(6):
        Participant.objects.filter(next_attempt_at__isnull=False).update(
            next_attempt_at=timezone.now()
        )
        worker.drain()
    assert Participant.objects.get().directory_state == "published"
    return IDENTIFIER


def test_the_published_client_looks_others_up(client, registered):
    assert client.me.retrieve().peppol_ids == [IDENTIFIER]
    found = client.lookup.retrieve(peppol_id=IDENTIFIER)
    assert (found.status, found.errors) == ("success", [])
    assert found.query_metadata.identifier_value == IDENTIFIER
    (endpoint,) = found.service_metadata.endpoints
    assert len(endpoint.document_types) == 2 and endpoint.processes
    assert found.business_card.entities[0].name == "Bakery Peeters"
    assert found.certificates[0].status == "success"
    valid = client.validate.validate_peppol_id(peppol_id=IDENTIFIER)
    assert valid.is_valid and valid.dns_valid and valid.business_card_valid
    assert len(valid.supported_document_types) == 2
    assert valid.business_card.country_code == "BE"
    results = client.lookup.retrieve_participants(query="peeters", country_code="BE")
    assert (results.total_count, results.participants[0].peppol_id) == (1, IDENTIFIER)
    assert client.lookup.retrieve_participants(query="peeters", country_code="NL").total_count == 0


def test_an_identifier_that_nobody_has_is_an_answer_and_no_error(client, network):
    found = client.lookup.retrieve(peppol_id="0106:12345678")
    assert found.status == "error" and found.errors and found.dns_info.status == "error"
    assert found.service_metadata.endpoints == found.business_card.entities == []
    valid = client.validate.validate_peppol_id(peppol_id="0106:12345678")
    assert (valid.is_valid, valid.supported_document_types, valid.business_card) == (
        False,
        [],
        None,
    )
    assert client.lookup.retrieve_participants(query="nobody").participants == []


@pytest.mark.parametrize("fault", [Fault.Kind.DOWN, Fault.Kind.SIGNATURE])
def test_a_network_that_fails_is_told_from_one_that_knows_nothing(client, registered, fault):
    Fault.objects.create(kind=fault)
    found = client.lookup.retrieve(peppol_id=IDENTIFIER)
    assert found.service_metadata.status == "error" and found.service_metadata.error
    assert (found.status == "success") == (fault == Fault.Kind.SIGNATURE)
    assert found.errors and "not registered" not in found.errors[0]


def test_a_network_that_is_not_there_costs_no_more_than_its_time_out(settings, own):
    settings.SMP_URL = settings.DIRECTORY_URL = "http://127.0.0.1:1"
    assert own.get(f"/api/lookup?peppol_id={IDENTIFIER}").json()["status"] == "error"
    answer = own.get("/api/lookup/participants?query=x")
    assert (answer.status_code, answer.json()) == (
        503,
        {"detail": "The Peppol Directory did not answer."},
    )


def test_an_smp_that_leads_inside_is_not_asked(sml_server, settings, own):
    settings.WEBHOOK_ALLOWED_CIDRS = []
    pid = parse(IDENTIFIER)
    SmlEntry.objects.create(
        uri=pid.uri, smp="http://127.0.0.1:9/inside", label=pid.sml_name("").split(".")[0]
    )
    found = own.get(f"/api/lookup?peppol_id={IDENTIFIER}").json()
    assert found["status"] == "error" and "not public" in found["errors"][0]
    unknown = own.get("/api/lookup?peppol_id=0106:12345678").json()
    assert unknown["dnsInfo"]["status"] == "error" and "not registered" in unknown["errors"][0]


def test_an_sml_that_is_silent_is_told_from_one_that_knows_nothing(settings, own):
    settings.SML_ZONE, settings.DNS_SERVERS, settings.DNS_PORT = "z.example", ["127.0.0.1"], 1
    found = own.get(f"/api/lookup?peppol_id={IDENTIFIER}").json()
    assert "did not answer" in found["errors"][0] and found["dnsInfo"]["status"] == "error"
