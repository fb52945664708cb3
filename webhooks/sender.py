"""Sends to addresses that customers chose, without being led anywhere or held up.

The address is checked when it is dialled, so a name that changes its mind between two look-ups
gains nothing. There is one deadline for everything, and little of the answer is read.
"""

import asyncio
import socket
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from webhooks import guard

BODY_KEPT = 16 * 1024
_USER_AGENT = "Gatehouse-Webhooks/1.0"


# Where the request under way writes down whom it dialled.
_dialled: ContextVar[dict[str, str]] = ContextVar("dialled")


class _NotPermitted(OSError):
    """The address is none that a customer may have us dial."""


@dataclass(frozen=True)
class Request:
    """What to send where, and how many seconds it may take in all."""

    url: str
    headers: dict[str, str]
    body: bytes
    timeout: float
    method: str = "POST"


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or an error in words."""

    status: int | None
    error: str
    body: str
    address: str
    duration_ms: int
    retry_after: str = ""

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
                hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, address in found
        ]  # fmt: skip

    async def close(self) -> None:
        return None


def _dial(address_info: Any) -> socket.socket:
    """Make the socket for an address that is about to be dialled, if it may be."""
    family, kind, protocol, _, address = address_info
    if not guard.permits(str(address[0])):
        raise _NotPermitted("This address is not public.")
    _dialled.get()["address"] = str(address[0])
    made = socket.socket(family=family, type=kind, proto=protocol)
    made.setblocking(False)
    return made


class Sender:
    """A sender for one event loop; use it as `async with`."""

    def __init__(self, *, at_once: int = 200) -> None:
        self._at_once = at_once

    async def __aenter__(self) -> "Sender":
        connector = aiohttp.TCPConnector(
            limit=self._at_once,
            resolver=_Resolver(),
            use_dns_cache=False,
            socket_factory=_dial,
            # A connection that is kept would be reused without asking who it leads to.
            force_close=True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def send(self, request: Request) -> Answer:
        """Send and say what came of it; never raises for what the other side does."""
        started = time.monotonic()
        seen = {"address": ""}
        _dialled.set(seen)
        try:
            async with asyncio.timeout(request.timeout):
                status, retry_after, body = await self._exchange(request)
        except TimeoutError:
            return _failed(f"No complete answer within {request.timeout:g} s", started, seen)
        except _NotPermitted as error:
            return _failed(str(error), started, seen)
        except aiohttp.ClientConnectorCertificateError:
            return _failed("The TLS certificate does not belong to this host", started, seen)
        except aiohttp.ClientConnectorError as error:
            return _failed(_connect_error(error), started, seen)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _failed(f"The answer cannot be read: {type(error).__name__}", started, seen)
        return Answer(status, "", body, seen["address"], _since(started), retry_after)

    async def _exchange(self, request: Request) -> tuple[int, str, str]:
        async with self._session.request(
            request.method,
            request.url,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=request.timeout),
        ) as response:
            body = await _read(response)
            retry_after = response.headers.get("Retry-After", "")[:64]
            return response.status, retry_after, body


async def _read(response: aiohttp.ClientResponse) -> str:
    """Read at most 16 kB and leave the rest."""
    kept = b""
    while len(kept) < BODY_KEPT:
        chunk = await response.content.read(BODY_KEPT - len(kept))
        if not chunk:
            break
        kept += chunk
    response.close()
    # PostgreSQL keeps no NUL in text.
    return kept.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _connect_error(error: aiohttp.ClientConnectorError) -> str:
    cause = error.os_error
    if isinstance(cause, _NotPermitted):
        return str(cause)
    if isinstance(cause, socket.gaierror):
        return "The host name cannot be resolved"
    return f"No connection: {cause.strerror or type(cause).__name__}"[:255]


def _failed(error: str, started: float, seen: dict[str, str]) -> Answer:
    return Answer(None, error[:255], "", seen["address"], _since(started))


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
