"""Real Celery workers on the test's database: started, nudged, and killed without notice."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from celery import Celery
from django.conf import settings as project
from django.db import connection

from peppol.sandbox import authority


class Crew:
    """Starts workers on the test's database, nudges them, and kills them."""

    def __init__(
        self, folder: Path, smp_url: str, *, task: str = "peppol.register", **environment: str
    ) -> None:
        self.task = task
        self.workers: list[subprocess.Popen[bytes]] = []
        keys = folder / "keys"
        keys.mkdir(parents=True)
        authority.bundle()
        shutil.copy(Path(project.DATA_DIR) / "keys" / "sandbox-network.json", keys)
        self.environment = {
            **os.environ,
            "GATEHOUSE_DATA_DIR": str(folder),
            "DATABASE_URL": _database_url(),
            "REDIS_URL": "",
            "SMP_URL": smp_url,
            "SMP_TOKEN": project.SMP_TOKEN,
            "ACCESS_POINT_AS4_URL": project.ACCESS_POINT_AS4_URL,
            **environment,
        }
        messages = folder / "queue" / "messages"
        control = folder / "queue" / "control"
        for place in (messages, control):
            place.mkdir(parents=True)
        self.messenger = Celery("test", broker="filesystem://", set_as_current=False)
        self.messenger.conf.broker_transport_options = {
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(control),
        }

    def start(self) -> None:
        """Start another worker, and nudge it."""
        options = ["--pool=solo", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", *options],
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        self.workers.append(worker)
        self.nudge()

    def nudge(self) -> None:
        """Do what the sweeper does."""
        self.messenger.send_task(self.task, ignore_result=True)

    def kill(self) -> None:
        """Kill the worker that was started first."""
        if self.workers:
            worker = self.workers.pop(0)
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)

    def disband(self) -> None:
        while self.workers:
            self.kill()


def _database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    port = f":{database['PORT']}" if database["PORT"] else ""
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    who = f"{database['USER']}{secret}@" if database["USER"] else ""
    return f"postgres://{who}{database['HOST']}{port}/{database['NAME']}"
