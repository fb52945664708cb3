"""A PostgreSQL database that nobody has touched yet is made ready by the one command."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.ordinary_role import ON_POSTGRESQL

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [*ON_POSTGRESQL, pytest.mark.slow, pytest.mark.timeout(300)]
PREPARE = "from config.management.commands import quickstart; quickstart.prepare(with_demo=False)"


@pytest.fixture
def empty():
    """The address of an empty database of this role's."""
    given = connection.settings_dict
    name = f"{given['NAME']}_empty"
    address = {n.lower(): given[n] for n in ("USER", "PASSWORD", "HOST", "PORT") if given[n]}
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as server:
        drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        where = f"{given['HOST'] or '127.0.0.1'}:{given['PORT'] or 5432}"
        yield f"postgres://{given['USER']}:{given['PASSWORD']}@{where}/{name}"
        server.execute(drop)


def test_quickstart_begins_with_an_empty_database(empty, tmp_path):
    environment = {**os.environ, "DATABASE_URL": empty, "GATEHOUSE_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "shell", "-c", PREPARE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=280)
    assert done.returncode == 0, done.stderr.decode()[-500:]
