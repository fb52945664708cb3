"""The whole product as a user meets it: one command, real processes, real HTTP."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from standardwebhooks import Webhook

from tests.webhooks.receiver import Receiver

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX"),
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="runs on a database file of its own"),
]


class Quickstart:
    """A running `manage.py quickstart` with a data directory of its own."""

    def __init__(self, data_dir: Path):
        self.data_dir = data_dir
        self.log = data_dir / "quickstart.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def manage(self, *arguments):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "GATEHOUSE_DATA_DIR", "GATEHOUSE_BASE_URL")
        }
        environment["GATEHOUSE_DATA_DIR"] = str(self.data_dir)
        return [sys.executable, "manage.py", *arguments], environment

    def start(self):
        command, environment = self.manage("quickstart", "--port", str(self.port))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        for _ in range(900):
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.url}/health/readiness", timeout=2).status_code == 200:
                    return self
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.2)
        raise AssertionError("quickstart did not become ready within 180 s")

    def operate(self, *arguments):
        command, environment = self.manage("operate", *arguments)
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    @property
    def credentials(self):
        return json.loads((self.data_dir / "credentials.json").read_text())

    def admin_api(self, method, path, body=None, key="organization_api_key"):
        return requests.request(
            method,
            f"{self.url}/api/admin{path}",
            json=body,
            timeout=30,
            headers={"Authorization": f"Bearer {self.credentials['einvoice'][key]}"},
        )

    def processes(self):
        """The processes that work on this data directory, ours excepted."""
        found = []
        for directory in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                environment = (directory / "environ").read_bytes()
                if f"GATEHOUSE_DATA_DIR={self.data_dir}\0".encode() in environment + b"\0":
                    command = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if command:
                        found.append((int(directory.name), command))
        return found

    def end(self, number=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(30)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    quickstart = Quickstart(tmp_path_factory.mktemp("installation"))
    quickstart.start()
    yield quickstart
    quickstart.end()
    quickstart.end(signal.SIGKILL)


def wait_for(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"Not within {seconds} s.")


def test_it_starts_and_guards_its_credentials(running):
    assert (running.data_dir / "credentials.json").stat().st_mode & 0o777 == 0o600
    assert requests.get(f"{running.url}/portal/", timeout=30).status_code == 200
    assert requests.get(f"{running.url}/api/docs/", timeout=30).status_code == 200


def test_how_to_get_in_is_said_last_and_what_is_done_in_the_log(running):
    requests.get(f"{running.url}/portal/", timeout=30)
    said = wait_for(lambda: "Ctrl-C" in (text := running.log.read_text()) and text)
    assert said.rstrip().endswith("Ctrl-C stops everything.")
    assert "level" not in said and "Warning" not in said
    log = running.data_dir / "gatehouse.log"
    assert str(log) in said and log.stat().st_mode & 0o777 == 0o600
    assert wait_for(lambda: "GET /portal/" in log.read_text())


def test_the_main_job_end_to_end(running):
    """EIN-43: tenant → key → register → active, and the event arrives, signed."""
    receiver = Receiver()
    code = f"""
from tenants.models import Organization
from config.sandbox.demo_data import BY
from webhooks.services import endpoints
platform = Organization.objects.get(name="Acme Accounting")
print(endpoints.create(platform, url="{receiver.url}/hook", event_types=["company.smp_registered"],
                       covers_companies=True, by=BY)[1])
"""
    command, environment = running.manage("shell", "--no-imports", "-c", code)
    secret = (
        subprocess.check_output(command, cwd=ROOT, env=environment, timeout=120).decode().strip()
    )
    tenant = running.admin_api(
        "POST", "/tenants", {"name": "customer-company-bvba", "peppol_ids": ["0208:0123456789"]}
    ).json()
    path = f"/tenants/{tenant['id']}"
    key = running.admin_api("POST", f"{path}/api-keys", {"name": "production-key"}).json()["key"]
    registered_at = time.monotonic()
    running.admin_api("POST", f"{path}/peppol/register", {"peppol_id": "0208:0123456789"})
    status = wait_for(
        lambda: (s := running.admin_api("GET", f"{path}/peppol/status").json())["registered"] and s
    )
    print(f"register → active: {time.monotonic() - registered_at:.2f} s")  # noqa: T201
    assert (status["status"], status["peppol_id"]) == ("active", "0208:0123456789")
    got = wait_for(lambda: receiver.received and receiver.received[0])
    event = Webhook(secret).verify(got.body, got.headers)
    assert event["type"] == "company.smp_registered"
    assert event["data"]["company"]["name"] == "customer-company-bvba"
    me = requests.get(
        f"{running.url}/api/me", headers={"Authorization": f"Bearer {key}"}, timeout=5
    ).json()
    assert me["smp_registration"] is True
    receiver.close()


def test_a_worker_that_is_killed_midway_leaves_nothing_undone(running):
    tenants = [
        running.admin_api("POST", "/tenants", {"name": f"killed-{n}"}).json()["id"]
        for n in range(8)
    ]
    for n, id in enumerate(tenants):
        body = {"peppol_id": f"0088:{9012345000100 + n}"}
        assert running.admin_api("POST", f"/tenants/{id}/peppol/register", body).status_code == 202
    (worker,) = [
        pid for pid, command in running.processes() if "celery" in command and " worker " in command
    ]
    time.sleep(0.3)
    os.kill(worker, signal.SIGKILL)

    def all_active():
        return all(
            running.admin_api("GET", f"/tenants/{id}/peppol/status", key="organization_api_key")
            .json()
            .get("registered")
            for id in tenants
        )

    deadline = time.monotonic() + 180
    while not all_active():
        assert time.monotonic() < deadline
        time.sleep(4)


def test_operators_act_by_command_in_any_surfaces_spelling(running):
    id = running.admin_api(
        "POST", "/tenants", {"name": "operated"}, key="other_organization_api_key"
    ).json()["id"]
    code, said, _ = running.operate("set-test-mode", "--organization", id, "--on")
    assert (code, json.loads(said)["test_mode"]) == (0, True)
    body = {"peppol_id": "0208:0123456789"}
    answer = running.admin_api(
        "POST", f"/tenants/{id}/peppol/register", body, "other_organization_api_key"
    )
    assert answer.status_code == 400
    code, said, _ = running.operate("issue-key", "--organization", id, "--name", "by operator")
    key = json.loads(said)["key"]
    me = {"headers": {"Authorization": f"Bearer {key}"}, "timeout": 30}
    assert requests.get(f"{running.url}/api/me", **me).status_code == 200
    code, said, _ = running.operate(
        "set-status", "--organization", id, "--status", "suspended", "--reason", "unpaid"
    )
    assert (code, json.loads(said)["status"]) == (0, "suspended")
    assert requests.get(f"{running.url}/api/me", **me).status_code == 403
    code, _, said = running.operate(
        "set-status", "--organization", "tenant_x", "--status", "active"
    )
    assert code != 0 and "not_found" in said
    code, _, said = running.operate("set-status", "--organization", id, "--status", "closed")
    assert code != 0 and "reason_required" in said


def test_what_is_started_beside_it_asks_the_port_that_is_running(running):
    process, address = (running.data_dir / "running-at").read_text().split()
    assert (int(process), address) == (running.process.pid, running.url)
    id = running.admin_api("POST", "/tenants", {"name": "receives-bv"}).json()["id"]
    code, said, wrong = running.operate("receive-sample", "--organization", id)
    assert code == 0, wrong
    assert json.loads(said)["instance_id"]


def test_it_stops_without_orphans_and_goes_on_with_the_same_data(running):
    before = running.credentials
    running.admin_api("POST", "/tenants", {"name": "stays-bvba"})
    running.end(signal.SIGINT)
    assert running.process.returncode == 0
    wait_for(lambda: not running.processes())
    assert not (running.data_dir / "running-at").exists()
    running.start()
    assert running.credentials == before
    names = [t["name"] for t in running.admin_api("GET", "/tenants").json()["tenants"]]
    assert "stays-bvba" in names
    running.end(signal.SIGKILL)
    wait_for(lambda: not running.processes())


def test_a_port_that_is_taken_is_said_to_be(tmp_path):
    quickstart = Quickstart(tmp_path)
    with socket.create_server(("127.0.0.1", quickstart.port)):
        command, environment = quickstart.manage("quickstart", "--port", str(quickstart.port))
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120)
    assert done.returncode != 0 and b"Choose another --port" in done.stderr
