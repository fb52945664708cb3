"""What an SMP that misbehaves answers, and what the client makes of it."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from peppol.identifiers import parse
from peppol.smp.client import InvalidXml, RefusedBySmp, RegisteredElsewhere, Unavailable
from peppol.smp.phoss import PhossSmp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


class Bad(BaseHTTPRequestHandler):
    """Answers as its server's `behaviour` says."""

    def do_GET(self):
        self.server.behaviour(self)

    do_PUT = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


def answering(status, body=b""):
    def behave(handler):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Location", "http://127.0.0.1:1/")
        handler.end_headers()
        handler.wfile.write(body)

    return behave


@pytest.fixture
def bad_smp():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bad)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "behaviour, error",
    [
        (answering(500), InvalidXml),
        (answering(500, b"Failed to create 'x' in SML"), Unavailable),
        (answering(500, b"Failed to create 'x' in SML: already registered"), RegisteredElsewhere),
        (answering(502), Unavailable),
        (answering(504, b"gateway"), Unavailable),
        (answering(429), Unavailable),
        (answering(302), RefusedBySmp),
        (answering(401), RefusedBySmp),
        (answering(412, b"off"), RefusedBySmp),
        (lambda handler: time.sleep(1.5), Unavailable),
        (lambda handler: handler.connection.close(), Unavailable),
    ],
)
def test_whatever_an_smp_answers_has_a_meaning(bad_smp, behaviour, error):
    bad_smp.behaviour = behaviour
    client = PhossSmp(f"http://127.0.0.1:{bad_smp.server_address[1]}", timeout=(0.5, 0.5))
    with pytest.raises(error):
        client.create_service_group(parse("0208:0403170701"))


@pytest.mark.parametrize("body", [b"x" * (2 * 1024 * 1024 + 1), b"no xml", b""])
def test_an_answer_that_cannot_be_read_is_no_answer(bad_smp, body):
    bad_smp.behaviour = answering(200, body)
    client = PhossSmp(f"http://127.0.0.1:{bad_smp.server_address[1]}", timeout=(0.5, 0.5))
    with pytest.raises(Unavailable):
        client.service_group(parse("0208:0403170701"))


def test_an_smp_that_is_not_there_is_unavailable():
    with pytest.raises(Unavailable):
        PhossSmp("http://127.0.0.1:1").service_group(parse("0208:0403170701"))
