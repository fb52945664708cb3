"""Real Celery workers on the test's database: started, nudged, and killed without notice."""

import shutil
import time
from pathlib import Path

from celery import Celery
from django.conf import settings as project

from peppol.sandbox import authority
from tests import fork_server
from tests.fork_server import ForkServer
from tests.peppol.fault_proxy import FaultProxy

PATIENCE = 90
_WORKER = ["worker", "--pool=solo", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]


class Workers:
    """Starts workers on the test's database, nudges them, and kills them."""

    def __init__(
        self, folder: Path, smp_url: str, *, task: str = "peppol.register", **environment: str
    ) -> None:
        self.task = task
        self.workers: list[int] = []
        keys = folder / "keys"
        keys.mkdir(parents=True)
        authority.bundle()
        shutil.copy(Path(project.DATA_DIR) / "keys" / "sandbox-network.json", keys)
        self.nursery = ForkServer(
            GATEHOUSE_DATA_DIR=str(folder),
            SMP_URL=smp_url,
            SMP_TOKEN=project.SMP_TOKEN,
            ACCESS_POINT_AS4_URL=project.ACCESS_POINT_AS4_URL,
            **environment,
        )
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
        code = f"from config.celery import app; app.worker_main({_WORKER})"
        self.workers.append(self.nursery.start(code))
        self.nudge()

    def nudge(self) -> None:
        """Do what the sweeper does."""
        self.messenger.send_task(self.task, ignore_result=True)

    def kill_at(self, gate: FaultProxy, call: int, when: str) -> None:
        """Have a new worker come as far as `call` (from 0) through the gate, and no further.

        What one turn does not come to falls to the next, so it is nudged until it is there.
        """
        gate.shut(call, when)
        self.start()
        deadline = time.monotonic() + PATIENCE
        while not gate.reached.wait(1):
            assert time.monotonic() < deadline, f"no worker came to call {call}: {gate.seen}"
            self.nudge()
        self.kill()
        gate.open()

    def kill(self) -> None:
        """Kill the worker that was started first."""
        if self.workers:
            fork_server.kill(self.workers.pop(0))

    def disband(self) -> None:
        while self.workers:
            self.kill()
        self.nursery.close()
