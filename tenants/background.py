"""Wakes background work. The work itself is rows; a message only says "look now"."""

import logging
import time
from collections import defaultdict

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

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


def _send(work: str) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    for task in _LISTENERS[work]:
        try:
            current_app.send_task(task, retry=False, ignore_result=True, expires=60)
        except (OperationalError, OSError):
            _quiet_until = time.monotonic() + _REST
            logger.warning("The broker refused a message; the sweeper will find the work.")
