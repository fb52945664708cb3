"""Sends what is due: claim, commit, send, record.

One call keeps many deliveries under way at once and takes on new ones as others end, so a slow
endpoint costs its own places and nobody else's time. Results are written in groups, with a few
statements for each group however many there are, while the next ones are under way.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from tenants import loops
from tenants.models import Event
from webhooks import basic_auth, dialects, secrets, signing
from webhooks.models import Endpoint
from webhooks.sender import Answer, Request, Sender
from webhooks.services import claims, outcomes
from webhooks.services.claims import Claimed
from webhooks.services.outcomes import Sent

T = TypeVar("T")
logger = logging.getLogger(__name__)

# How many are under way at once. Those that drag on count no longer, up to a bound of their own,
# so that many hanging endpoints together do not take the places of the healthy ones.
AT_ONCE = 400
AT_MOST = 800
_DRAGS_ON = 1.0
# How long one call goes on taking new work, in seconds, while there is any.
BUDGET = 300
_GROUP, _GROUP_EVERY = AT_ONCE // 2, 0.05
_FEW, _SOON = 50, 0.002
_LOOK_EVERY = 0.2
# How long what was sent waits for a database that is away, in seconds.
_PATIENCE = 20.0
_UNMADE = Answer(None, "The delivery cannot be made", b"", "", 0)


def deliver(
    limit: int | None = None,
    *,
    budget: float = BUDGET,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send due deliveries until none is left or `budget` seconds are over; how many were tried.

    `limit` stops it after about so many, and `stopping` when it says so; what is under way then
    is finished.
    """
    return async_to_sync(_deliver)(limit, budget, stopping)


async def _deliver(limit: int | None, budget: float, stopping: Callable[[], bool]) -> int:
    ends, tried = time.monotonic() + budget, 0
    async with Sender(at_once=AT_MOST) as sender:
        line = _Line(sender)
        while True:
            over = stopping() or time.monotonic() > ends
            wanted = 0 if over else line.places()
            if limit is not None:
                wanted = min(wanted, limit - tried)
            taken = await sync_to_async(_turn)(line.take_ended(), wanted)
            tried += len(taken)
            for ready in taken:
                line.start(ready)
            if line.is_empty:
                return tried
            await line.gather()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A delivery that is made and signed, or that could not be: then there is only an answer."""

    claimed: Claimed
    signed_at: datetime
    request: Request | None


def _turn(group: list[Sent], wanted: int) -> list[_Ready]:
    """What is not sending, in one go: write down what ended, take on what is due and sign it."""
    if group:
        _write_down(group)
    if wanted <= 0:
        return []
    taken, now = _surely(lambda: claims.take(wanted)), timezone.now()
    return [_Ready(claimed, now, _made(claimed, now)) for claimed in taken]


def _write_down(group: list[Sent]) -> None:
    """Record a group; one by one where something about one of them keeps the others from it."""
    try:
        _surely(lambda: outcomes.record(group))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        loops.each("record deliveries", group, lambda sent: outcomes.record([sent]))


def _surely(step: Callable[[], T]) -> T:
    """Try again while the database is away: what is not written down would be sent twice."""
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            return step()
        except (OperationalError, InterfaceError):
            if time.monotonic() > ends:
                raise
            close_old_connections()
            time.sleep(0.5)


class _Line:
    """What is under way, and what has ended and is not written down yet."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._under_way: dict[asyncio.Task[Sent], float] = {}
        self._ended: list[Sent] = []
        self._some, self._plenty = asyncio.Event(), asyncio.Event()
        self._looked_at = 0.0

    @property
    def is_empty(self) -> bool:
        return not self._under_way and not self._ended

    def start(self, ready: _Ready) -> None:
        """Send; what comes of it turns up among what has ended."""
        task = asyncio.create_task(_send(self._sender, ready))
        self._under_way[task] = time.monotonic()
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[Sent]) -> None:
        del self._under_way[task]
        self._ended.append(task.result())
        self._some.set()
        if len(self._ended) >= _GROUP or not self._under_way:
            self._plenty.set()

    def take_ended(self) -> list[Sent]:
        """Hand over what has ended since the last time."""
        ended, self._ended = self._ended, []
        self._some.clear()
        self._plenty.clear()
        return ended

    def places(self) -> int:
        """How many to take on now: many at once, for a look costs the same for one."""
        now = time.monotonic()
        young = sum(now - since < _DRAGS_ON for since in self._under_way.values())
        free = min(AT_ONCE - young, AT_MOST - len(self._under_way))
        if self._under_way and free < AT_ONCE // 4 and now - self._looked_at < _LOOK_EVERY:
            return 0
        self._looked_at = now
        return free

    async def gather(self) -> None:
        """Wait for one to end, and a moment longer for those that end with it.

        What has ended and is not written down is sent twice if this process is killed. So the
        moment is short where a group would be small and writing costs little.
        """
        if await _wait(self._some, _LOOK_EVERY):
            few = len(self._under_way) + len(self._ended) <= _FEW
            await _wait(self._plenty, _SOON if few else _GROUP_EVERY)


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def _send(sender: Sender, ready: _Ready) -> Sent:
    answer = await sender.send(ready.request) if ready.request else _UNMADE
    if known := ready.claimed.endpoint.basic_auth:
        answer = answer._replace(content=basic_auth.without(answer.content, known))
    return Sent(ready.claimed, ready.signed_at, answer)


def _made(claimed: Claimed, now: datetime) -> Request | None:
    try:
        return request_for(claimed.endpoint, claimed.event, now)
    except Exception as error:
        # One that cannot even be made must not keep the others from being sent.
        logger.error("Delivery %s cannot be made: %s", claimed.id, type(error).__name__)
        return None


def request_for(endpoint: Endpoint, event: Event, at: datetime) -> Request:
    """What goes out: the same body and id on every attempt, signed anew."""
    dialect = dialects.get(endpoint.dialect)
    body = dialect.body(event)
    shared = endpoint.shared_secrets(at)
    return Request(
        url=endpoint.url,
        body=body,
        timeout=endpoint.timeout_seconds,
        headers={
            "Content-Type": "application/json",
            **basic_auth.header(endpoint.basic_auth),
            **dialect.headers(event, body, shared[0]),
            **signing.headers(
                str(event.pk),
                int(at.timestamp()),
                body,
                shared=shared,
                signing_key=secrets.opened(endpoint.signing_key),
            ),
        },
    )
