"""HTTP calls that end: a time out of `requests` is one of silence, and a trickle never is silent.

`Calls` is a session whose calls each have one deadline, from dialling to the last byte of their
body, however it trickles. What it may dial can be said beforehand, so that a name which changes
its mind between a check and the call gains nothing. Whatever ends a body before its end is
`Broken`, which is an OSError as a lost connection is.
"""

import itertools
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from tenants import unreached

_PIECE = 64 * 1024


# How long a probe may take to connect and to be answered: whoever needs longer is not back yet.
PROBE = (1.5, 2.5)


class Broken(OSError):
    """The answer began and did not come to its end, or cannot be unpacked."""


def resolve(host: str, port: int, *, seconds: float) -> list[str]:
    """The addresses of a name. Raises OSError when there is none, or none in time."""
    found: Future[list[str]] = Future()
    threading.Thread(target=_resolve, args=(host, port, found), daemon=True).start()
    try:
        return found.result(seconds)
    except TimeoutError:
        raise OSError("The name servers did not answer in time.") from None


def _resolve(host: str, port: int, found: "Future[list[str]]") -> None:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.set_result(list(dict.fromkeys(str(info[4][0]) for info in infos)))
    except (OSError, UnicodeError):
        found.set_exception(OSError(f"{unreached.NO_NAME}."))


class Calls(requests.Session):
    """Calls of one service. With `addresses`, these are dialled, whatever its name leads to now."""

    def __init__(self, addresses: Sequence[str] = ()) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(addresses))

    @contextmanager
    def call(
        self, method: str, url: str, *, timeout: tuple[float, float], **options: Any
    ) -> Iterator[requests.Response]:
        """The answer, whose body `read_body` or `pieces` reads before the block ends.

        It takes no longer than both time outs together, and no longer than the second one from
        the moment that all was sent. Raises requests.RequestException or OSError.
        """
        before = getattr(_call, "ends", None)
        _call.ends = time.monotonic() + sum(timeout)
        try:
            with self.request(
                method, url, timeout=timeout, allow_redirects=False, stream=True, **options
            ) as response:
                yield response
        finally:
            _call.ends = before


def read_body(response: requests.Response, *, most: int) -> bytes:
    """The body, unpacked, or what follows it up to one byte above `most`. Raises Broken."""
    body = bytearray()
    for piece in pieces(response):
        body += piece
        if len(body) > most:
            break
    return bytes(body[: most + 1])


def pieces(response: requests.Response, *, seconds: float | None = None) -> Iterator[bytes]:
    """The body as it comes in, unpacked, for whoever need not hold it whole. Raises Broken.

    It ends with its call, or so many `seconds` from now where it is longer than other answers.
    """
    ends = getattr(_call, "ends", None) if seconds is None else time.monotonic() + seconds
    with _watched(response.raw, ends):
        try:
            while piece := response.raw.read1(_PIECE, decode_content=True):
                yield piece
                if ends is not None and time.monotonic() > ends:
                    raise Broken("The answer did not come to its end in time.")
        except (HTTPError, ValueError) as error:
            raise Broken(type(error).__name__) from error


# When the call of this thread has to be over.
_call = threading.local()


@contextmanager
def _watched(what: Any, ends: float | None) -> Iterator[None]:
    """Shut a connection down when its time is over, whatever it is waiting for."""
    if ends is None:
        yield
        return
    number = _watch.add(what, ends)
    try:
        yield
    finally:
        _watch.forget(number)


class _Watch:
    """One thread that cuts whatever is over, for all calls of the process.

    A timer for each would be three threads a call, and whoever starts one waits for it to run.
    """

    _EVERY = 0.05

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Watch nothing yet."""
        self._numbers = itertools.count()
        self._watched: dict[int, tuple[float, Any]] = {}
        self._busy = threading.Event()
        self._starting = threading.Lock()
        self._runs = False

    def add(self, what: Any, ends: float) -> int:
        """Have `what` cut at the end of its time; returns the number to forget it by."""
        number = next(self._numbers)
        self._watched[number] = (ends, what)
        if not self._runs:
            self._start()
        self._busy.set()
        return number

    def forget(self, number: int) -> None:
        """It came to its end by itself."""
        self._watched.pop(number, None)

    def _start(self) -> None:
        with self._starting:
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._busy.wait()
            # Whoever adds one from now on sets it again.
            self._busy.clear()
            while self._watched:
                time.sleep(self._EVERY)
                now = time.monotonic()
                for number, (ends, what) in self._watched.copy().items():
                    if ends <= now and number in self._watched:
                        self.forget(number)
                        _cut(what)


_watch = _Watch()
# A process that was forked has none of its parent's threads, nor their calls.
os.register_at_fork(after_in_child=_watch.begin)


def _cut(what: Any) -> None:
    with suppress(OSError, AttributeError):
        _socket_of(what).shutdown(socket.SHUT_RDWR)


def _socket_of(what: Any) -> Any:
    """Of a connection or of an answer, which takes the socket over when it is the last one."""
    if getattr(what, "sock", None) is not None:
        return what.sock
    return what._fp.fp.raw._sock


class _Watched:
    """A connection that is cut at the end of its call, and dials what it may."""

    sock: Any
    port: Any
    timeout: Any
    addresses: Sequence[str] = ()

    def _new_conn(self) -> Any:
        above: Any = super()
        if not self.addresses:
            return above._new_conn()
        *others, last = self.addresses
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, self.port), self.timeout)
        this: Any = self
        try:
            return socket.create_connection((last, self.port), self.timeout)
        except TimeoutError as error:
            raise ConnectTimeoutError(this, "Nobody answers there.") from error
        except OSError as error:
            raise NewConnectionError(this, str(error)) from error

    def connect(self) -> None:
        above: Any = super()
        with _watched(self, getattr(_call, "ends", None)):
            above.connect()

    def getresponse(self) -> Any:
        above: Any = super()
        ends = getattr(_call, "ends", None)
        if ends is not None and isinstance(self.timeout, int | float):
            _call.ends = ends = min(ends, time.monotonic() + self.timeout)
        with _watched(self, ends):
            return above.getresponse()


class _Http(_Watched, HTTPConnection):
    """Over HTTP."""


class _Https(_Watched, HTTPSConnection):
    """Over TLS."""


class _Adapter(HTTPAdapter):
    """Makes its connections watched ones, to these addresses where there are any."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = tuple(addresses)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        to = {"addresses": self._addresses}
        http = type("_To", (_Http,), to)
        https = type("_To", (_Https,), to)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_HttpPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
            "https": type("_HttpsPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
        }
