"""A receiver on loopback that keeps what it gets and answers as it is told."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from webhooks.services import delivery, distribution


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)


class Receiver(ThreadingHTTPServer):
    """Answers `status`, or what `answers` says for the first requests, after `delay` seconds."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self):
        self.received: list[Received] = []
        self.answers: list[int] = []
        self.status = 204
        self.delay = 0.0
        self.headers: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append(Received(self.path, headers, body))
        time.sleep(self.server.delay)
        self.send_response(
            self.server.answers.pop(0) if self.server.answers else self.server.status
        )
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def drain(django_db_blocker):
    """Does what the worker does."""

    def drain():
        distribution.distribute()
        return delivery.deliver(budget=5)

    return drain
