"""What is answered while something that passes is out of order: come again, at once, in words."""

import errno
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, connection
from redis.exceptions import ConnectionError as RedisGone

from apikeys import moving_windows, throttling
from config import health, outages
from config.api.kit.people import issue_token
from config.supervisor import Child, Supervisor
from peppol.models import Document
from tenants import background
from tenants.database_waits import no_longer_than, watch_new_connection
from tenants.files import WholeFiles
from tenants.models import Event, Organization, User
from tests.api.resellers import Reseller
from tests.fork_server import _database_url
from tests.peppol.test_documents import forward, message
from tests.peppol.trading import registered

ROOT = Path(__file__).resolve().parents[2]
# Of each vendor, a call that writes, and where its envelope says what is wrong.
WRITES = {
    "einvoice": ("/api/admin/tenants", {"name": "late"}, "detail"),
    "fiskaly": (
        "/api/v0/organizations",
        {"name": "Late", "address_line1": "a", "zip": "1", "town": "t", "country_code": "AUT"},
        "message",
    ),
    "goroute": ("/api/v1/organizations", {"name": "Late", "country": "BE"}, "message"),
    "flowie": ("/v1/platform/companies", {"name": "Late", "vatNumber": "FR1234567"}, "message"),
    "invora": (
        "/api/identity/v2/registration/complete-profile",
        {"businessName": "Late", "country": "SA", "capabilities": ["BUSINESS_CAPABILITY_BILLING"]},
        "message",
    ),
}


class _Watch(threading.Thread):
    """A supervisor at work in a thread; closing it stops its processes."""

    def __init__(self, supervisor):
        super().__init__(target=supervisor.watch)
        self.supervisor = supervisor
        for child in supervisor.children:
            supervisor._launch(child)
        self.start()

    def close(self):
        self.supervisor.stopping.set()
        self.join()
        self.supervisor.stop()


def failed_by(cause):
    """The error that Django makes of a driver's."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def sqlite_error(code):
    error = sqlite3.OperationalError("from SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (failed_by(sqlite_error(sqlite3.SQLITE_BUSY)), "locked"),
        (failed_by(sqlite_error(sqlite3.SQLITE_FULL)), "full"),
        (failed_by(sqlite_error(sqlite3.SQLITE_IOERR_WRITE)), "disk"),
        (OSError(errno.ENOSPC, "No space left on device"), "full"),
        (OSError(errno.EROFS, "Read-only file system"), "Read-only"),
        (RedisGone("gone"), "Redis"),
    ],
)
def test_what_passes_is_known_by_its_error(error, said):
    assert said in outages.sentence_of(error)


@pytest.mark.parametrize(
    "error",
    [
        failed_by(sqlite_error(sqlite3.SQLITE_ERROR)),
        FileNotFoundError(errno.ENOENT, "No such file"),
        ValueError("ours"),
    ],
)
def test_a_mistake_of_ours_does_not_pass(error):
    assert not outages.is_passing(error)


# --- The database ---------------------------------------------------------------------------------
@pytest.fixture
def held_database(transactional_db):
    """A switch: somebody else's transaction holds the database, and we wait half a second."""
    stack = []

    def hold():
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                own = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
                own.execute("begin immediate")
                cursor.execute("pragma busy_timeout = 500")
            else:
                own = psycopg.connect(_database_url())
                own.execute("lock table tenants_organization, peppol_document in exclusive mode")
                cursor.execute("set statement_timeout = 500")
        stack.append(own)

    yield hold
    for own in stack:
        own.close()
    connection.close()


def test_while_the_database_is_held_every_surface_says_come_again(held_database, client):
    """It used to be a 500, after twenty seconds."""
    reseller = Reseller("one")
    signed = {vendor: reseller.headers(vendor) for vendor in WRITES}
    newcomer = User.objects.create_user("late@newcomer.example", "pass-word-1")
    signed["invora"] = {"Authorization": f"Bearer {issue_token(newcomer)}"}
    before = Organization.objects.count(), Event.objects.count()
    client.raise_request_exception = False
    held_database()
    for vendor, (path, body, said) in WRITES.items():
        began = time.monotonic()
        answer = client.post(path, body, content_type="application/json", headers=signed[vendor])
        assert answer.status_code == 503, (vendor, answer.content)
        assert answer["Retry-After"] and time.monotonic() - began < 3
        assert "not available" in answer.json()[said]
    assert (Organization.objects.count(), Event.objects.count()) == before


def test_what_arrives_while_the_database_is_held_is_asked_for_again(
    held_database, client, settings, rivals_company
):
    registered(rivals_company, "0208:0202239951")
    client.raise_request_exception = False
    held_database()
    answer = forward(client, settings, message("0208:0202239951"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "errorMessage" in answer.json() and "retry" not in answer.json()
    assert not Document.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has one writer at a time")
def test_readiness_says_that_the_database_is_locked(held_database, client, monkeypatch):
    monkeypatch.setattr(health, "_last", (0.0, {}))
    assert client.get("/health/readiness").json()["checks"]["database"]["ok"] is True
    monkeypatch.setattr(health, "_last", (0.0, {}))
    held_database()
    answer = client.get("/health/readiness")
    assert answer.status_code == 503 and answer["Retry-After"]
    assert "locked" in answer.json()["checks"]["database"]["detail"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is no server")
def test_a_silent_server_is_given_up_and_the_next_connection_works(transactional_db, settings):
    settings.ANSWERS_REQUESTS = True
    connection.close()
    with connection.cursor() as cursor:
        watch_new_connection(connection)
        began = time.monotonic()
        with pytest.raises(OperationalError, match="silent"), no_longer_than(0.5):
            cursor.execute("select pg_sleep(8)")
        assert time.monotonic() - began < 2
    connection.close()
    assert not Organization.objects.exists()


# --- Redis ----------------------------------------------------------------------------------------
@pytest.fixture
def silence():
    """The port of a server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def test_behind_a_silent_redis_a_request_goes_on_within_a_second(silence, settings, monkeypatch):
    """It used to wait without end, and the next one again."""
    settings.RATE_LIMIT_STORAGE = settings.REDIS_URL = f"redis://127.0.0.1:{silence}/0"
    monkeypatch.setattr(background, "_quiet_until", 0.0)
    moving_windows.limiter.cache_clear()
    try:
        began = time.monotonic()
        assert throttling.admit("somebody", per_minute=5).admitted
        # A server that stays silent would be waited for without end.
        assert time.monotonic() - began < 10
        began = time.monotonic()
        for _ in range(20):
            assert throttling.admit("somebody", per_minute=5).admitted
        assert time.monotonic() - began < 0.2
        assert "Redis" in health._broker().detail
    finally:
        moving_windows.limiter.cache_clear()


ANNOUNCE = """
import config.wsgi, time
from celery import current_app
from tenants import background
background.listen("x", "tenants.mail")
began = time.monotonic()
background._send("x"); background._send("x")
print(time.monotonic() - began)
"""


@pytest.mark.slow
def test_work_is_announced_to_a_silent_redis_for_half_a_second_at_most(silence, tmp_path):
    done = _started(tmp_path, ANNOUNCE, REDIS_URL=f"redis://127.0.0.1:{silence}/0")
    assert float(done.stdout.splitlines()[-1]) < 10, done.stderr


# --- The disk -------------------------------------------------------------------------------------
class CutShort(ContentFile):
    """A file for whose second half there is no room."""

    def chunks(self, chunk_size=None):
        yield b"the first half"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_without_room_leaves_nothing_behind(tmp_path):
    """The half that was written used to stay under the file's name."""
    storage = WholeFiles(location=tmp_path)
    with pytest.raises(OSError, match="No space"):
        storage.save("a/b.xml", CutShort(b""))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert storage.save("a/b.xml", ContentFile(b"whole")) == "a/b.xml"
    assert storage.save("a/b.xml", ContentFile(b"other")) != "a/b.xml"
    assert (tmp_path / "a/b.xml").read_bytes() == b"whole"


@pytest.mark.parametrize("code", ["import config.wsgi", "import config.settings"])
def test_a_start_without_room_says_so_in_one_line(code, tmp_path):
    """It used to end in a traceback after half a minute."""
    done = _started(tmp_path, code, GATEHOUSE_DATA_DIR="/proc/nowhere")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "does not start" in done.stderr


def _started(place, code, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    known = {"GATEHOUSE_DATA_DIR": str(place / "var"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, **known, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_process_that_finds_no_room_is_started_again_once_there_is_some(tmp_path):
    """Five of its deaths used to take the whole installation down."""
    room = tmp_path / "room"
    command = ("sh", "-c", f"test -e {room} && exec sleep 60")
    supervisor = Supervisor([Child("one", command)], os.environ, excused=lambda: not room.exists())
    with closing(_Watch(supervisor)) as watch:
        time.sleep(2)
        assert watch.is_alive() and supervisor.children[0].failures == 0
        room.touch()
        time.sleep(1)
        assert supervisor.children[0].process.poll() is None
