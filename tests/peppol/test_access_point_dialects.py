"""Which access point the installation has, and what the two kinds of it make of an answer."""

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from peppol.access_point import dialects
from peppol.access_point.client import Progress, RefusedByAccessPoint, Unavailable
from peppol.access_point.dialects import configured_access_point
from peppol.sbdh import Envelope

SENT = (200, {"overallSuccess": True, "as4MessageId": "m@ap", "stackTrace": "secret"})
NOT_SENT = (422, {"overallSuccess": False, "lookupError": "Nobody receives there."})
ENVELOPE = Envelope(
    "i-1", "0208:0202239951", "9915:x", "urn:x::Invoice##1::2", "urn:p", "BE", b"<Invoice/>"
)


class Answer(BaseHTTPRequestHandler):
    """Answers everything as its server's `answer` says, and notes what was asked."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)
        status, report = self.server.answer
        body = json.dumps(report).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


@pytest.fixture
def access_point(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.answer, server.asked = SENT, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ACCESS_POINT_URL = f"http://127.0.0.1:{server.server_address[1]}/"
    yield server
    server.shutdown()
    server.server_close()


def submit(settings, dialect):
    settings.ACCESS_POINT_DIALECT = dialect
    with configured_access_point() as client:
        return client.submit(ENVELOPE, reference="ours", organization="acme")


@pytest.mark.parametrize(
    "dialect, root, pending",
    [("phoss_ap", "/api/outbound/submit/", True), ("phase4_standalone", "/sendas4/", False)],
)
def test_a_sent_document_is_sent_and_its_receiver_may_still_answer(
    access_point, settings, dialect, root, pending
):
    status = submit(settings, dialect)
    assert (status.progress, status.response_pending) == (Progress.SENT, pending)
    assert status.details == {"as4MessageId": "m@ap"}
    (asked,) = access_point.asked
    assert asked.startswith(root) and "sbdhInstanceID=i-1" in asked
    assert ("custom1=ours" in asked) is pending


def test_the_receivers_side_is_asked_to_say_what_became_of_it(access_point, settings):
    settings.ACCESS_POINT_DIALECT = "phoss_ap"
    wanted = replace(ENVELOPE, mls_to="0242:000001")
    with configured_access_point() as client:
        for envelope in (wanted, ENVELOPE):
            client.submit(envelope, reference="ours", organization="acme")
    assert ["mlsTo=0242%3A000001" in asked for asked in access_point.asked] == [True, False]


@pytest.mark.parametrize(
    "dialect, progress",
    [("phoss_ap", Progress.UNDER_WAY), ("phase4_standalone", Progress.FAILED)],
)
def test_only_one_that_tries_again_by_itself_is_still_at_it(
    access_point, settings, dialect, progress
):
    access_point.answer = NOT_SENT
    status = submit(settings, dialect)
    assert (status.progress, status.code) == (progress, "receiver_not_found")
    # A sentence of ours is for everybody, what was said for the operator.
    assert status.error.startswith("On the network the receiver was not found")
    assert status.answer == "Nobody receives there."


@pytest.mark.parametrize("status", [400, 422])
def test_a_sentence_of_a_status_that_the_contract_calls_final_is_a_refusal(
    status, access_point, settings
):
    access_point.answer = (status, "no report")
    with pytest.raises(RefusedByAccessPoint) as refused:
        submit(settings, "phoss_ap")
    assert "no report" in refused.value.answer and "no report" not in refused.value.message


@pytest.mark.parametrize("dialect", ["phoss_ap", "phase4_standalone"])
@pytest.mark.parametrize(
    "answer",
    [(200, ["no report"]), (200, {}), (302, ""), (403, "x"), (404, ""), (410, "x"), (418, "x")],
)
def test_an_answer_that_the_contract_does_not_know_is_no_refusal(
    answer, dialect, access_point, settings
):
    access_point.answer = answer
    with pytest.raises(Unavailable):
        submit(settings, dialect)


@pytest.mark.parametrize("answer", [(200, {}), (200, {"status": "lost"}), (400, "x"), (302, "")])
def test_a_status_that_cannot_be_read_is_asked_for_again(answer, access_point, settings):
    access_point.answer = answer
    settings.ACCESS_POINT_DIALECT = "phoss_ap"
    with configured_access_point() as client, pytest.raises(Unavailable):
        client.status("i-1")


def test_one_without_memory_is_asked_nothing(access_point, settings):
    settings.ACCESS_POINT_DIALECT = "phase4_standalone"
    with configured_access_point() as client:
        assert not client.keeps_status and client.status("i-1") is None
        client.report_country("i-1", "BE")
        assert access_point.asked == []
        client.ping()
    assert access_point.asked == ["/phase4ping"]


def test_its_address_is_the_settings_without_a_slash(settings):
    settings.ACCESS_POINT_URL = "https://ap.example/"
    with configured_access_point() as client:
        assert client.base_url == dialects.access_point_address() == "https://ap.example"


def test_a_dialect_that_nobody_speaks_is_refused_by_name(settings):
    settings.ACCESS_POINT_DIALECT = "esperanto"
    with pytest.raises(ImproperlyConfigured, match="phase4_standalone"):
        configured_access_point()
    assert "gatehouse.E007" in {message.id for message in run_checks()}
