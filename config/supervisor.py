"""Starts the processes of an installation, keeps them running and stops them together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

# A process that ends this soon after it was started, this often, is not worth another try.
_SOON, _MOST_FAILURES = 5.0, 5
_PATIENCE = 15.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process: its name, its command, and how often it died young."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0


@dataclass
class Supervisor:
    """A few processes that live and end together."""

    children: Sequence[Child]
    environment: Mapping[str, str]
    stopping: threading.Event = field(default_factory=threading.Event)
    # Whether something that passes, such as a full disk, keeps any process from starting now.
    excused: Callable[[], bool] = lambda: False
    # Where they write what they do; with none, they say it where we do.
    log: Path | None = None

    def start(self) -> None:
        """Start all processes, and end them with ours on Ctrl-C or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        for child in self.children:
            self._launch(child)

    def watch(self) -> int:
        """Wait until told to stop; restart what dies. 0, or 1 if something keeps dying."""
        while not self.stopping.wait(0.2):
            for child in self.children:
                if not child.process or child.process.poll() is None or self.excused():
                    continue
                if not self._revive(child):
                    return 1
        return 0

    def stop(self) -> None:
        """End all processes and wait for them, with patience and then without."""
        running = [c.process for c in self.children if c.process and c.process.poll() is None]
        for process in running:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait(5)

    def _launch(self, child: Child) -> None:
        child.started_at = time.monotonic()
        with self.log.open("ab") if self.log else nullcontext() as log:
            child.process = subprocess.Popen(
                child.command,
                env=dict(self.environment),
                stdout=log,
                stderr=log and subprocess.STDOUT,
                # Ctrl-C in a terminal goes to us alone, and we end the others in good order.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def _revive(self, child: Child) -> bool:
        young = time.monotonic() - child.started_at < _SOON
        child.failures = child.failures + 1 if young else 0
        if child.failures >= _MOST_FAILURES:
            return False
        self._launch(child)
        return True

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def _end_with_parent() -> None:
    """Have the kernel end this process when its parent is gone, even by kill -9."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a process and, when it is to be killed, whatever it started."""
    try:
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        pass
