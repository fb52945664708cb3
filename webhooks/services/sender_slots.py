"""How many workers of a machine send at once, so that the others keep their hands free.

Whoever sends goes on for minutes while there is something to send, and one of them keeps
hundreds of deliveries under way; more of them would only stand in the way of other work.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.sharedctypes import RawValue

from django.conf import settings

from webhooks.models import Delivery
from webhooks.services import delivery

# Seen by the processes that a worker forks, and free of locks that a killed one could hold.
_stopping = RawValue("b", 0)


def deliver() -> int:
    """Send what is due unless enough others here are at it; how many were tried."""
    tried = 0
    # What became due as the last one left would have found nobody: hence a second look.
    for _ in range(2):
        with _place() as free:
            if not free:
                break
            tried += delivery.deliver(stopping=_is_stopping)
        if _is_stopping() or not Delivery.objects.due().exists():
            break
    return tried


def stop() -> None:
    """Have the senders of this worker finish what is under way and take on nothing more."""
    _stopping.value = 1


def _is_stopping() -> bool:
    return bool(_stopping.value)


@contextmanager
def _place() -> Iterator[bool]:
    """One of the machine's places, if any is free. The system frees those of the dead."""
    for number in range(settings.WEBHOOK_SENDERS):
        path = settings.DATA_DIR / f"sender-{number}.lock"
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if _locked(file):
                yield True
                return
        finally:
            os.close(file)
    yield False


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
