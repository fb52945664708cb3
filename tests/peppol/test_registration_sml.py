"""Registrations where there is an SML to ask: another provider is found out before the PUT."""

import threading

import pytest
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import Participant
from peppol.sandbox import dns as sandbox_dns
from peppol.sandbox.models import Group, SmlEntry
from peppol.services.registration import participants, transfers, worker
from tests.peppol.test_participants import NUMBER

pytestmark = pytest.mark.django_db(transaction=True)
ZONE = "participant.sml.test.tech.peppol.org"
PID = parse(NUMBER)
KEY = "aaBB22@@xxYY"


@pytest.fixture
def sml(gate, settings):
    """The sandbox's name server; our SMP is known by another address than we call it by."""
    settings.SMP_PUBLIC_URL = "https://smp.ours.example"
    server = sandbox_dns.NameServer(("127.0.0.1", 0), ZONE)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SML_ZONE = ZONE
    settings.DNS_SERVERS, settings.DNS_PORT = ["127.0.0.1"], server.server_address[1]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def pending(sml, bakery, by) -> Participant:
    return participants.register(bakery, NUMBER, by=by)


def enter(smp: str) -> None:
    label = PID.sml_name("").split(".")[0]
    SmlEntry.objects.create(uri=PID.uri, smp=smp, label=label, migration_key=KEY)


def drain() -> None:
    Participant.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())
    worker.drain(seconds=20)


def state(participant: Participant) -> str:
    participant.refresh_from_db()
    return participant.state


def test_a_participant_that_nobody_has_is_registered(pending):
    drain()
    assert state(pending) == "active"


def test_another_provider_is_found_out_before_anything_is_put(pending, gate):
    enter("https://smp.theirs.example")
    drain()
    assert state(pending) == "elsewhere"
    assert "https://smp.theirs.example" in pending.last_error
    assert "migration key" in pending.last_error
    assert [line.split()[0] for line in gate.seen] == ["GET"]


def test_with_the_migration_key_it_is_taken_over(pending, by):
    enter("https://smp.theirs.example")
    drain()
    transfers.take_over(Participant.objects.get(), KEY, by=by)
    drain()
    assert state(pending) == "active"


def test_silence_of_the_sml_is_waited_for(pending, settings, monkeypatch, gate):
    monkeypatch.setattr("peppol.smp.sml._LOOKUP_SECONDS", 0.3)
    port, settings.DNS_PORT = settings.DNS_PORT, 1
    drain()
    assert state(pending) == "waiting"
    assert "SML" in pending.last_error
    settings.DNS_PORT = port
    drain()
    assert state(pending) == "active"


def test_what_our_smp_has_lost_and_the_sml_remembers_is_put_back(pending, gate, settings):
    drain()
    assert state(pending) == "active"
    Group.objects.all().delete()
    SmlEntry.objects.update(smp=settings.SMP_PUBLIC_URL)
    participants.republish(pending, by=worker.outcomes.WORKER)
    drain()
    assert Group.objects.count() == 1
    assert (state(pending), pending.metadata_state) == ("active", "published")
