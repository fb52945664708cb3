"""An SMP, an access point or a receiver that says our secrets back tells them to nobody else."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache

from peppol.access_point.client import AccessPointError
from peppol.access_point.dialects import configured_access_point
from peppol.identifiers import parse
from peppol.models import Participant
from peppol.registers import vat
from peppol.services.registration import participants, worker
from peppol.smp.client import OutOfOrder
from peppol.smp.phoss import PhossSmp
from tenants.models import Event
from tests.peppol.test_access_point_dialects import ENVELOPE
from tests.peppol.test_participants import NUMBER
from webhooks.sender import Answer

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "the-token-that-only-we-and-they-know"


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was shown, as phoss does with a token that it does not know."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        shown = self.headers.get("Authorization", "").removeprefix("Bearer ")
        body = self.server.body or f"Unknown user '{{BearerToken}}{shown}'".encode()
        looks = self.command == "GET" and self.server.status_of_get
        self.send_response(looks or self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


@pytest.fixture
def echo(settings):
    settings.SMP_TOKEN = settings.ACCESS_POINT_TOKEN = TOKEN
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.status, server.status_of_get, server.body = 403, 0, b""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.SMP_URL = settings.ACCESS_POINT_URL = settings.VIES_URL = server.url
    yield server
    server.shutdown()
    server.server_close()


TOMCAT = (
    b"<!doctype html><html><style>h1 {color: red}</style><body><h1>HTTP Status 400</h1>"
    b"at http://10.0.0.7:8080/smp/ for gatehouse</body></html>"
)


@pytest.mark.parametrize(
    "status, body, code, said",
    [
        (403, b"", "smp_out_of_order", "403 Unknown user '{BearerToken}[removed]'"),
        (403, b"User is disabled!", "smp_out_of_order", "403 User is disabled!"),
        (401, b"", "smp_out_of_order", "401 Unknown user '{BearerToken}[removed]'"),
        (403, b"User 'gatehouse' does not own x", "smp_not_owner", "403 User 'gatehouse' does not"),
        (400, TOMCAT, "smp_refused", "400 HTTP Status 400 at http://10.0.0.7:8080/smp/ for"),
        (404, b"at http://10.0.0.7:8080/smp/x", "smp_refused", "404 at http://10.0.0.7:8080"),
        (500, b"in SML: http://10.0.0.7/", "smp_unavailable", "500 in SML: http://10.0.0.7/"),
    ],
)
def test_a_tenant_hears_a_sentence_of_ours_and_the_operator_what_was_said(
    echo, bakery, by, status, body, code, said
):
    """In its row, which is what a status shows, nor in the event that goes to webhooks."""
    echo.status, echo.body = status, body
    # The look at the group comes first, and anybody may look.
    echo.status_of_get = 404
    row = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij Peeters")
    worker.drain(limit=5, seconds=10)
    row = Participant.objects.get(pk=row.pk)
    assert (row.error_code, row.raw_answer[: len(said)]) == (code, said)
    kept = json.dumps(list(Participant.objects.values()), default=str)
    told = json.dumps(list(Event.objects.values("type", "reason", "data", "changes")), default=str)
    assert TOKEN not in kept + told
    for inner in ("10.0.0.7", "HTTP Status", "<", "gatehouse", "BearerToken"):
        assert inner not in row.last_error + told


def test_a_token_is_struck_out_before_the_text_is_cut(echo):
    """Half a token would be kept, and known to nobody as one."""
    echo.body = f"{'x' * 490}{TOKEN}".encode()
    with PhossSmp.from_settings(echo.url) as client, pytest.raises(OutOfOrder) as refused:
        client.put_property(parse(NUMBER), "a", "b")
    assert TOKEN[:8] not in refused.value.in_full and len(refused.value.answer) < 520


@pytest.mark.parametrize("status", [200, 400, 422, 500])
@pytest.mark.parametrize(
    "body",
    [
        {"overallSuccess": False, "lookupError": f"no {TOKEN}"},
        {"sendingException": {"message": f"no {TOKEN}"}, "sendingResult": TOKEN},
    ],
)
def test_nor_does_a_document_that_the_access_point_refuses(echo, status, body):
    echo.status, echo.body = status, json.dumps(body).encode()
    with configured_access_point() as client:
        try:
            said = client.submit(ENVELOPE, reference="r", organization="o")
        except AccessPointError as error:
            assert "[removed]" not in error.message
            said = error.in_full
    assert TOKEN not in str(said) and "[removed]" in str(said)
    assert "[removed]" not in getattr(said, "error", "")


def test_nor_does_what_vies_says_of_a_company(echo):
    cache.clear()
    echo.status = 200
    echo.body = json.dumps({"isValid": True, "name": f"A {TOKEN}", "address": TOKEN}).encode()
    found = vat.check("BE0202239951")
    assert found.name == "A [removed]" and TOKEN not in str(found)


def test_nor_does_what_a_receiver_of_webhooks_answered(echo):
    answer = Answer(500, "", TOKEN.encode(), "192.0.2.1", 1)
    assert answer.body == "[removed]"
