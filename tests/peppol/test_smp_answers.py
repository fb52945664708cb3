"""What an SMP that misbehaves answers, and what the client makes of it."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

from peppol.identifiers import parse
from peppol.smp import documents
from peppol.smp.client import (
    InvalidXml,
    NotOwner,
    OutOfOrder,
    RefusedBySmp,
    RegisteredElsewhere,
    Unavailable,
)
from peppol.smp.phoss import PhossSmp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


class Bad(BaseHTTPRequestHandler):
    """Answers as its server's `behaviour` says."""

    def do_GET(self):
        self.server.behaviour(self)

    do_PUT = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


TOMCAT = b"<!doctype html><html><title>HTTP Status 500</title><h3>Apache Tomcat/10</h3></html>"


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
        (answering(412, b"The Directory integration is disabled"), RefusedBySmp),
        (answering(412, b"The writable REST API is disabled. x"), OutOfOrder),
        (answering(403, b"User 'x' does not own 0208:1"), NotOwner),
        (answering(403, b"User is disabled!"), OutOfOrder),
        (answering(403, b"Unknown user '{BearerToken}x'"), OutOfOrder),
        (answering(401, b"Who are you?"), OutOfOrder),
        (answering(500, TOMCAT), InvalidXml),
        (answering(400, TOMCAT), RefusedBySmp),
        (lambda handler: time.sleep(1.5), Unavailable),
        (lambda handler: handler.connection.close(), Unavailable),
    ],
)
def test_whatever_an_smp_answers_has_a_meaning(bad_smp, behaviour, error):
    bad_smp.behaviour = behaviour
    client = PhossSmp(f"http://127.0.0.1:{bad_smp.server_address[1]}", timeout=(0.5, 0.5))
    with pytest.raises(error):
        client.create_service_group(parse("0208:0403170701"))


@pytest.mark.parametrize(
    "behaviour",
    [
        *(answering(status, b"no") for status in (201, 302, 402, 405, 409, 410, 418, 422)),
        answering(403, b"<!DOCTYPE html><title>Sign in</title>"),
        answering(404, b"<html><h1>nginx</h1></html>"),
        answering(206, b"<half"),
    ],
)
def test_an_odd_answer_is_no_refusal_but_opens_the_circuit(bad_smp, behaviour):
    """A registration used to fail for good where a proxy had answered."""
    bad_smp.behaviour = behaviour
    client = PhossSmp(f"http://127.0.0.1:{bad_smp.server_address[1]}", timeout=(0.5, 0.5))
    for call in (client.create_service_group, client.service_group, client.delete_business_card):
        with pytest.raises(Unavailable) as trouble:
            call(parse("0208:0403170701"))
        assert trouble.value.silent


@pytest.mark.parametrize("body", [b"x" * (2 * 1024 * 1024 + 1), b"no xml", b""])
def test_an_answer_that_cannot_be_read_is_no_answer(bad_smp, body):
    bad_smp.behaviour = answering(200, body)
    client = PhossSmp(f"http://127.0.0.1:{bad_smp.server_address[1]}", timeout=(0.5, 0.5))
    with pytest.raises(Unavailable):
        client.service_group(parse("0208:0403170701"))


def test_an_smp_that_is_not_there_is_unavailable():
    with pytest.raises(Unavailable):
        PhossSmp("http://127.0.0.1:1").service_group(parse("0208:0403170701"))


INVOICE = "busdox-docid-qns::urn:oasis:names:Invoice-2::Invoice##urn:cen.eu:en16931:2017::2.1"
WILDCARD = "peppol-doctype-wildcard::urn:peppol:pint:billing-1@eu-1::2.1"
PID = "iso6523-actorid-upis%3A%3A0208%3A0403170701"


@pytest.mark.parametrize("document_type", [INVOICE, WILDCARD, "other::x"])
@pytest.mark.parametrize(
    "before",
    [
        f"https://smp.example/{PID}/services/",
        # 8.1.0 forgets the slash.
        f"https://smp.example/{PID}/services",
        f"https://example.com/services/smp/{PID}/services/",
    ],
)
def test_a_reference_is_known_whatever_stands_before_it(bad_smp, before, document_type):
    href = f"{before}{quote(document_type, safe='')}"
    bad_smp.behaviour = answering(
        200,
        f"""<ServiceGroup xmlns="{documents.SMP}"><ServiceMetadataReferenceCollection>
        <ServiceMetadataReference href="{href}"/></ServiceMetadataReferenceCollection>
        </ServiceGroup>""".encode(),
    )
    client = PhossSmp(f"http://127.0.0.1:{bad_smp.server_address[1]}", timeout=(0.5, 0.5))
    assert client.service_group(parse("0208:0403170701")) == [document_type]
