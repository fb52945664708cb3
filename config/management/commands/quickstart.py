"""`manage.py quickstart`: from nothing to a running portal with a sandbox world."""

import json
import logging
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config import quickstart_options, startup
from config.outages import sentence_of
from config.sandbox import demo_data
from config.settings.installation import RUNNING_AT
from config.supervisor import Child, Supervisor
from peppol.access_point.dialects import access_point_address
from peppol.smp.dialects import smp_address
from tenants.models import Organization

_READY_WITHIN = 60.0
# What a new database takes, and some work.
_ROOM = 32 * 1024 * 1024
_LONG_LOG = 10 * 1024 * 1024


class Command(BaseCommand):
    """Migrates, makes a sandbox world, and runs web, worker and beat until Ctrl-C."""

    help = (
        "Starts a complete sandbox installation: database, demo data, web server, Celery worker "
        "and beat. Credentials are written to <data-dir>/credentials.json. Run it again on the "
        "same data directory to go on with it. PEPPOL_NETWORK, SMP_URL and what else "
        "docs/network.md tells make it speak with a real SMP."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        quickstart_options.declare(parser)
        parser.add_argument("--no-demo", action="store_true", help="Make no sandbox world.")

    def handle(
        self, *, host: str, port: int, data_dir: Path | None, no_demo: bool, **_: Any
    ) -> None:
        begin_again_with_settings(host, port, data_dir)
        refuse_taken_port(host, port)
        # What is said here is for people; what is done can be read in the log.
        logging.disable(logging.INFO)
        self.stdout.write("Preparing the database …")
        self.stdout.flush()
        # Nobody made up is put on a network of real companies.
        with_demo = settings.PEPPOL_NETWORK == "sandbox" and not no_demo
        credentials = prepare(with_demo=with_demo)
        supervisor = Supervisor(children(host, port), os.environ, excused=is_full, log=begin_log())
        supervisor.start()
        RUNNING_AT.write_text(f"{os.getpid()} {settings.BASE_URL}")
        try:
            wait_until_ready(supervisor)
            self.introduce(credentials)
            failed = supervisor.watch()
        finally:
            RUNNING_AT.unlink(missing_ok=True)
            supervisor.stop()
        self.stdout.write("Stopped.")
        if failed:
            raise CommandError(f"A process keeps dying. {last_words()}")

    def introduce(self, credentials: dict[str, Any] | None) -> None:
        """Say where everything is and how to get in."""
        lines = [
            "",
            f"  Gatehouse is running at {settings.BASE_URL}",
            "",
            f"  Portal      {settings.BASE_URL}/portal/",
            f"  Admin       {settings.BASE_URL}/admin/",
            f"  APIs        {settings.BASE_URL}/api/docs/",
            f"  Network     {settings.PEPPOL_NETWORK}, SMP {smp_address()}",
        ]
        if credentials:
            reseller, staff = credentials["reseller"], credentials["staff"]
            lines += [
                "",
                f"  Reseller    {reseller['email']}  {reseller['password']}",
                f"  Operator    {staff['email']}  {staff['password']}",
                f"  API keys    {credentials_path()}",
            ]
        lines += ["", f"  Log         {log_path()}"]
        self.stdout.write("\n".join([*lines, "", "  Ctrl-C stops everything.", ""]))
        self.stdout.flush()


def begin_again_with_settings(host: str, port: int, data_dir: Path | None) -> None:
    """Settings are read when the process starts: start anew when the options want others.

    `manage.py` has heeded them already; whoever calls the command otherwise has not.
    """
    wanted = quickstart_options.environment(
        Namespace(host=host, port=port, data_dir=data_dir), os.environ
    )
    if all(os.environ.get(variable) == value for variable, value in wanted.items()):
        return
    os.environ.update(wanted)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 — our own command line


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError when somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --port."
            ) from None


def prepare(*, with_demo: bool) -> dict[str, Any] | None:
    """Make the database and its world. Raises CommandError where there is no room for them."""
    try:
        startup.find_room(room=_ROOM)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        # What is shared is proved by rows, which a new database has no tables for.
        startup.prepare()
        return prepare_world() if with_demo else None
    except startup.CannotStart as error:
        raise CommandError(f"Gatehouse does not start: {error}") from None
    except (DatabaseError, OSError) as error:
        if not (outage := sentence_of(error)):
            raise
        raise CommandError(f"Gatehouse does not start: {outage} ({settings.DATA_DIR})") from None


def is_full() -> bool:
    """Whether nothing can be written at the moment, so that no process would start."""
    return any(startup.trouble_with(folder) for folder in startup.folders())


def prepare_world() -> dict[str, Any]:
    """The credentials of the sandbox world, which is made if there is none yet."""
    path = credentials_path()
    if Organization.objects.exists():
        if not path.exists():
            raise CommandError(
                f"{path} is missing, and the secrets in it cannot be read again. "
                "Use another --data-dir, or --no-demo."
            )
        return write_credentials(json.loads(path.read_text()))
    return write_credentials(demo_data.create(settings.BASE_URL))


def write_credentials(credentials: dict[str, Any]) -> dict[str, Any]:
    """Write the file as a whole, readable by its owner alone; addresses are today's."""
    credentials |= {
        "base_url": settings.BASE_URL,
        "portal": {"url": f"{settings.BASE_URL}/portal/", **credentials["reseller"]},
        "admin": {"url": f"{settings.BASE_URL}/admin/", **credentials["staff"]},
        "sandbox": {
            "smp_url": smp_address(),
            "access_point_url": access_point_address(),
            "directory_url": settings.DIRECTORY_URL,
        },
    }
    path = credentials_path()
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(credentials, indent=2) + "\n")
    draft.replace(path)
    return credentials


def credentials_path() -> Path:
    """Where the sandbox world's credentials are."""
    return Path(settings.DATA_DIR) / "credentials.json"


def log_path() -> Path:
    """Where web, worker and beat write what they do."""
    return Path(settings.DATA_DIR) / "gatehouse.log"


def begin_log() -> Path:
    """The log to write to; a long one of earlier days is put aside, once."""
    log = log_path()
    if log.exists() and log.stat().st_size > _LONG_LOG:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log


def last_words() -> str:
    """Where the log is, and how it ends."""
    lines = log_path().read_text(errors="replace").splitlines()[-20:]
    return "\n".join([f"The log is {log_path()}, and ends with:", *lines])


def children(host: str, port: int) -> list[Child]:
    """The three processes. One web process, so that limits counted in memory are exact."""
    python = (sys.executable, "-m")
    web = (
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        "16",
        "--respawn-failed-workers",
        "--log-level",
        "warning",
        "config.wsgi:application",
    )
    worker = (
        "celery",
        "-A",
        "config",
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        "4",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        "--loglevel",
        "WARNING",
    )
    beat = ("celery", "-A", "config", "beat", "--loglevel", "WARNING")
    return [
        Child(name, (*python, *command))
        for name, command in (("web", web), ("worker", worker), ("beat", beat))
    ]


def wait_until_ready(supervisor: Supervisor) -> None:
    """Return once web and worker answer. Raises CommandError when they do not in time."""
    deadline = time.monotonic() + _READY_WITHIN
    url = f"{settings.BASE_URL}/health/readiness"
    while time.monotonic() < deadline and not supervisor.stopping.wait(0.3):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 — our own address
                return
        except (urllib.error.URLError, OSError):
            continue
    if not supervisor.stopping.is_set():
        raise CommandError(f"The site did not become ready in time. {last_words()}")
