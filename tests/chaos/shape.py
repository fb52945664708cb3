"""Production's shape in a storm: nothing lost, nothing doubled, nothing stuck.

    python -m tests.chaos.run shape [SCALE] [SECONDS]

Web, worker and beat run on the database that `DATABASE_URL` names (PostgreSQL, emptied!) or on
SQLite, with a Redis of their own where one is installed. While documents are sent, companies
registered and imported and a month is billed, processes are killed, the disk is full, Redis is
frozen, and the access point and the SMP answer what nobody expects, before and after they have
done what they were asked. It prints what is lost, doubled and stuck, and ends non-zero if any is.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.chaos.run import ROOT
from tests.webhooks.receiver import Receiver

# For how long everything has time to end by itself once the storm is over.
PATIENCE = 900.0
_ODD = (
    (302, b""),
    (418, b"I am a teapot"),
    (200, b"<!DOCTYPE html><title>Sign in</title>"),
    (200, b'{"overallSucc'),
    (404, b"<html>nginx</html>"),
    (401, b""),
)


class Storm:
    """The installation, and everything that goes wrong around it."""

    def __init__(self, directory: Path, port: int) -> None:
        self.directory, self.port = directory, port
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.count: Counter[str] = Counter()
        self.environment = {
            **os.environ,
            "GATEHOUSE_DATA_DIR": str(directory),
            "GATEHOUSE_BASE_URL": f"http://127.0.0.1:{port}",
            "LOG_LEVEL": "CRITICAL",
            "ACCESS_POINT_TIMEOUT": "5",
        }

    def call(self, *command: str) -> str:
        """Run one of our own modules to its end, and return its last line."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return (done.stdout.strip().splitlines() or [""])[-1]

    def start(self, name: str) -> None:
        from config.management.commands.quickstart import children

        command = next(c.command for c in children("127.0.0.1", self.port) if c.name == name)
        self.running[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=(self.directory.parent / f"{name}.err").open("ab"),
        )

    def kill(self, name: str) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()

    # --- What goes wrong ------------------------------------------------------------------------
    def kill_one(self) -> None:
        victim = random.choice(("web", "worker", "worker", "beat"))
        self.kill(victim)
        self.start(victim)

    def fill_disk(self) -> None:
        """Only where the directory is a small file system of its own."""
        if shutil.disk_usage(self.directory).total > 2**30:
            return
        filler = self.directory / "filler"
        with suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(b"x" * 65536)
                file.flush()
        time.sleep(8)
        filler.unlink()

    def freeze_redis(self) -> None:
        if "redis" not in self.running:
            return
        self.running["redis"].send_signal(signal.SIGSTOP)
        time.sleep(8)
        self.running["redis"].send_signal(signal.SIGCONT)

    def revive(self) -> None:
        """Start what has ended by itself, as a supervisor does."""
        for name in ("web", "worker", "beat"):
            if self.running[name].poll() is not None:
                self.count[f"{name} ended by itself"] += 1
                self.start(name)


@contextmanager
def oddly(upstream: str, is_odd: Callable[[], bool]) -> Iterator[str]:
    """A gate before a server that answers oddly while it is to, before or after the server did."""
    from tests.peppol.fault_proxy import FaultProxy, gate_before

    whole = FaultProxy.pass_on

    def pass_on(self: FaultProxy, *request: Any) -> tuple[int, Any, bytes]:
        if is_odd() and random.random() < 0.3:
            return (*_headed(random.choice(_ODD)),)
        answer = whole(self, *request)
        return (*_headed(random.choice(_ODD)),) if is_odd() and random.random() < 0.2 else answer

    with gate_before(upstream) as (gate, url):
        gate.pass_on = pass_on.__get__(gate)  # type: ignore[method-assign]
        yield url


def _headed(answer: tuple[int, bytes]) -> tuple[int, Any, bytes]:
    return answer[0], [("Location", "http://127.0.0.1:1/")], answer[1]


def run(scale: float, seconds: float) -> dict[str, Any]:
    """Let it storm for `seconds`, then wait for what is still under way."""
    receiver, over = Receiver(), threading.Event()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        house = Storm(_small_disk(folder, stack), port)
        _serve_redis(house, folder, stack)
        os.environ |= house.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        base = f"http://127.0.0.1:{port}/sandbox"
        for name, path in (("SMP_URL", "smp"), ("ACCESS_POINT_URL", "ap")):
            url = stack.enter_context(oddly(f"{base}/{path}", lambda: not over.is_set()))
            house.environment[name] = url
        house.call("tests.chaos.load", "prepare", str(scale), receiver.url)
        for name in ("web", "worker", "beat"):
            house.start(name)
            stack.callback(house.kill, name)
        client = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.load", "work", str(scale)],
            cwd=ROOT,
            env=house.environment,
            stderr=(folder / "client.err").open("ab"),
        )
        stack.callback(client.kill)
        _storm(house, time.monotonic() + seconds)
        over.set()
        outcome = _settle(house, scale, client)
        ids = Counter(one.headers["webhook-id"] for one in list(receiver.received))
        outcome["events"] = {"got": len(ids), "repeated": sum(ids.values()) - len(ids)}
        outcome["trouble"] = dict(house.count)
        outcome["client"] = client.poll()
        for log in folder.glob("*.err"):
            sys.stderr.write(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}\n")
    receiver.close()
    return outcome


def _storm(house: Storm, ends: float) -> None:
    troubles = (house.kill_one, house.kill_one, house.fill_disk, house.freeze_redis)
    while time.monotonic() < ends:
        trouble = random.choice(troubles)
        trouble()
        house.count[trouble.__name__] += 1
        house.revive()
        time.sleep(random.uniform(4, 10))


def _settle(house: Storm, scale: float, client: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Wait until nothing is under way any more, or patience ends."""
    ends = time.monotonic() + PATIENCE
    while True:
        house.revive()
        outcome: dict[str, Any] = json.loads(house.call("tests.chaos.load", "account", str(scale)))
        asked = client.poll() is not None
        if (asked and not any(outcome["stuck"].values())) or time.monotonic() > ends:
            time.sleep(5)  # for the last webhooks
            return outcome
        time.sleep(5)


def _small_disk(folder: Path, stack: ExitStack) -> Path:
    """A small file system that can be filled, where we may make one."""
    place = folder / "data"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
        stack.callback(subprocess.run, ["umount", "-l", str(place)], check=False)
    return place


def _serve_redis(house: Storm, folder: Path, stack: ExitStack) -> None:
    server = shutil.which("redis-server")
    if server is None or not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        house.environment.pop("REDIS_URL", None)
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    house.environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    house.running["redis"] = subprocess.Popen(
        [server, "--port", str(port), "--dir", str(folder), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    stack.callback(house.running["redis"].kill)
    time.sleep(1)


def is_clean(outcome: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled or stuck, and few events came twice."""
    found = (count for name in ("lost", "doubled", "stuck") for count in outcome[name].values())
    events = outcome["events"]
    return (
        not any(found)
        and outcome["client"] == 0
        and events["repeated"] <= max(1, events["got"] // 100)
    )
