"""HTTP calls that end: a time out of `requests` is one of silence, and a trickle never is silent.

`session()` gives up on headers that trickle in, `read_body` on a body that does. Whatever ends a
body before its end is `Broken`, which is an OSError as a lost connection is.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

_PIECE = 64 * 1024


class Broken(OSError):
    """The answer began and did not come to its end, or cannot be unpacked."""


def session() -> requests.Session:
    """A session of calls to one service, whose headers must arrive within its time out."""
    made = requests.Session()
    made.mount("http://", _Adapter())
    made.mount("https://", _Adapter())
    return made


def read_body(response: requests.Response, *, most: int, seconds: float) -> bytes:
    """The body, unpacked, or what follows it up to one byte above `most`. Raises Broken."""
    body = bytearray()
    for piece in pieces(response, seconds=seconds):
        body += piece
        if len(body) > most:
            break
    return bytes(body[: most + 1])


def pieces(response: requests.Response, *, seconds: float) -> Iterator[bytes]:
    """The body as it comes in, unpacked, for whoever need not hold it whole. Raises Broken."""
    ends = time.monotonic() + seconds
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            yield piece
            if time.monotonic() > ends:
                raise Broken("The answer did not come to its end in time.")
    except HTTPError as error:
        raise Broken(type(error).__name__) from error


class _Watched:
    """A connection that is cut when the headers of its answer take too long."""

    sock: Any
    timeout: Any

    def getresponse(self) -> Any:
        answer: Any = super()
        if not isinstance(self.timeout, int | float):
            return answer.getresponse()
        watch = threading.Timer(self.timeout + 0.5, _cut, [self.sock])
        watch.daemon = True
        watch.start()
        try:
            return answer.getresponse()
        finally:
            watch.cancel()


def _cut(sock: Any) -> None:
    with suppress(OSError, AttributeError):
        sock.shutdown(socket.SHUT_RDWR)


class _Http(_Watched, HTTPConnection):
    """Over HTTP."""


class _Https(_Watched, HTTPSConnection):
    """Over TLS."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    """Makes its connections watched ones."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
