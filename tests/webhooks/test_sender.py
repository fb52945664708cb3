"""The guarded sender: whom it never dials, and how long anybody can hold it up."""

import asyncio
import gzip
import resource
import socket
import threading
import time

import pytest

from webhooks import sender
from webhooks.sender import BODY_KEPT, Request, Sender

pytestmark = pytest.mark.once


def send(url, timeout=1.0):
    async def once():
        async with Sender() as one:
            return await one.send(Request(url, {"X-A": "1"}, b"{}", timeout))

    return asyncio.run(once())


def send_within_the_deadline(url):
    """The answer, which comes half a second after the deadline at the latest.

    One of several tries has to keep to it: a busy machine may hold up any of them.
    """
    for _ in range(5):
        started = time.monotonic()
        answer = send(url, timeout=1.0)
        if time.monotonic() - started < 1.5:
            return answer
    raise AssertionError("The sender was held up.")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0",
        "127.0.0.1.",
        "LOCALHOST",
    ],
)
def test_no_spelling_of_loopback_is_dialled(nothing_listed, host):
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    answer = send(f"http://{host}:{server.getsockname()[1]}/")
    assert answer.status is None and answer.error
    with pytest.raises(TimeoutError):
        server.accept()
    server.close()


def test_a_name_that_changes_its_mind_gains_nothing(nothing_listed, monkeypatch):
    """DNS rebinding: the resolver was shown a public address, the dialled one is looked at too."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)

    async def rebound(self, host, port=0, family=socket.AF_INET):
        return [
            {
                "hostname": host,
                "host": "127.0.0.1",
                "port": port,
                "family": socket.AF_INET,
                "proto": 6,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    monkeypatch.setattr(sender._Resolver, "resolve", rebound)
    answer = send(f"http://acme.example:{server.getsockname()[1]}/")
    assert answer.error == "This address is not public."
    with pytest.raises(TimeoutError):
        server.accept()
    server.close()


class Hostile:
    """A server whose only connection is handled by `behave`."""

    def __init__(self, behave):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.stopped = threading.Event()
        threading.Thread(target=self._serve, args=(behave,), daemon=True).start()

    def _serve(self, behave):
        try:
            connection, _ = self.socket.accept()
            with connection:
                connection.settimeout(10)
                connection.recv(65536)
                behave(connection, self.stopped)
        except OSError:
            pass

    def close(self):
        self.stopped.set()
        self.socket.close()


def drip(prefix):
    def behave(connection, stopped):
        connection.sendall(prefix)
        while not stopped.wait(0.05):
            connection.sendall(b"a")

    return behave


def flood(head, chunk):
    def behave(connection, stopped):
        connection.sendall(head)
        for _ in range(300):
            if stopped.is_set():
                return
            connection.sendall(chunk)

    return behave


OK = b"HTTP/1.1 200 OK\r\n"
MEGABYTE = b"x" * 1024 * 1024
BEHAVIOURS = {
    "drips headers": (drip(OK + b"X-A: "), None),
    "drips body": (drip(OK + b"Content-Length: 1000000\r\n\r\n"), None),
    "never answers": (lambda c, stopped: stopped.wait(5), None),
    "never closes": (lambda c, stopped: c.sendall(OK + b"\r\n") or stopped.wait(5), None),
    "sends 300 MB": (flood(OK + b"Content-Length: 314572800\r\n\r\n", MEGABYTE), 200),
    "gzip bomb": (
        flood(
            OK + b"Content-Encoding: gzip\r\nContent-Length: 99999999\r\n\r\n",
            gzip.compress(bytes(1 << 20)),
        ),
        200,
    ),
    "endless header": (flood(OK + b"X-A: ", b"a" * 65536), None),
    "thousands of headers": (flood(OK, b"X-A: b\r\n" * 5000), None),
    "closes at once": (lambda c, stopped: None, None),
    "speaks nonsense": (lambda c, stopped: c.sendall(b"\x00\xff garbage\r\n\r\n"), None),
}


@pytest.mark.parametrize("behave, status", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_nobody_holds_the_sender_up_or_fills_its_memory(behave, status):
    server = Hostile(behave)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = send_within_the_deadline(server.url)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024
    assert answer.status == status
    assert len(answer.body) <= BODY_KEPT and (answer.error or status)
    server.close()


def test_a_tls_handshake_that_stalls_ends_with_the_deadline():
    server = socket.create_server(("127.0.0.1", 0))
    answer = send_within_the_deadline(f"https://127.0.0.1:{server.getsockname()[1]}/")
    assert answer.status is None
    server.close()


def test_a_redirect_to_loopback_is_not_followed():
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    server = Hostile(lambda c, stopped: c.sendall(head))
    assert send(server.url).status == 302
    server.close()


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server = Hostile(lambda c, stopped: c.sendall(OK + b"Content-Length: 0\r\n\r\n"))
    assert send(server.url).status == 200
    server.close()


def test_what_comes_back_can_be_stored_anywhere():
    server = Hostile(lambda c, stopped: c.sendall(OK + b"Content-Length: 3\r\n\r\n\x00\xffa"))
    assert send(server.url).body == "\ufffd\ufffda"
    server.close()
