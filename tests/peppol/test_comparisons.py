"""Comparisons with the SMP: of any number of participants, whatever is the matter with one."""

import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from django.utils import timezone

from peppol.models import BulkOperation, Finding, Participant
from peppol.services.registration import bulk, reconciliation
from peppol.smp.client import RefusedBySmp, Unavailable
from peppol.smp.dialects import configured_smp
from peppol.smp.phoss import PhossSmp
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 30_000
STRANGER = "iso6523-actorid-upis::9925:be9999999999"


class Smp(ThreadingHTTPServer):
    """An SMP of very many participants; what it answers to `/servicegroupids/all` is `listing`."""

    daemon_threads = True

    def __init__(self):
        self.listing = iter(())
        super().__init__(("127.0.0.1", 0), _Answers)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        listed = self.path in ("/servicegroupids/all", "/list/gatehouse")
        self.send_response(200 if listed else 404)
        self.end_headers()
        if listed:
            for piece in self.server.listing:
                self.wfile.write(piece)

    def log_message(self, *args):
        pass


@pytest.fixture
def smp(settings):
    server = Smp()
    settings.SMP_URL = server.url
    yield server
    server.shutdown()
    server.server_close()


def references(uris):
    """What phoss SMP says of the participants of a login, as it says it."""
    yield b'<ServiceGroupReferenceList xmlns="http://busdox.org/serviceMetadata/publishing/1.0/">'
    for uri in uris:
        yield f'<ServiceGroupReference href="http://x/{quote(uri, safe="")}"/>'.encode()
    yield b"</ServiceGroupReferenceList>"


def listing(uris):
    """What phoss SMP says, as it says it."""
    yield b'<?xml version="1.0"?><servicegroupids count="1">'
    for uri in uris:
        yield f"<servicegroupid>{uri}</servicegroupid>".encode()
    yield b"</servicegroupids>"


def ours(count):
    return (f"iso6523-actorid-upis::9925:be{n:010d}" for n in range(count))


def register_many(company, count):
    now = timezone.now()
    rows = (
        Participant(
            organization=company,
            scheme="9925",
            value=f"BE{n:010d}",
            state=Participant.State.ACTIVE,
            registered_at=now,
        )
        for n in range(count)
    )
    Participant.objects.bulk_create(rows, batch_size=1000)


def test_the_participants_of_an_smp_are_compared_however_many_there_are(smp, bakery):
    register_many(bakery, MANY)
    smp.listing = references([*ours(MANY), STRANGER])
    operation = bulk.start(BulkOperation.Kind.RECONCILE, by=SYSTEM)
    tracemalloc.start()
    try:
        reconciliation.advance(seconds=0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    operation.refresh_from_db()
    assert (operation.total, operation.visited, operation.last_error) == (MANY, 1, "")
    unknown = Finding.objects.filter(kind=Finding.Kind.UNKNOWN)
    assert unknown.get().identifier == "9925:be9999999999"
    assert peak < 10 * 1024 * 1024, f"{peak / 1024 / 1024:.1f} MB were held"


def test_a_list_that_breaks_off_or_is_none_is_read_again_later(smp, bakery):
    for broken in (
        [b"<servicegroupids><servicegroupid>a::b:c</servicegroupid>"],
        [b"<html><br>"],
        [],
    ):
        smp.listing = iter(broken)
        with pytest.raises(Unavailable, match="cannot be read"):
            list(PhossSmp(smp.url).service_group_ids())


@pytest.mark.parametrize(
    "raised, said",
    [
        (RefusedBySmp("The SMP answered 400.", 400), "The SMP answered 400."),
        (Unavailable("The SMP's answer is larger than 2 MB."), "larger than 2 MB"),
        (ValueError("no such thing"), "unforeseen"),
    ],
)
def test_what_cannot_be_compared_is_a_finding_and_the_others_are_compared(
    gate, bakery, monkeypatch, raised, said
):
    register_many(bakery, 3)
    real = PhossSmp.service_group

    def service_group(client, pid):
        if pid.value.endswith("1"):
            raise raised
        return real(client, pid)

    monkeypatch.setattr(PhossSmp, "service_group", service_group)
    operation = bulk.start(BulkOperation.Kind.RECONCILE, by=SYSTEM)
    reconciliation.advance(seconds=20)
    operation.refresh_from_db()
    assert (operation.state, operation.visited) == ("done", 3)
    kinds = dict(Finding.objects.values_list("identifier", "kind"))
    assert [kinds[f"9925:BE{n:010d}"] for n in range(3)] == ["missing", "different", "missing"]
    assert said in Finding.objects.get(kind="different").detail


def test_what_is_unforeseen_before_the_first_participant_is_said(bakery, monkeypatch):
    register_many(bakery, 1)
    monkeypatch.setattr(reconciliation, "_look_for_unknown", lambda turn, smp: 1 / 0)
    operation = bulk.start(BulkOperation.Kind.RECONCILE, by=SYSTEM)
    reconciliation.advance()
    operation.refresh_from_db()
    assert operation.state == "running" and "unforeseen" in operation.last_error
    assert operation.next_attempt_at > timezone.now()


def test_the_configured_smp_lists_as_it_comes_in(smp):
    smp.listing = listing(ours(3))
    assert len(list(configured_smp().service_group_ids())) == 3
