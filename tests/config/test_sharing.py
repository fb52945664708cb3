"""Processes on several machines share one place and one set of secrets, or do not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tenants.models import Stamp
from tenants.services import sharing
from tests.fork_server import _database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
ROOT = Path(__file__).resolve().parents[2]
WEB = "import config.wsgi"
WRITE = """
import config.wsgi
from tenants.models import Organization
from tenants.row_security import everything
from tests.peppol.trading import send
with everything():
    send(Organization.objects.get(legal_name="Bakkerij Peeters BV"))
"""
READ = """
import config.wsgi
from peppol.models import Document
from tenants.row_security import everything
with everything():
    print(Document.objects.get().content().decode())
"""
WORKER = ("-m", "celery", "-A", "config", "worker", "--pool", "solo")
BEAT = ("-m", "celery", "-A", "config", "beat")
# What an installation has given its processes or not; the suite's own choice is none of theirs.
CHOSEN = ("GATEHOUSE_DATA_DIR", "PAYLOAD_DIR", "SECRET_KEY", "REDIS_URL")


def started(place, *command, seconds=60, **environment):
    """A process of compose's, but on the suite's database and without a container around it."""
    kept = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    kept |= {"DATABASE_URL": _database_url(), "GATEHOUSE_DATA_DIR": str(place), **environment}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
        timeout=seconds,
    )


@pytest.fixture
def machine(tmp_path):
    """Makes directories that are no other machine's."""
    return lambda name: tmp_path / name / "data"


def test_compose_gives_all_of_its_processes_one_data_directory():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    ours = [compose["services"][name] for name in ("web", "worker", "beat", "migrate")]
    for service in ours:
        place = service["environment"]["GATEHOUSE_DATA_DIR"]
        assert service["volumes"] == [f"gatehouse:{place}"]
    assert "gatehouse" in compose["volumes"]
    assert "GATEHOUSE_DATA_DIR=/data" in (ROOT / "Dockerfile").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    "second",
    [("manage.py", "web", "--port", "0"), ("-c", WEB), WORKER, BEAT],
    ids=["command", "web", "worker", "beat"],
)
def test_a_process_with_a_directory_of_its_own_refuses_to_start(second, machine):
    """A document that web took in used to be out of the worker's reach, and failed there."""
    assert started(machine("web"), "-c", WEB).returncode == 0
    refused = started(machine("other"), *second)
    assert refused.returncode == 1
    said = [line for line in refused.stderr.splitlines() if "does not start" in line]
    assert len(said) == 1 and "Traceback" not in refused.stderr
    assert str(machine("other") / "payloads") in said[0] and "GATEHOUSE_DATA_DIR" in said[0]


@pytest.mark.slow
def test_on_a_common_volume_the_worker_reads_what_web_wrote(machine, sender):
    wrote = started(machine("volume"), "-c", WRITE)
    assert wrote.returncode == 0, wrote.stderr
    read = started(machine("volume"), "-c", READ)
    assert read.returncode == 0 and "<Invoice" in read.stdout, read.stderr


def test_a_place_without_the_mark_of_the_others_is_none_of_theirs(settings, tmp_path):
    def lie_in(folder):
        options = {"BACKEND": "tenants.files.WholeFiles", "OPTIONS": {"location": str(folder)}}
        settings.STORAGES = {**settings.STORAGES, "payload_files": options, "media": options}

    lie_in(tmp_path / "one")
    sharing.prove()
    sharing.prove()
    lie_in(tmp_path / "two")
    with pytest.raises(sharing.NotShared, match="two"):
        sharing.prove()
    sharing.begin_anew()
    lie_in(tmp_path / "one")
    with pytest.raises(sharing.NotShared):
        sharing.prove()


@pytest.mark.slow
def test_secrets_that_two_machines_made_for_themselves_are_refused(machine, tmp_path):
    first, second = machine("first"), machine("second")
    assert started(first, "-c", WEB).returncode == 0
    second.mkdir(parents=True)
    for shared in ("payloads", "media"):
        (second / shared).symlink_to(first / shared)
    refused = started(second, "-c", WEB)
    assert refused.returncode == 1 and "of its own" in refused.stderr


@pytest.mark.slow
def test_who_gives_a_secret_means_it_and_who_has_another_one_is_refused(machine):
    place = machine("one")
    assert started(place, "-c", WEB).returncode == 0
    assert started(place, "-c", WEB, SECRET_KEY="given " * 12).returncode == 0
    refused = started(place, "-c", WEB)
    assert refused.returncode == 1 and "SECRET_KEY of its own" in refused.stderr


@pytest.mark.slow
def test_files_that_have_moved_are_taken_over_by_command(machine):
    assert started(machine("old"), "-c", WEB).returncode == 0
    assert started(machine("new"), "manage.py", "share_anew").returncode == 0
    assert started(machine("new"), "-c", WEB).returncode == 0
    assert started(machine("old"), "-c", WEB).returncode == 1
    assert Stamp.objects.filter(name="storage payload_files").count() == 1
