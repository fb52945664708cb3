"""How pages, lists and searches fare as a platform grows.

    DATABASE_URL=postgres://…/NAME python -m tests.benchmarks.scale 1000 10000 100000

For each size a database `NAME_<size>` is made and seeded by bulk SQL, unless it is there already
(`--anew` drops it first): so many companies under one platform, with ten documents and ten events
each and five deliveries. Every page and list is asked for as an ordinary role, walls up, in this
process: one warm-up, then `ROUNDS` more. Printed are the median and the 95th percentile of the
server's time, what part of it SQL took, the queries, the bytes, the slowest SQL and, between the
first and the last size, the exponent with which the time grows. `--only WORD` asks what has WORD in
its name.
"""

import argparse
import json
import logging
import math
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LOG_LEVEL"] = "CRITICAL"
ROUNDS = 7
# What takes as long is asked once: its variance is of no interest.
_ENOUGH = 3.0


@dataclass(frozen=True)
class Cost:
    """What one page took: times in ms of the warm requests, and of its last what it was made of."""

    times: tuple[float, ...]
    queries: int
    size: int
    status: int
    sql_ms: float
    slowest_ms: float
    slowest: str

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[math.ceil(0.95 * len(self.times)) - 1]


class Statements:
    """The statements of a request, with the time that each took."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, str]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.taken.append(((time.perf_counter() - began) * 1000, sql))


def cost(ask: Any) -> Cost:
    """What it costs to `ask`, which answers with a response."""
    from django.db import connection

    times: list[float] = []
    began = time.perf_counter()
    ask()
    rounds = 1 if time.perf_counter() - began > _ENOUGH else ROUNDS
    for _ in range(rounds):
        statements = Statements()
        with connection.execute_wrapper(statements):
            began = time.perf_counter()
            response = ask()
            size = sum(map(len, response)) if response.streaming else len(response.content)
            times.append((time.perf_counter() - began) * 1000)
    slowest_ms, slowest = max(statements.taken, default=(0.0, ""))
    return Cost(
        times=tuple(times),
        queries=len(statements.taken),
        size=size,
        status=response.status_code,
        sql_ms=sum(taken for taken, _sql in statements.taken),
        slowest_ms=slowest_ms,
        slowest=slowest,
    )


def costs_at(companies: int, only: str, anew: bool) -> Iterator[tuple[str, Cost]]:
    """The cost of every question, by its name, with so many companies."""
    from tests.benchmarks import scale_questions, scale_world

    with scale_world.database(companies, anew=anew) as world:
        for name, ask in scale_questions.questions(world):
            if only in name:
                yield name, cost(ask)


def exponent(sizes: list[int], costs: list[Cost]) -> float:
    """How the time grows from the first size to the last: 1 as the size, 0 not at all."""
    return math.log(costs[-1].median / costs[0].median) / math.log(sizes[-1] / sizes[0])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sizes", type=int, nargs="+")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--anew", action="store_true")
    arguments.add_argument("--json", help="A file for the figures.")
    given = arguments.parse_args()
    import django

    django.setup()
    logging.disable()
    from tests import ordinary_role

    ordinary_role.become_ordinary()
    known: dict[str, list[Cost]] = {}
    for size in given.sizes:
        print(f"\n{size:,} companies")
        print(
            f"{'':44}{'median':>8}{'p95':>8}{'SQL':>7}{'queries':>9}{'kB':>6}  slowest SQL",
            flush=True,
        )
        for name, found in costs_at(size, given.only, given.anew):
            known.setdefault(name, []).append(found)
            status = "" if found.status == 200 else f" ({found.status})"
            print(
                f"{name + status:44}{found.median:8.0f}{found.p95:8.0f}{found.sql_ms:7.0f}"
                f"{found.queries:9}{found.size / 1000:6.0f}"
                f"  {found.slowest_ms:.0f} ms {_shape(found.slowest)}",
                flush=True,
            )
    if len(given.sizes) > 1:
        print(f"\nExponents from {given.sizes[0]:,} to {given.sizes[-1]:,} companies")
        for name, costs in known.items():
            print(f"{name:44}{exponent(given.sizes, costs):8.2f}")
    if given.json:
        figures = {name: [cost.__dict__ for cost in costs] for name, costs in known.items()}
        Path(given.json).write_text(json.dumps(figures, indent=1))


def _shape(sql: str) -> str:
    """A statement without the columns that it reads, as short as fits on a line."""
    before, _, after = " ".join(sql.split()).partition(" FROM ")
    return (f"… FROM {after}" if after and not before.startswith("SELECT COUNT") else sql)[:150]


if __name__ == "__main__":
    main()
