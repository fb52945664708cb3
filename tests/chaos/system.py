"""The whole installation under kill -9: web, worker and beat, and its queue thrown away.

By hand: `python -m tests.chaos.system 300` runs an embedded installation for 300 seconds. Clients
change companies over the API all the while; every few seconds one of the three processes is killed
and started again, and every half minute the broker's folder is emptied. It prints how many events
were committed, delivered and delivered twice, and ends non-zero when one is missing.
"""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import django

from tests.chaos.run import ROOT
from tests.webhooks.receiver import Receiver

CLIENTS = 2
# Longer than a killed worker's lease, and the retry after it.
PATIENCE = 180.0
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from apikeys.services import keys
from tenants.actors import Actor
from tenants.models import Organization
from tenants.services import organizations
from webhooks.services import endpoints
by = Actor.system("chaos")
platform = organizations.create("platform", {"name": "Chaos"}, by=by)
Organization.objects.filter(pk=platform.pk).update(
    requests_per_minute=10**7, requests_per_hour=10**7)
company = organizations.create_company(platform, {"name": "Chaos Company"}, by=by)
endpoints.create(company, url="%s", event_types=["company.updated"], by=by)
print(company.pk, keys.issue(platform, name="k", kind="platform", by=by)[1])
"""
TELL = """
import json
from tenants.models import Event
from webhooks.models import Delivery
print(json.dumps({
    "committed": [str(pk) for pk in Event.objects.filter(
        type="company.updated").values_list("pk", flat=True)],
    "states": list(Delivery.objects.values_list("state", flat=True)),
}))
"""


@dataclass
class Installation:
    """Its processes, and how often each was killed."""

    directory: Path
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def environment(self) -> dict[str, str]:
        kept = {n: v for n, v in os.environ.items() if n not in ("DATABASE_URL", "REDIS_URL")}
        return {**kept, "GATEHOUSE_DATA_DIR": str(self.directory), "LOG_LEVEL": "CRITICAL"}

    def shell(self, code: str) -> str:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip().splitlines()[-1]

    def start(self, name: str) -> None:
        from config.management.commands.quickstart import children

        command = next(c.command for c in children("127.0.0.1", self.port) if c.name == name)
        self.running[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        # With its children: granian's server is one.
        os.killpg(self.running[name].pid, 9)
        self.running[name].wait()
        self.kills[name] += 1

    def empty_queue(self) -> None:
        shutil.rmtree(self.directory / "queue" / "messages", ignore_errors=True)
        (self.directory / "queue" / "messages").mkdir(parents=True, exist_ok=True)
        self.kills["queue emptied"] += 1


def run(seconds: float) -> dict[str, object]:
    """Let the installation live through `seconds` of this and say what became of its events."""
    receiver = Receiver()
    with tempfile.TemporaryDirectory() as directory, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        house = Installation(Path(directory), port)
        os.environ |= house.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        django.setup()
        from tenants.row_security import show_everything

        show_everything()
        company, key = house.shell(PREPARE % receiver.url).split()
        stopped = threading.Event()
        clients = [
            threading.Thread(target=_change, args=(port, company, key, stopped.is_set), daemon=True)
            for _ in range(CLIENTS)
        ]
        try:
            for name in ("web", "worker", "beat"):
                house.start(name)
            for client in clients:
                client.start()
            _disturb(house, seconds)
            stopped.set()
            return _account(house, receiver)
        finally:
            for name in house.running:
                house.kill(name)
            receiver.close()


def _change(port: int, company: str, key: str, stopped: Callable[[], bool]) -> None:
    """Rename the company again and again, whether anybody answers or not."""
    while not stopped():
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/organizations/{company}",
            data=json.dumps({"name": f"Company {random.random()}"}).encode(),
            headers={"X-API-Key": key, "Content-Type": "application/json"},
            method="PATCH",
        )
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        time.sleep(0.1)


def _disturb(house: Installation, seconds: float) -> None:
    started = emptied = time.monotonic()
    while time.monotonic() - started < seconds:
        time.sleep(random.uniform(3, 12))
        victim = random.choice(list(house.running))
        house.kill(victim)
        house.start(victim)
        if time.monotonic() - emptied > 30:
            house.empty_queue()
            emptied = time.monotonic()


def _account(house: Installation, receiver: Receiver) -> dict[str, object]:
    """Wait for what is still due, then compare what was committed with what arrived."""
    ends = time.monotonic() + PATIENCE
    while True:
        told = json.loads(house.shell(TELL))
        arrived = Counter(one.headers["webhook-id"] for one in list(receiver.received))
        missing = set(told["committed"]) - set(arrived)
        if not missing or time.monotonic() > ends:
            break
        time.sleep(2)
    repeated = sum(arrived.values()) - len(arrived)
    return {
        "events committed": len(told["committed"]),
        "delivered": len(set(told["committed"]) & set(arrived)),
        "missing": len(missing),
        "duplicates": repeated,
        "states": dict(Counter(told["states"])),
        "kills": dict(house.kills),
    }


if __name__ == "__main__":
    outcome = run(float(sys.argv[1]))
    sys.stdout.write(f"{json.dumps(outcome, indent=2)}\n")
    sys.exit(bool(outcome["missing"]))
