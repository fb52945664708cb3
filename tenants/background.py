"""Wakes background work. The work itself is rows; a message only says "look now"."""

import logging
import time
from collections import defaultdict

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Which task looks after which kind of work. Higher apps enter theirs when they are ready.
_LISTENERS: dict[str, list[str]] = defaultdict(list)
# After a broker failed, how long it is left alone: the sweeper finds the work meanwhile.
_REST = 5.0
_quiet_until = 0.0


def listen(work: str, task: str) -> None:
    """Have Celery's task `task` looked up whenever `work` is woken."""
    if task not in _LISTENERS[work]:
        _LISTENERS[work].append(task)


def wake(work: str) -> None:
    """Once the transaction commits, tell the worker that there is `work` to look for.

    A lost or refused message costs seconds, never work: a sweeper looks regularly.
    """
    transaction.on_commit(lambda: _send(work))


def leave_alone() -> None:
    """Send nothing for a few seconds: the broker does not answer, and the sweeper looks anyway."""
    global _quiet_until
    _quiet_until = time.monotonic() + _REST


def _send(work: str) -> None:
    for task in _LISTENERS[work]:
        if time.monotonic() < _quiet_until:
            return
        try:
            current_app.send_task(task, retry=False, ignore_result=True, expires=60)
        except (OperationalError, RedisError, OSError):
            leave_alone()
            logger.warning("The broker refused a message; the sweeper will find the work.")
