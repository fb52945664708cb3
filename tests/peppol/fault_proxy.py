"""A gate in front of an HTTP server: it counts the requests and stops where it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from peppol.sandbox import faults
from tenants.row_security import everything

# A request is cut off before the server sees it, or after, so that only the answer is lost.
BEFORE, AFTER = "before", "after"
_PATIENCE = 90


class FaultProxy:
    """Passes requests on to `upstream`; `shut(number, when)` makes one of them wait for ever.

    `seen` lists the requests as `GET /path`; `reached` is set when the gate holds one;
    `replies` maps a position to a function that answers instead of the server.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.seen: list[str] = []
        self.reached = threading.Event()
        self.opened = threading.Event()
        self.on_request: Callable[[str], tuple[int, bytes] | None] = lambda line: None
        self._stop: tuple[int, str] | None = None
        self._lock = threading.Lock()

    def shut(self, number: int, when: str) -> None:
        """Hold the request that is number `number` (from 0) from now on."""
        with self._lock:
            self.seen.clear()
            self.reached.clear()
            self.opened.clear()
            self._stop = (number, when)

    def open(self) -> None:
        """Let everything through from now on, and drop what is held."""
        self._stop = None
        self.opened.set()

    def holds(self, number: int, when: str) -> bool:
        if self._stop != (number, when):
            return False
        self.reached.set()
        self.opened.wait(_PATIENCE)
        return True

    def count(self, line: str) -> int:
        with self._lock:
            self.seen.append(line)
            return len(self.seen) - 1

    def pass_on(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any, bytes]:
        connection = HTTPConnection(self.upstream.hostname or "", self.upstream.port, timeout=20)
        try:
            kept = {k: v for k, v in headers.items() if k.lower() != "connection"}
            connection.request(method, path, body or None, kept)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gate: FaultProxy

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line = f"{self.command} {self.path}"
        number = self.gate.count(line)
        if self.gate.holds(number, BEFORE):
            self.close_connection = True
            return
        with everything():  # this thread is no worker, and would see nothing by itself
            own = self.gate.on_request(line)
        if own is not None:
            self._answer(own[0], [("Content-Type", "text/plain")], own[1])
            return
        answer = self.gate.pass_on(self.command, self.path, self.headers, body)
        if self.gate.holds(number, AFTER):
            self.close_connection = True
            return
        self._answer(*answer)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815

    def _answer(self, status: int, headers: Any, body: bytes) -> None:
        self.send_response(status)
        skipped = ("content-length", "connection", "transfer-encoding", "date", "server")
        for name, value in headers:
            if name.lower() not in skipped:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def gate_before(upstream: str) -> Iterator[tuple[FaultProxy, str]]:
    """Run a gate before `upstream` on a port of its own; yields it and its URL."""
    gate = FaultProxy(upstream)
    handler = type("Handler", (_Handler,), {"gate": gate})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    path = gate.upstream.path
    try:
        yield gate, f"http://127.0.0.1:{server.server_port}{path}"
    finally:
        gate.open()
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def gate(live_server, settings) -> Iterator[FaultProxy]:
    """The installation's SMP is the sandbox, and every call to it goes through this gate."""
    with gate_before(f"{live_server.url}/sandbox/smp") as (gate, url):
        settings.SMP_URL = url
        yield gate
    faults.switch_off()
