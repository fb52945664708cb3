"""An access point or an SMP that answers what nobody expected costs time, and nothing else."""

import gzip
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from peppol.access_point.client import Unavailable
from peppol.access_point.dialects import access_point_address, configured_access_point
from peppol.identifiers import parse
from peppol.models import Circuit, Document
from peppol.services.documents import claims, outcomes, worker
from peppol.smp.client import Unavailable as SmpUnavailable
from peppol.smp.phoss import PhossSmp
from tests.peppol.trading import State, events, send

pytestmark = pytest.mark.django_db(transaction=True)


class Odd(BaseHTTPRequestHandler):
    """Answers as its server's `behaviour` says."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # The caller hangs up when it has waited long enough.
        with suppress(OSError):
            self.server.behaviour(self)

    do_POST = do_PUT = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


def answering(status, body=b"", **headers):
    def behave(handler):
        handler.send_response(status)
        for name, value in {"Content_Length": len(body), **headers}.items():
            handler.send_header(name.replace("_", "-"), str(value))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()

    return behave


def headers_and_silence(handler):
    answering(200, b"{", Content_Length=50)(handler)
    time.sleep(4)


def trickle(handler):
    answering(200, b"{", Content_Length=5000)(handler)
    for _ in range(60):
        time.sleep(0.1)
        handler.wfile.write(b" ")


def trickling_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(60):
        time.sleep(0.1)
        handler.wfile.write(b"x")
        handler.wfile.flush()


def half_a_body(handler):
    answering(200, b'{"overallSuccess": tr', Content_Length=300)(handler)
    handler.connection.close()


PAGE = b"<html><title>Sign in</title></html>"
BEHAVIOURS = {
    "redirect": answering(302, PAGE, Location="http://127.0.0.1:1/"),
    "page": answering(200, PAGE),
    "page of a 404": answering(404, PAGE),
    "unknown 4xx": answering(418, b'"teapot"'),
    "page of a 400": answering(400, PAGE),
    "bad gzip": answering(200, b"\x1f\x8bnot gzip at all", Content_Encoding="gzip"),
    "cut gzip": answering(200, gzip.compress(b"{}" * 900)[:20], Content_Encoding="gzip"),
    "half a body": half_a_body,
    "headers and silence": headers_and_silence,
    "trickle": trickle,
    "trickling headers": trickling_headers,
}
every_behaviour = pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)


@pytest.fixture
def odd(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ACCESS_POINT_URL = f"http://127.0.0.1:{server.server_address[1]}"
    settings.ACCESS_POINT_TIMEOUT = 1.0
    yield server
    server.shutdown()
    server.server_close()


@every_behaviour
def test_an_odd_answer_leaves_the_document_under_way_and_is_shown(behaviour, odd, sender):
    odd.behaviour = behaviour
    document = send(sender)
    begun = time.monotonic()
    assert worker.drain(limit=1) == 1 and time.monotonic() - begun < 4
    document.refresh_from_db()
    assert document.state == State.SENDING and document.next_attempt_at
    assert document.last_error and "unforeseen" not in document.last_error
    circuit = Circuit.objects.get(name=access_point_address())
    assert circuit.failures == 1
    assert circuit.last_error == f"{document.last_error} {document.raw_answer}"


@every_behaviour
def test_a_status_that_is_odd_is_not_taken_for_a_document_never_seen(behaviour, odd):
    odd.behaviour = behaviour
    with configured_access_point() as client, pytest.raises(Unavailable):
        client.status("i-1")


@pytest.mark.parametrize("name", ["redirect", "unknown 4xx", "half a body", "bad gzip"])
def test_what_was_delivered_stays_delivered(name, odd, sender):
    document = send(sender)
    Document.objects.update(state="delivered", finished_at=timezone.now())
    odd.behaviour = BEHAVIOURS[name]
    assert worker.drain(limit=1) == 1
    document.refresh_from_db()
    assert (document.state, document.last_error) == (State.DELIVERED, "")
    assert document.next_attempt_at


def test_no_refusal_makes_a_delivered_document_a_failed_one(odd, sender):
    document = send(sender)
    Document.objects.update(state="delivered", finished_at=timezone.now())
    claim = claims.take()
    claims.settle(claim, outcomes.failed(outcomes.Reason("Refused.")))
    document.refresh_from_db()
    assert document.state == State.DELIVERED and "document.failed" not in events(sender)


def test_three_odd_answers_open_the_circuit(odd, sender):
    odd.behaviour = BEHAVIOURS["redirect"]
    send(sender)
    for _ in range(3):
        Document.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
        worker.drain(limit=1)
    assert Circuit.objects.broken().filter(name=access_point_address()).exists()


@pytest.mark.parametrize(
    "name",
    ["bad gzip", "cut gzip", "half a body", "headers and silence", "trickle", "trickling headers"],
)
def test_an_smp_that_does_not_end_its_answer_is_unavailable(name, odd, settings):
    odd.behaviour = BEHAVIOURS[name]
    smp = PhossSmp(settings.ACCESS_POINT_URL, username="a", password="b", timeout=(1.0, 1.0))
    begun = time.monotonic()
    with smp, pytest.raises(SmpUnavailable):
        smp.service_group(parse("0208:0202239951"))
    assert time.monotonic() - begun < 4
