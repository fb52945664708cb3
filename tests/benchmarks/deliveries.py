"""Webhooks: deliveries per second and seconds to the first byte, beside what others take.

    python -m tests.benchmarks.deliveries [--count N] [--rounds N] [--seconds N] [--rival]

It runs on the database and broker of `DATABASE_URL` and `REDIS_URL`, in a database of its own on
that server, or embedded (SQLite, messages in files) when they are not set. It prints

- the rate of one sender and of two, everything recorded, against a receiver that answers at once
  and one that takes 200 ms, and the ratio to a bare aiohttp loop in the same rounds (medians);
- seconds from commit to first byte at 50 events/s, all endpoints healthy, and of the healthy ones
  while a fifth hangs;
- with `--rival` the rate beside the package `django-webhook` on the same Celery and Redis.
"""

import argparse
import os
import statistics
import sys

from tests.benchmarks.webhooks import latency, receiver, rival, throughput
from tests.benchmarks.webhooks.installation import prepared


def rates(kind: str, count: int, rounds: int) -> None:
    """The rounds take turns, so that a busy machine burdens all alike."""
    # SQLite has one writer.
    most = 2 if "DATABASE_URL" in os.environ else 1
    floor: list[float] = []
    rate: dict[int, list[float]] = {senders: [] for senders in range(1, most + 1)}
    for _ in range(rounds):
        floor.append(throughput.bare(kind, count))
        for senders, found in rate.items():
            found.append(throughput.ours(kind, count, senders))
    bare = statistics.median(floor)
    for senders, found in rate.items():
        reached = statistics.median(found)
        say(f"{kind}, {senders} sending: {reached:.0f}/s, bare {bare:.0f}/s", reached / bare)


def delays(seconds: float) -> None:
    for title, hanging in (("all healthy", 0), ("a fifth hangs, the others", 4)):
        waits = latency.waits(seconds, hanging=hanging)
        half, most = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
        say(f"commit to first byte, {title}: p50 {half:.3f} s, p95", most, " s")


def beside_rival(count: int) -> None:
    theirs, ours = rival.theirs(count // 5), rival.ours(count)
    say(f"on Celery: {ours:.0f}/s, django-webhook {theirs:.0f}/s", ours / theirs, "×")


def say(what: str, figure: float, unit: str = "") -> None:
    sys.stdout.write(f"{what} → {figure:.2f}{unit}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--embedded", action="store_true")
    parser.add_argument("--rival", action="store_true")
    options = parser.parse_args()
    if options.rival and "REDIS_URL" not in os.environ:
        parser.error("--rival needs REDIS_URL")
    with receiver.running(), prepared(embedded=options.embedded):
        for kind in ("fast", "slow"):
            rates(kind, options.count, options.rounds)
        delays(options.seconds)
        if options.rival:
            beside_rival(options.count)


if __name__ == "__main__":
    main()
