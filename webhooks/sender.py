"""Sends to addresses that customers chose, without being led anywhere or held up.

The address is checked when it is dialled, so a name that changes its mind between two look-ups
gains nothing, and again whenever a connection that was kept is used once more. There is one
deadline for everything, and little of the answer is read.
"""

import asyncio
import socket
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import Connection

from tenants import unreached
from tenants.outside_text import without_secrets
from webhooks import guard

BODY_KEPT = 16 * 1024
# Shorter than servers keep an idle connection, so that hardly ever one is used as it closes.
_KEPT_FOR = 2.0
_ENDED = "The connection was closed before the answer was complete"
_UNREADABLE = "The answer cannot be read: it is no proper HTTP"
_USER_AGENT = "Gatehouse-Webhooks/1.0"


@dataclass(slots=True)
class _Route:
    """How the request under way travels: whom it reached, on a connection used before or not."""

    address: str = ""
    dialled: bool = False


_route: ContextVar[_Route] = ContextVar("route")


class _NotPermitted(OSError):
    """The address is none that a customer may have us dial."""


class Request(NamedTuple):
    """What to send where, and how many seconds it may take in all."""

    url: str
    headers: dict[str, str]
    body: bytes
    timeout: float
    method: str = "POST"
    # How many bytes of the answer are read.
    keep: int = BODY_KEPT


class Answer(NamedTuple):
    """What came back: a status, or an error in words."""

    status: int | None
    error: str
    content: bytes
    address: str
    duration_ms: int
    retry_after: str = ""
    content_type: str = ""

    @property
    def body(self) -> str:
        """The content as text that any database keeps, for PostgreSQL takes no NUL, and that
        shows no secret of ours."""
        text = self.content.decode("utf-8", "replace").replace("\x00", "\ufffd")
        return without_secrets(text)

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class _Resolver(AbstractResolver):
    """Looks a name up once and refuses it as a whole if any of its addresses is refused."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, family=socket.AF_UNSPEC
        )
        for *_, address in found:
            if not guard.permits(str(address[0])):
                raise _NotPermitted(f"{host} leads to an address that is not public.")
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        return None


def _dial(address_info: Any) -> socket.socket:
    """Make the socket for an address that is about to be dialled, if it may be."""
    family, kind, protocol, _, address = address_info
    if not guard.permits(str(address[0])):
        raise _NotPermitted("This address is not public.")
    route = _route.get()
    route.address, route.dialled = str(address[0]), True
    made = socket.socket(family=family, type=kind, proto=protocol)
    made.setblocking(False)
    return made


class _Connector(aiohttp.TCPConnector):
    """Asks of every connection, new or kept, whom it really leads to."""

    async def connect(self, *arguments: Any, **options: Any) -> Connection:
        connection = await super().connect(*arguments, **options)
        peer = connection.transport and connection.transport.get_extra_info("peername")
        if not peer or not guard.permits(str(peer[0])):
            connection.close()
            raise _NotPermitted("This address is not public.")
        _route.get().address = str(peer[0])
        return connection


class Sender:
    """A sender for one event loop; use it as `async with`."""

    def __init__(self, *, at_once: int = 200) -> None:
        self._at_once = at_once

    async def __aenter__(self) -> "Sender":
        self._kept = self._session(keepalive_timeout=_KEPT_FOR)
        self._fresh = self._session(force_close=True)
        return self

    def _session(self, **options: Any) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=_Connector(
                limit=self._at_once,
                resolver=_Resolver(),
                use_dns_cache=False,
                socket_factory=_dial,
                **options,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"},
            # There is one deadline for everything, in `send`.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        )

    async def __aexit__(self, *_: object) -> None:
        await self._kept.close()
        await self._fresh.close()

    async def send(self, request: Request) -> Answer:
        """Send and say what came of it; never raises for what the other side does."""
        started = time.monotonic()
        route = _Route()
        _route.set(route)
        try:
            async with asyncio.timeout(request.timeout):
                return await self._exchange(request, route, started)
        except TimeoutError:
            return _failed(f"No complete answer within {request.timeout:g} s", started, route)
        except _NotPermitted as error:
            return _failed(str(error), started, route)
        except aiohttp.ClientConnectorCertificateError:
            return _failed("The TLS certificate does not belong to this host", started, route)
        except aiohttp.ClientConnectorError as error:
            return _failed(_connect_error(error), started, route)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            ended = isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError)
            return _failed(_ENDED if ended else _UNREADABLE, started, route)

    async def _exchange(self, request: Request, route: _Route, started: float) -> Answer:
        try:
            return await self._ask(self._kept, request, route, started)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # The other side closed an idle connection just as it was used again.
            if route.dialled:
                raise
            return await self._ask(self._fresh, request, route, started)

    async def _ask(
        self, session: aiohttp.ClientSession, request: Request, route: _Route, started: float
    ) -> Answer:
        async with session.request(
            request.method,
            request.url,
            data=request.body or None,
            headers=request.headers,
            allow_redirects=False,
        ) as response:
            content = await _read(response, request.keep)
            return Answer(
                response.status,
                "",
                content,
                route.address,
                _since(started),
                response.headers.get("Retry-After", "")[:64],
                response.headers.get("Content-Type", "")[:100],
            )


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Read at most so many bytes and leave the rest."""
    kept = b""
    while len(kept) < most:
        chunk = await response.content.read(most - len(kept))
        if not chunk:
            return kept
        kept += chunk
    # Whatever else is to come is in nobody else's way.
    response.close()
    return kept


def _connect_error(error: aiohttp.ClientConnectorError) -> str:
    cause = error.os_error
    if isinstance(cause, _NotPermitted):
        return str(cause)
    return unreached.sentence_of(cause)


def _failed(error: str, started: float, route: _Route) -> Answer:
    return Answer(None, error[:255], b"", route.address, _since(started))


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
