"""The reseller's command of docs/clients.md, against an installation as it is started."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from standardwebhooks import Webhook

from tests.config.test_quickstart import Quickstart
from tests.webhooks.receiver import Receiver

CLIENT = str(Path(__file__).resolve().parents[3] / "docs" / "clients" / "python")
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX"),
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="runs on a database file of its own"),
]


@pytest.fixture
def running(tmp_path):
    quickstart = Quickstart(tmp_path / "installation")
    quickstart.data_dir.mkdir()
    quickstart.start()
    yield quickstart
    quickstart.end()
    quickstart.end(signal.SIGKILL)


@pytest.fixture
def gatehouse(running, tmp_path):
    """The reseller's command, built as docs/clients.md says, from the running installation."""
    folder = tmp_path / "client"
    environment = {
        **os.environ,
        "GATEHOUSE_URL": running.url,
        "GATEHOUSE_KEY": running.credentials["flowie"]["platform_key"],
        "PYTHONPATH": str(folder),
    }
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run(
        [*command, "--no-build-isolation", "--target", str(folder), CLIENT],
        env=environment,
        check=True,
        timeout=120,
    )

    def gatehouse(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "gatehouse_client", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=150,
        )
        return done.returncode, done.stdout, done.stderr

    return gatehouse


def test_the_resellers_command_onboards_a_company_and_tries_all_of_it(running, gatehouse):
    """No HTTP of it is written by hand: it is generated from what the installation says."""
    receiver = Receiver()
    company = ["onboard", "--name", "Command BV", "--vat-number", "BE0123456749"]
    code, said, steps = gatehouse(*company, "--webhook", f"{receiver.url}/hook")
    assert code == 0, steps
    made = json.loads(said)
    assert made["company"]["smpStatus"] == "active" and made["test"]["state"] == "delivered"
    for got in receiver.received:
        Webhook(made["webhook"]["secret"]).verify(got.body, got.headers)
    assert "endpoint.test" in {json.loads(got.body)["type"] for got in receiver.received}
    key = {"Authorization": f"Bearer {made['apiKey']['key']}"}
    own = f"{running.url}/exchange/v1/companies/{made['company']['id']}"
    assert requests.get(own, headers=key, timeout=30).status_code == 200
    _, listed, _ = gatehouse("companies")
    assert made["company"]["id"] in {json.loads(line)["id"] for line in listed.splitlines()}

    code, said, steps = gatehouse(*company)
    assert code == 0 and "is there already" in steps and "apiKey" not in json.loads(said)
    receiver.status = 500
    code, said, steps = gatehouse(*company)
    assert code == 1 and "does not take events" in steps
    code, said, steps = gatehouse("onboard", "--name", "X", "--vat-number", "12")
    assert (code, said) == (1, "") and "vatNumber" in steps
    receiver.close()
