"""An installation for the benchmark: a database of its own, endpoints, and its workers."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from tests.benchmarks.webhooks import receiver

if TYPE_CHECKING:
    from tenants.models import Organization

ROOT = Path(__file__).resolve().parents[3]
CONCURRENCY = 50


@contextmanager
def prepared(*, embedded: bool) -> Iterator[None]:
    """Django on a new database: SQLite and files if `embedded`, else what the environment names.

    One process can do this once only.
    """
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ |= {
            "GATEHOUSE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
            "CELERY_LOG_LEVEL": "ERROR",
        }
        if embedded:
            os.environ.pop("DATABASE_URL", None)
            os.environ.pop("REDIS_URL", None)
        elif "DATABASE_URL" in os.environ:
            url = os.environ["DATABASE_URL"]
            os.environ["DATABASE_URL"] = stack.enter_context(_database_beside(url))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from tenants.row_security import show_everything

        show_everything()
        stack.callback(connections.close_all)
        call_command("migrate", verbosity=0)
        yield


@contextmanager
def _database_beside(url: str) -> Iterator[str]:
    """A new database on the same server, gone afterwards."""
    import psycopg
    from psycopg import sql

    name = f"benchmark_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            drop = sql.SQL("drop database {} with (force)")
            server.execute(drop.format(sql.Identifier(name)))


@contextmanager
def processes(*commands: Sequence[str]) -> Iterator[None]:
    """Python processes of the installation, for as long as the block lasts."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()


def worker(concurrency: int = 4) -> Sequence[str]:
    """The worker as the Procfile or, embedded, as quickstart starts it."""
    pool = "prefork" if "REDIS_URL" in os.environ else "threads"
    return (
        "celery",
        "-A",
        "config",
        "worker",
        "--pool",
        pool,
        "--concurrency",
        str(concurrency),
        "--without-gossip",
        "--without-mingle",
        "--loglevel",
        "ERROR",
    )


BEAT = ("celery", "-A", "config", "beat", "--loglevel", "ERROR")


def companies(kinds: Sequence[str]) -> list["Organization"]:
    """A platform with a company and an endpoint at the receiver for each of `kinds`."""
    from tenants.actors import Actor
    from tenants.services import organizations
    from webhooks.services import endpoints

    by = Actor.system("benchmark")
    platform = organizations.create("platform", {"name": "Benchmark"}, by=by)
    made = []
    for n, kind in enumerate(kinds):
        company = organizations.create_company(platform, {"name": f"C{n}"}, by=by)
        url = f"{receiver.URL}/{kind}/{n}"
        endpoint, _ = endpoints.create(company, url=url, event_types=["company.updated"], by=by)
        endpoints.update(endpoint, {"concurrency": CONCURRENCY, "timeout_seconds": 5}, by=by)
        made.append(company)
    return made


def happen(concerned: Sequence["Organization"], count: int) -> None:
    """Record and distribute `count` events over the companies, without a word to any worker."""
    from unittest.mock import patch

    from tenants import background, events
    from tenants.actors import Actor
    from webhooks.services import distribution

    with patch.object(background, "_send", lambda work: None):
        for n in range(count):
            company = concerned[n % len(concerned)]
            events.record(company, "company.updated", by=Actor.system("benchmark"))
        while distribution.distribute():
            pass
