"""Sends what is due: claim, commit, send, record.

One call keeps many deliveries under way at once and takes on new ones as others end, so a slow
endpoint costs its own places and nobody else's time. Results are written in groups, with a few
statements for each group however many there are.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache

from asgiref.sync import sync_to_async
from django.utils import timezone

from webhooks import dialects, secrets, signing
from webhooks.sender import Request, Sender
from webhooks.services import claims, outcomes
from webhooks.services.claims import Claimed
from webhooks.services.outcomes import Sent

AT_ONCE = 200
# How long one call goes on taking new work, in seconds: less than a task may run.
BUDGET = 20.0
_GROUP_EVERY = 0.05
_LOOK_EVERY = 0.2


def deliver(limit: int | None = None, *, budget: float = BUDGET) -> int:
    """Send due deliveries until none is left or `budget` seconds are over; how many were tried.

    `limit` stops it after about so many.
    """
    return asyncio.run(_deliver(limit, budget))


async def _deliver(limit: int | None, budget: float) -> int:
    ends, looked_at = time.monotonic() + budget, 0.0
    under_way: set[asyncio.Task[Sent]] = set()
    tried = 0
    read = cache(secrets.decrypt)
    async with Sender(at_once=AT_ONCE) as sender:
        while True:
            wanted = _places(len(under_way), ends, looked_at)
            if limit is not None:
                wanted = min(wanted, limit - tried)
            if wanted > 0:
                taken = await sync_to_async(claims.take)(wanted)
                looked_at = time.monotonic()
                tried += len(taken)
                under_way |= {asyncio.create_task(_send(sender, one, read)) for one in taken}
            if not under_way:
                return tried
            done, under_way = await _next_group(under_way)
            if done:
                await sync_to_async(outcomes.record)([task.result() for task in done])


def _places(under_way: int, ends: float, looked_at: float) -> int:
    """How many to take on now: many at once, for a look costs the same for one."""
    now, free = time.monotonic(), AT_ONCE - under_way
    if now >= ends:
        return 0
    worth_it = not under_way or free >= AT_ONCE // 4 or now - looked_at > _LOOK_EVERY
    return free if worth_it else 0


async def _next_group(
    under_way: set[asyncio.Task[Sent]],
) -> tuple[set[asyncio.Task[Sent]], set[asyncio.Task[Sent]]]:
    """Wait for one to end, and a moment longer for those that end with it."""
    done, rest = await asyncio.wait(under_way, timeout=1, return_when=asyncio.FIRST_COMPLETED)
    if done and rest:
        also, rest = await asyncio.wait(rest, timeout=_GROUP_EVERY)
        done |= also
    return done, rest


async def _send(sender: Sender, claimed: Claimed, read: Callable[[str], str]) -> Sent:
    started_at = timezone.now()
    return Sent(claimed, started_at, await sender.send(request_for(claimed, started_at, read)))


def request_for(
    claimed: Claimed, at: datetime, read: Callable[[str], str] = secrets.decrypt
) -> Request:
    """What goes out: the same body and id on every attempt, signed anew.

    `read` decrypts secrets; whoever sends many remembers what it has decrypted.
    """
    endpoint, event = claimed.endpoint, claimed.delivery.event
    dialect = dialects.get(endpoint.dialect)
    body = dialect.body(event)
    shared = endpoint.shared_secrets(at, read)
    return Request(
        url=endpoint.url,
        body=body,
        timeout=endpoint.timeout_seconds,
        headers={
            "Content-Type": "application/json",
            **dialect.headers(event, body, shared[0]),
            **signing.headers(
                str(event.pk),
                int(at.timestamp()),
                body,
                shared=shared,
                signing_key=read(endpoint.signing_key),
            ),
        },
    )
