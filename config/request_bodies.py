"""Request bodies are read whole before Django sees them, however they are sent.

Django reads as many bytes as `Content-Length` says, so that of a body sent in chunks, without a
length, nothing would be left. The server has taken the chunks apart; here they are put together,
within a bound of bytes and of patience, and the body gets the length that it turned out to have.
"""

import io
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from typing import IO, Any

from django.conf import settings

from config.api.kit.bodies import REFUSED

logger = logging.getLogger(__name__)
_PIECE = 64 * 1024
# What is larger waits on the disk.
_IN_MEMORY = 1024 * 1024

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WholeBodies:
    """WSGI: hands on a body that is there whole, with its length, or none and why.

    A body that ends before its stated length is refused with 400, one that keeps us waiting for
    longer than `BODY_PATIENCE` seconds at a time, or twenty times that in all, with 408, one
    above `MOST_BODY_BYTES` (`MOST_INBOUND_BYTES` of the access point) with 413. The refusal is
    left to the views, which know the caller's envelope.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        stated = environ.get("CONTENT_LENGTH") or ""
        if stated in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self.application(environ, start)
        body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 — closed below
        try:
            return self.application(_whole(environ, stated, body), start)
        finally:
            body.close()


def _whole(environ: Environ, stated: str, body: IO[bytes]) -> Environ:
    """The environment with what was read into `body`, or with no body and why."""
    length = int(stated) if stated.isdigit() else None
    refused, size = 413, 0
    inbound = environ.get("PATH_INFO", "").startswith("/internal/peppol/")
    most = settings.MOST_INBOUND_BYTES if inbound else settings.MOST_BODY_BYTES
    if length is None or length <= most:
        reading = _Reading(environ["wsgi.input"], body, most)
        refused, size = reading.wait(), reading.size
        if not refused and length not in (None, size):
            refused = 400
    if refused:
        return {**environ, "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0", REFUSED: refused}
    body.seek(0)
    return {**environ, "wsgi.input": body, "CONTENT_LENGTH": str(size)}


class _Reading:
    """Reads a body in a thread of its own, because a server's stream waits without end."""

    def __init__(self, source: Any, body: IO[bytes], most: int) -> None:
        self.size = 0
        self._most = most
        self._source, self._body = source, body
        self._moved = threading.Condition()
        self._is_over, self._given_up = False, threading.Event()
        # The status to refuse it with that the reading came to: cut off, or no room to keep it.
        self._failure = 0
        threading.Thread(target=self._read, daemon=True).start()

    def wait(self) -> int:
        """0 once the body is there, otherwise the status to refuse it with."""
        ends = time.monotonic() + 20 * settings.BODY_PATIENCE
        with self._moved:
            while not self._is_over and self.size <= self._most:
                seen = self.size
                self._moved.wait(settings.BODY_PATIENCE)
                late = time.monotonic() > ends
                if late or (self.size == seen and not self._is_over):
                    self._given_up.set()
                    return 408
            self._given_up.set()
            return 413 if self.size > self._most else self._failure

    def _read(self) -> None:
        failure = 503
        try:
            while not self._given_up.is_set():
                failure = 400  # whoever sends may go away at any time
                piece = self._source.read(_PIECE)
                if not piece:
                    failure = 0
                    break
                failure = 503
                with self._moved:
                    if self._given_up.is_set():
                        return
                    self._body.write(piece)
                    self.size += len(piece)
                    self._moved.notify()
        except OSError:
            logger.warning("A body could not be read or kept.", exc_info=True)
        with self._moved:
            self._is_over, self._failure = True, failure
            self._moved.notify()
