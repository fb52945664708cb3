"""Celery's schedule on a clock that may be set back: what is due every two seconds stays so."""

import time
from typing import Any

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """Celery's own, but an entry that ran in the future, by the clock of now, is due now.

    Celery's would wait for the old time to come again, and nothing be swept for an hour.
    """

    def tick(self, *args: Any, **options: Any) -> Any:
        """Look at what is due, and return for how many seconds nothing will be."""
        if self._clock_was_set_back():
            now = self.app.now()
            for entry in self.schedule.values():
                if entry.last_run_at and entry.last_run_at > now:
                    entry.last_run_at = now
            # It is in the order of the old times.
            self._heap = None
        return super().tick(*args, **options)

    def _clock_was_set_back(self) -> bool:
        now = time.time()
        last, self._last_tick = getattr(self, "_last_tick", float("inf")), now
        return now < last
