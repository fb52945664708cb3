"""Processes of the product that start at once, forked from one that has everything loaded.

Tests that kill workers by the dozen would spend most of their time on starting them.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from django.db import connection


class ForkServer:
    """A process that waits with the product loaded; what it is told to run, a fork of it runs.

    `environment` is that of all of them. They work on the test's database and embedded broker.
    """

    def __init__(self, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server"],
            env={**os.environ, "DATABASE_URL": _database_url(), "REDIS_URL": "", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def start(self, code: str) -> int:
        """Run a line of Python in a process of its own, and return that process's id."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{code}\n")
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=60)


def kill(process: int) -> None:
    """End a process without notice."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    wait(process, 60)


def wait(process: int, seconds: float) -> None:
    """Come back once the process is gone."""
    deadline = time.monotonic() + seconds
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.kill(process, 0)
            time.sleep(0.01)
        raise AssertionError(f"{process} is still there after {seconds} s")


def _database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    port = f":{database['PORT']}" if database["PORT"] else ""
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    who = f"{database['USER']}{secret}@" if database["USER"] else ""
    return f"postgres://{who}{database['HOST']}{port}/{database['NAME']}"


def _main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.celery import app

    app.loader.import_default_modules()
    from tenants.row_security import everything

    # Whoever ends leaves nothing behind, though nobody asks how it ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for code in sys.stdin:
        process = os.fork()
        if not process:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            with everything():
                exec(code, {})  # noqa: S102 — a test wrote it
            os._exit(0)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
