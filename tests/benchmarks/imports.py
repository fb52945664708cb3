"""How many lines of a file of companies are checked and imported a second, registrations apart.

    python -m tests.benchmarks.imports [lines]

One process does what the worker does, turn after turn, and nothing else runs beside it.
`DATABASE_URL` chooses the database (emptied!); without it, SQLite in a directory of its own.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TITLES = ["Name", "Company number", "Street and number", "Postal code", "City", "E-mail address"]


def set_up() -> None:
    """Make this process the portal, on an empty database."""
    place = Path(tempfile.mkdtemp(prefix="imports-"))
    os.environ.update(GATEHOUSE_DATA_DIR=str(place), REDIS_URL="", LOG_LEVEL="ERROR")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{place / 'portal.db'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from tenants.row_security import show_everything

    show_everything()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)


def number(index: int) -> str:
    """A Belgian enterprise number whose check digits are right."""
    stem = 4_000_000 + index
    return f"0{stem:07}{97 - stem % 97:02}"


def lines(count: int) -> Iterator[list[str]]:
    for index in range(count):
        email = f"info@company{index}.example"
        yield [f"Company {index}", number(index), f"Street {index}", "9000", "Gent", email]


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print how many lines a second the block did, and how long this process was busy."""
    began, busy = time.perf_counter(), time.process_time()
    yield
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    print(
        f"{what:10}{count / seconds:8.0f} lines/s  ({seconds:.1f} s, of which this process was"
        f" busy {busy:.1f})",
        flush=True,
    )


def import_lines(count: int) -> None:
    """Bring in a file of `count` lines, from its rows to its end."""
    from peppol.models import CompanyImport
    from peppol.services.imports import imports, uploads, worker
    from peppol.spreadsheets import Sheet
    from tenants import background
    from tenants.actors import Actor
    from tenants.models import Organization
    from tenants.services import organizations

    by, options = Actor.system("benchmark"), {"register": False, "with_keys": False}
    _keep_still(background)
    profile = {"name": "Acme", "country": "BE"}
    platform = organizations.create(Organization.Kind.PLATFORM, profile, by=by)
    sheet = Sheet(TITLES, list(lines(count)), list(range(2, count + 2)))
    with timed("kept", count):
        batch = uploads.receive(platform, "list.csv", sheet, by=by)
    with timed("checked", count):
        batch = imports.check(batch, batch.mapping, by=by, **options)
    imports.start(batch, by=by)
    with timed("imported", count):
        while CompanyImport.objects.running().exists():
            worker.advance()
    made = Organization.objects.under(platform).count()
    assert made == count, f"{made} of {count} companies were made."


def _keep_still(background: Any) -> None:
    """Nobody is there to be woken."""

    def nobody(*_names: str) -> None:
        pass

    background.wake = nobody


def main() -> None:
    set_up()
    import_lines(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)


if __name__ == "__main__":
    main()
