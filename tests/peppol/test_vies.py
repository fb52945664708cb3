"""Whether a VAT number is valid, as VIES answers it, or does not."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache

from peppol.registers import vat


class Vies(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        time.sleep(self.server.delay)
        body = self.server.body
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in range(len(body)) if self.server.drip else ():
            self.wfile.write(body[byte : byte + 1])
            self.wfile.flush()
            time.sleep(self.server.drip)
        if not self.server.drip:
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def vies(settings):
    cache.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vies)
    server.asked, server.delay, server.status, server.body = [], 0, 200, b"{}"
    server.drip = 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.VIES_URL = f"http://127.0.0.1:{server.server_address[1]}"
    settings.VIES_TIMEOUT = 1.0
    yield server
    server.shutdown()
    server.server_close()
    cache.clear()


@pytest.mark.parametrize(
    "answer, valid",
    [
        ({"isValid": True, "userError": "VALID", "name": "BAKERY", "address": "---"}, True),
        ({"isValid": False, "userError": "INVALID"}, False),
        ({"isValid": False, "userError": "MS_UNAVAILABLE"}, None),
        ({"isValid": False, "userError": "MS_MAX_CONCURRENT_REQ"}, None),
        ({"errorWrappers": []}, None),
        ([], None),
    ],
)
def test_what_vies_answers(vies, answer, valid):
    vies.body = json.dumps(answer).encode()
    found = vat.check("BE 0403.170.701")
    assert found.valid is valid
    assert vies.asked == ["/ms/BE/vat/0403170701"]
    if valid:
        assert (found.name, found.address) == ("BAKERY", "")
    vat.check("BE0403170701")
    assert len(vies.asked) == 1


@pytest.mark.parametrize(
    "status, body, delay", [(500, b"", 0), (200, b"no json", 0), (200, b"{}", 20)]
)
def test_silence_is_no_answer_and_does_not_last(vies, status, body, delay):
    vies.status, vies.body, vies.delay = status, body, delay
    started = time.monotonic()
    assert vat.check("BE0403170701").valid is None
    assert time.monotonic() - started < 15


def test_a_body_that_drips_is_not_waited_for(vies):
    vies.body, vies.drip = b'{"isValid": true}' + b" " * 400, 0.1
    started = time.monotonic()
    assert vat.check("BE0403170701").valid is None
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    "number", ["", "BE", "0403170701", "BE0123456789", "x" * 50, "FR00797978996"]
)
def test_a_number_that_cannot_be_valid_is_asked_of_nobody(vies, number):
    assert vat.check(number).valid is False
    assert vies.asked == []


def test_the_sandbox_goes_by_the_check_digits(settings):
    cache.clear()
    assert vat.check("FR86797978996").valid is True
    assert vat.check("BE0123456789").valid is False
    cache.clear()
