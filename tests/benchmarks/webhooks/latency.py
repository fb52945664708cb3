"""Seconds from commit to the first byte at the receiver, through real workers and a real broker."""

import time

from tests.benchmarks.webhooks import receiver
from tests.benchmarks.webhooks.installation import BEAT, companies, processes, worker

PER_SECOND = 50
ENDPOINTS = 20


def waits(seconds: float, *, hanging: int = 0) -> list[float]:
    """Of events at `PER_SECOND` for so long, how long each waited, in order.

    `hanging` of the endpoints never answer; what is due to them is left out.
    """
    from tenants import events
    from tenants.actors import Actor

    by = Actor.system("benchmark")
    kinds = ["hang" if n < hanging else "fast" for n in range(ENDPOINTS)]
    concerned = companies(kinds)
    receiver.forget()
    with processes(worker(), BEAT):
        # The first one shows that the workers are there.
        events.record(concerned[-1], "company.updated", by=by)
        assert receiver.wait_for(1, 60)
        committed: dict[str, float] = {}
        started = time.monotonic()
        for n in range(int(seconds * PER_SECOND)):
            time.sleep(max(0, started + n / PER_SECOND - time.monotonic()))
            before = time.time()
            event = events.record(concerned[n % ENDPOINTS], "company.updated", by=by)
            if kinds[n % ENDPOINTS] == "fast":
                committed[str(event.pk)] = before
        arrivals = receiver.wait_for(len(committed) + 1, 10)
        ends = time.monotonic() + 30
        while not set(committed) <= set(arrivals) and time.monotonic() < ends:
            time.sleep(0.5)
            arrivals = receiver.seen()
    # What never came has waited forever.
    return sorted(arrivals.get(id, float("inf")) - at for id, at in committed.items())
