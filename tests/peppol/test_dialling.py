"""Whoever is asked on the network is dialled where it was checked, and holds nobody up."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from requests import RequestException

from peppol import deadlines, network_lookup
from peppol.identifiers import parse
from peppol.registers import vat
from peppol.sandbox.models import SmlEntry
from tenants import unreached
from tenants.errors import DomainError
from tenants.outside_text import read_json

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
PID = parse("0208:0403170701")
NESTED = b"[" * 60_000


class Counting(BaseHTTPRequestHandler):
    """Answers everything with its server's content, and remembers what was asked."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.asked, server.content = [], b"hello"
    server.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def asked(url, *, addresses=(), timeout=(1.0, 1.0)):
    with (
        deadlines.Calls(addresses) as calls,
        calls.call("GET", url, timeout=timeout) as response,
    ):
        return deadlines.read_body(response, most=1000)


def test_addresses_that_were_checked_are_dialled_and_no_name_is_looked_up(server):
    url = f"http://no-such-name.invalid:{server.port}/"
    assert asked(url, addresses=["127.0.0.1"]) == b"hello"
    with pytest.raises(RequestException):
        asked(url)


def test_the_next_address_is_dialled_where_one_is_dead(server):
    url = f"http://no-such-name.invalid:{server.port}/"
    assert asked(url, addresses=["127.0.0.99", "127.0.0.1"]) == b"hello"
    with pytest.raises(RequestException):
        asked(url, addresses=["127.0.0.99", "127.0.0.98"])


@pytest.fixture
def rebinding(monkeypatch):
    """A name server of somebody who answers each question about `smp.example` differently."""
    answers, real = [], socket.getaddrinfo

    def look_up(host, *args, **options):
        if host == "smp.example":
            host = answers.pop(0)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


@pytest.fixture
def elsewhere(sml_server, server):
    """The participant is at an SMP of somebody else."""
    label = PID.sml_name("").split(".")[0]
    SmlEntry.objects.create(uri=PID.uri, smp=f"http://smp.example:{server.port}", label=label)
    return server


def test_a_name_that_changes_its_mind_after_the_check_leads_nowhere_else(elsewhere, rebinding):
    rebinding += ["127.0.0.1", "127.0.0.66"]
    found = network_lookup.look_up(PID)
    assert found.addresses == ["127.0.0.1"] and elsewhere.asked
    # Asked once: the second answer is still there.
    assert rebinding == ["127.0.0.66"]


def test_an_address_that_is_not_public_is_not_dialled(elsewhere, rebinding, settings):
    settings.WEBHOOK_ALLOWED_CIDRS = []
    rebinding += ["127.0.0.1"]
    assert "not public" in network_lookup.look_up(PID).sml_error
    assert elsewhere.asked == []


def test_a_name_that_leads_nowhere_is_said_in_words(elsewhere, monkeypatch):
    def nobody_knows(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)
    found = network_lookup.look_up(PID)
    assert found.sml_error.endswith("could not be asked. The host name cannot be resolved.")
    assert "service not known" not in found.sml_error


REASONS = {
    "no name": (socket.gaierror(-2, "Name or service not known"), "cannot be resolved"),
    "refused": (ConnectionRefusedError(111, "Connection refused"), "it was refused"),
    "silence": (TimeoutError("timed out"), "nobody answered"),
    "reset": (ConnectionResetError(104, "Connection reset by peer"), "closed at once"),
    "TLS": (ssl.SSLError(1, "[SSL] record layer failure (_ssl.c:1006)"), "TLS failed"),
    "anything": (OSError("[Errno 4711] x"), "the network refused it"),
}


@pytest.mark.parametrize(("error", "said"), REASONS.values(), ids=REASONS)
def test_why_a_host_was_not_reached_is_said_in_our_words(error, said):
    told = unreached.sentence_of(error)
    assert told.endswith(said) and str(error) not in told


def test_the_directory_may_nest_its_answer_as_it_likes(server, settings):
    settings.DIRECTORY_URL, server.content = f"http://127.0.0.1:{server.port}", NESTED
    with pytest.raises(DomainError, match="did not answer"):
        network_lookup.search("bakery")


def test_vies_may_nest_its_answer_as_it_likes(server, settings):
    settings.VIES_URL, server.content = f"http://127.0.0.1:{server.port}", NESTED
    assert vat.check("BE0403170701").valid is None


@pytest.mark.parametrize("depth", [400, 900, 60_000])
def test_json_that_nobody_means_is_no_json(depth):
    with suppress(ValueError):
        read_json(b"[" * depth + b"]" * depth)


# --- One deadline for everything ------------------------------------------------------------------


@contextmanager
def speaking(behave):
    """A port behind which `behave` has each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=guarded, args=(connection,), daemon=True).start()

    def guarded(connection):
        with suppress(OSError), connection:
            behave(connection)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def silent(connection):
    time.sleep(10)


def trickling_to_no_end(connection):
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n")
    for piece in (b"X-Slow: ", *[b"x"] * 7, b"\r\n\r\n", *[b"y"] * 100):
        time.sleep(0.1)
        connection.sendall(piece)


def headers_then_silence_on_a_last_answer(connection):
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
    time.sleep(0.8)
    connection.sendall(b"Content-Length: 500\r\n\r\nz")
    time.sleep(10)


def trickling_handshake(connection):
    connection.recv(1000)
    # A TLS record of 16,000 bytes, of which one arrives now and then.
    connection.sendall(b"\x16\x03\x03\x3e\x80\x02")
    for _ in range(100):
        time.sleep(0.1)
        connection.sendall(b"\x00")


@pytest.mark.parametrize(
    "scheme, behave, seconds",
    [
        ("http", silent, 1.0),
        ("http", trickling_to_no_end, 1.0),
        ("http", headers_then_silence_on_a_last_answer, 1.0),
        ("https", silent, 1.5),
        ("https", trickling_handshake, 1.5),
    ],
)
def test_a_call_ends_at_its_deadline_whatever_trickles(scheme, behave, seconds):
    """Headers, body and handshake each had a time of their own, and a handshake that trickled
    had none."""
    with speaking(behave) as port:
        begun = time.monotonic()
        with pytest.raises((RequestException, OSError)):
            asked(f"{scheme}://127.0.0.1:{port}/", timeout=(0.5, 1.0))
        assert time.monotonic() - begun < seconds + 0.6


def test_name_servers_that_say_nothing_are_not_waited_for(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **o: time.sleep(5) or [])
    begun = time.monotonic()
    with pytest.raises(OSError, match="in time"):
        deadlines.resolve("smp.example", 443, seconds=0.2)
    assert time.monotonic() - begun < 1
