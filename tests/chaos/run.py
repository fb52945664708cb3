"""Events are written while writers and workers are killed with -9 at random: none may be lost.

By hand: `python -m tests.chaos.run 2000 60` writes 2,000 events and kills a process 60 times, on
the database that `DATABASE_URL` names or on a new SQLite file. It prints how many events were
committed, delivered and delivered twice, and ends non-zero when one is missing. `shape 0.1 120`
is all of production's shape in a storm of 120 seconds, at a tenth of its size: `tests.chaos.shape`.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.webhooks.receiver import Receiver  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tenants.actors import Actor
from tenants.models import Organization
from tenants.services import organizations
from webhooks.services import endpoints
by = Actor.system("chaos")
Organization.objects.filter(name="Chaos Company").update(name="Earlier Company")
platform = organizations.create("platform", {"name": "Chaos"}, by=by)
company = organizations.create_company(platform, {"name": "Chaos Company"}, by=by)
endpoint, _ = endpoints.create(company, url="%s", event_types=["company.updated"], by=by)
endpoints.update(endpoint, {"retry_schedule": [1] * 20, "concurrency": 20}, by=by)
"""


@dataclass(frozen=True)
class Outcome:
    """What the run came to."""

    committed: int
    missing: int
    duplicates: int
    kills: int
    seconds: float


def run(events: int, kills: int, *, lease: float = 3.0, patience: float = 120.0) -> Outcome:
    """Write `events` in batches and kill a process `kills` times, each after a first event."""
    receiver = Receiver()
    with tempfile.TemporaryDirectory() as directory:
        environment = {
            **os.environ,
            "GATEHOUSE_DATA_DIR": directory,
            "CHAOS_LEASE": str(lease),
            "LOG_LEVEL": "ERROR",
        }

        def start(*arguments: str, **options: object) -> subprocess.Popen[str]:
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=environment, text=True, **options
            )

        prepared = start("manage.py", "shell", "--no-imports", "-c", PREPARE % receiver.url)
        assert prepared.wait(300) == 0
        started = time.monotonic()
        committed: set[str] = set()
        workers = [start("-m", "tests.chaos.worker") for _ in range(2)]
        try:
            for _ in range(kills):
                count = str(events // kills)
                writer = start("-m", "tests.chaos.writer", count, stdout=subprocess.PIPE)
                assert writer.stdout
                said = writer.stdout.readline()
                time.sleep(random.uniform(0, 0.5))
                victim = random.choice([writer, *workers])
                victim.kill()
                if victim is not writer:
                    workers[workers.index(victim)] = start("-m", "tests.chaos.worker")
                said += writer.stdout.read()
                writer.wait(60)
                committed |= {line for line in said.split() if len(line) == 36}
            missing = _wait_for(committed, receiver, patience)
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        ids = Counter(one.headers["webhook-id"] for one in receiver.received)
        receiver.close()
    repeated = sum(count - 1 for count in ids.values())
    return Outcome(len(committed), len(missing), repeated, kills, time.monotonic() - started)


def _wait_for(committed: set[str], receiver: Receiver, patience: float) -> set[str]:
    deadline = time.monotonic() + patience
    while True:
        missing = committed - {one.headers["webhook-id"] for one in receiver.received}
        if not missing or time.monotonic() > deadline:
            return missing
        time.sleep(0.2)


def _shape(scale: float = 1.0, seconds: float = 300.0) -> None:
    from tests.chaos import shape

    outcome = shape.run(scale, seconds)
    sys.stdout.write(f"{json.dumps(outcome, indent=2)}\n")
    sys.exit(not shape.is_clean(outcome))


if __name__ == "__main__":
    if sys.argv[1] == "shape":
        _shape(*map(float, sys.argv[2:]))
    outcome = run(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(f"{outcome}\n")
    sys.exit(bool(outcome.missing))
