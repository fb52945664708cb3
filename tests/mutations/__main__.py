"""Runs the sweep.

    DATABASE_URL=postgres://… python -m tests.mutations [--list] [--only TEXT] [--every N]

By hand or at night. It takes some minutes, and ends with 1 when anything leaks.
"""

import argparse
import os
import sys

import pytest  # settings take its presence for that of a test

from tests.mutations.filters import build_switches_in, filters

assert pytest


def main() -> int:
    """Take each chosen filter away; how it went, as an exit code."""
    options = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    options.add_argument("--list", action="store_true", help="name the filters, take none away")
    options.add_argument("--only", default="", help="those whose place or text contains this")
    options.add_argument("--every", type=int, default=1, help="each n-th of them")
    options.add_argument("--from", type=int, default=0, dest="first", help="from this number on")
    options.add_argument("--further", action="store_true", help="the calls written by hand alone")
    options.add_argument("--processes", type=int, default=2)
    given = options.parse_args()
    numbered = enumerate(filters())
    chosen = [n for n, one in numbered if given.only in str(one)][given.first :: given.every]
    if given.list:
        print(*(filters()[n] for n in chosen), sep="\n")
        return 0
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Only PostgreSQL has a second wall: set DATABASE_URL.")
    # Every process counts and remembers by itself.
    os.environ.pop("REDIS_URL", None)
    switches = build_switches_in()
    prepared = _prepare()
    from tests.mutations.sweep import sweep

    return sweep(prepared, switches, chosen, given.processes, only_further=given.further)


def _prepare() -> str:
    """Django as an ordinary role, on a test database with all migrations; its name."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment

    from tests import ordinary_role

    ordinary_role.become_ordinary()
    setup_test_environment(debug=False)
    setup_databases(verbosity=0, interactive=False, keepdb=False)
    name = connection.settings_dict["NAME"]
    connection.close()
    return str(name)


if __name__ == "__main__":
    sys.exit(main())
