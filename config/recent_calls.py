"""The newest API calls of each organization, for its developers: what arrived, and what it got.

They are kept beside the requests and never in their way: no row of the database is written, and
a request only puts its call into a queue, which a thread of its process empties into Redis. What
finds the queue full or Redis out of reach is lost and said in the log. Without Redis there is one
process that answers requests, whose memory keeps them until it ends.
"""

import json
import logging
import queue
import threading
import time
from collections import OrderedDict, deque
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from apikeys.authentication import AtRest
from config.logs import redact
from tenants.actors import request_id

logger = logging.getLogger(__name__)

# Of each organization, of its live and its test keys, and of the failed ones among them.
MOST = 50
KEPT = 7 * 24 * 3600
_LONGEST_PATH = 200
_ORGANIZATIONS_IN_MEMORY = 1000
_WAITING, _AT_ONCE = 2000, 100
_REST = 5.0


class Call(NamedTuple):
    """One call: nothing of its query, its body, its answer or where it came from."""

    seconds: float
    method: str
    path: str
    status: int
    milliseconds: float
    request_id: str
    key: str
    code: str

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    @property
    def failed(self) -> bool:
        return self.status >= 400


class OutOfReach(Exception):
    """The calls are kept where nobody answers at the moment."""


def attribute(request: Request, caller: Any) -> None:
    """Say whose call it is, for the log and for this list; both know the plain request alone."""
    plain: Any = request._request
    plain.organization_id = str(getattr(caller.organization, "pk", ""))
    plain.call_environment = caller.environment
    # A person's address is nothing for their colleagues; a program's name is why they look.
    program = "" if caller.by.kind == "user" else caller.by.label
    plain.call_key = caller.key.name if caller.key else program


def note_refusal(request: Request, error: Exception, code: str) -> None:
    """Say by what code the call is refused, and whose it was if that ended it at the door."""
    plain: Any = request._request
    plain.call_code = code
    if isinstance(error, AtRest):
        holder = error.holder
        plain.organization_id = str(holder.organization_id)
        plain.call_environment = holder.environment
        plain.call_key = getattr(holder, "name", "") or holder.actor.label


def note(request: HttpRequest, status: int, seconds: float) -> None:
    """Keep the call that was just answered, if it is known whose it is. Raises nothing."""
    organization = getattr(request, "organization_id", "")
    if not organization:
        return
    call = Call(
        round(time.time() - seconds, 3),
        (request.method or "")[:10],
        redact(request.path)[:_LONGEST_PATH],
        status,
        round(seconds * 1000, 1),
        request_id.get(),
        getattr(request, "call_key", ""),
        getattr(request, "call_code", "") if status >= 400 else "",
    )
    name = _name(organization, getattr(request, "call_environment", ""))
    _kept().add(name, call)


def newest(organization: Any, environment: str, *, failed: bool = False) -> list[Call]:
    """The organization's calls with keys of that environment, newest first. Raises OutOfReach."""
    name = _name(organization, environment) + (":failed" if failed else "")
    found = _kept().read(name)
    return sorted(found, key=lambda call: call.seconds, reverse=True)


def _name(organization: Any, environment: str) -> str:
    return f"calls:1:{organization}:{environment}"


def _names(name: str, call: Call) -> list[str]:
    return [name, f"{name}:failed"] if call.failed else [name]


class Memory:
    """Rings of this process, of the organizations that called last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rings: OrderedDict[str, deque[Call]] = OrderedDict()

    def add(self, name: str, call: Call) -> None:
        with self._lock:
            for one in _names(name, call):
                self._rings.setdefault(one, deque(maxlen=MOST)).appendleft(call)
                self._rings.move_to_end(one)
            while len(self._rings) > _ORGANIZATIONS_IN_MEMORY:
                self._rings.popitem(last=False)

    def read(self, name: str) -> list[Call]:
        with self._lock:
            found = list(self._rings.get(name, ()))
        return [one for one in found if one.seconds >= time.time() - KEPT]


class Shared:
    """Rings in Redis, which all processes show."""

    def __init__(self, url: str) -> None:
        self._server = redis.Redis.from_url(url, retry=None, **settings.REDIS_WAITS)
        self._queue: queue.Queue[tuple[str, Call]] = queue.Queue(_WAITING)
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._lost = 0

    def add(self, name: str, call: Call) -> None:
        try:
            self._queue.put_nowait((name, call))
            self._begin()
        except (queue.Full, RuntimeError):  # no room, or no more threads
            self._lost += 1

    def read(self, name: str) -> list[Call]:
        try:
            # Of those whose ring went on, the old ones end here.
            found: Any = self._server.lrange(name, 0, MOST - 1)
        except (redis.RedisError, OSError) as error:
            raise OutOfReach from error
        calls = [Call(*json.loads(row)) for row in found]
        return [one for one in calls if one.seconds >= time.time() - KEPT]

    def settle(self) -> None:
        """Wait until all that was added is written or lost."""
        self._queue.join()

    def _begin(self) -> None:
        if self._writer is not None and self._writer.is_alive():
            return
        with self._lock:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="calls", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < _AT_ONCE and not self._queue.empty():
                batch.append(self._queue.get())
            try:
                self._send(batch)
            except Exception as error:  # whatever it is, the next ones are tried again
                self._lost += len(batch)
                logger.warning("%s API calls are missing in lists: %r", self._lost, error)
                time.sleep(_REST)
            finally:
                for _one in batch:
                    self._queue.task_done()

    def _send(self, batch: list[tuple[str, Call]]) -> None:
        pipe = self._server.pipeline(transaction=False)
        rings: dict[str, list[str]] = {}
        for own, call in batch:
            for name in _names(own, call):
                rings.setdefault(name, []).append(json.dumps(call))
        for name, rows in rings.items():
            pipe.lpush(name, *rows)
            pipe.ltrim(name, 0, MOST - 1)
            pipe.expire(name, KEPT)
        pipe.execute()


_memory = Memory()


def _kept() -> Memory | Shared:
    return _shared() if settings.REDIS_URL else _memory


@cache
def _shared() -> Shared:
    return Shared(settings.REDIS_URL)
