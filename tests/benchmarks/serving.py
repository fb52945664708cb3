"""Servers of the benchmarks, and clients that ask as fast as they are answered."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

THREADS, READY_WITHIN = 4, 60.0
ROOT = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


def environment(directory: Path, **more: str) -> dict[str, str]:
    """Variables of a process that works in `directory` and knows no other installation."""
    foreign = ("DATABASE_URL", "REDIS_URL", "GATEHOUSE_", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    ours = {"GATEHOUSE_DATA_DIR": str(directory), "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"}
    return {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **ours, **more}


@dataclass(frozen=True)
class Server:
    """A server under way: its port, and the process that its workers are children of."""

    port: int
    pid: int

    def seconds(self) -> float:
        """CPU seconds that it and its children have taken."""
        return sum(_ticks(pid) for pid in (self.pid, *_children(self.pid))) / _TICKS


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


@contextmanager
def served(module: str, path: str, variables: Mapping[str, str]) -> Iterator[Server]:
    """Serve this WSGI module on a free port, from the moment `path` is answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["granian", "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", str(THREADS), "--no-log", f"{module}:application"]
    server = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=dict(variables))
    try:
        deadline = time.monotonic() + READY_WITHIN
        while not _answers(port, path):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The server of {module} did not start.")
            time.sleep(0.1)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(10)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return bool(connection.getresponse().read())
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@dataclass(frozen=True)
class Call:
    """A request that is made again and again; `bodies` are taken one after the other."""

    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    bodies: Iterator[str] | None = None

    def make(self, connection: http.client.HTTPConnection) -> None:
        """Make it once. Raises SystemExit at anything but success."""
        if self.bodies is None:
            connection.request("GET", self.path, headers=dict(self.headers))
        else:
            headers = {**self.headers, "Content-Type": "application/json"}
            connection.request("POST", self.path, body=next(self.bodies), headers=headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"{self.path} answered {answer.status}: {said[:200]!r}")


def measure(call: Call, seconds: float) -> tuple[float, float]:
    """Requests per second that `THREADS` clients get answered, and the server's CPU
    milliseconds for each."""
    begun, spent = time.monotonic(), call.server.seconds()
    counts, refused = [0] * THREADS, list[str]()

    def client(n: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", call.server.port, timeout=20)
        try:
            while time.monotonic() < begun + seconds and not refused:
                call.make(connection)
                counts[n] += 1
        except (OSError, http.client.HTTPException, SystemExit) as error:
            refused.append(str(error) or type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise SystemExit(refused[0])
    total = sum(counts)
    return total / (time.monotonic() - begun), (call.server.seconds() - spent) / total * 1000
