"""`manage.py web`: answer requests, with as many processes as `WEB_CONCURRENCY` says."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import startup
from config.checks import several_processes


class Command(BaseCommand):
    """Starts granian in this process's place. Every way of deployment starts it by this."""

    help = "Answer requests, with as many processes as WEB_CONCURRENCY says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")

    def handle(self, *args: Any, **options: Any) -> None:
        for problem in several_processes():
            raise CommandError(f"{problem.msg} ({problem.id})")
        # Here, for a process of the server that ends is only started again.
        startup.prepare_or_exit()
        os.execv(sys.executable, command(options["host"], options["port"]))  # noqa: S606


def command(host: str, port: str) -> list[str]:
    """What starts the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port),
        *("--workers", str(settings.WEB_CONCURRENCY), "--respawn-failed-workers"),
        "config.wsgi:application",
    ]
