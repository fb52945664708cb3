"""What `@hey-api/openapi-ts` makes of the five OpenAPI documents compiles strictly, and works.

The recipe of docs/clients.md is built on the way: its client is Flowie's surface in TypeScript.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from config.api import registry
from tests.api.resellers import Reseller

ROOT = Path(__file__).resolve().parents[3]
RECIPE = ROOT / "docs" / "clients" / "typescript"
CALLS = Path(__file__).with_name("calls.ts")
SURFACES = [vendor.name for vendor in registry.VENDORS]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed"),
]


def run(*command: str, at: Path, **options) -> str:
    """What a command says. Fails with it where the command does."""
    done = subprocess.run(
        command, cwd=at, capture_output=True, text=True, timeout=120, check=False, **options
    )
    assert done.returncode == 0, (
        f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    )
    return done.stdout


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """The recipe with the generator and the compiler that it names."""
    folder = tmp_path / "typescript"
    shutil.copytree(RECIPE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.skip("npm does not get the generator within a minute")
    if done.returncode:
        pytest.skip(f"npm cannot get the generator: {done.stderr.strip()[-200:]}")
    return folder


def test_generated_clients_compile_and_create_list_and_read(live_server, tools):
    jobs = [
        subprocess.Popen(
            [
                "npx",
                "--no-install",
                "openapi-ts",
                f"--input={live_server.url}/api/docs/{surface}.json",
                f"--output=src/{'gatehouse' if surface == 'flowie' else surface}",
                "--silent",
            ],
            cwd=tools,
        )
        for surface in SURFACES
    ]
    assert [job.wait(150) for job in jobs] == [0] * len(SURFACES)
    shutil.copy(CALLS, tools / "src")
    run("npx", "--no-install", "tsc", at=tools)
    reseller = Reseller("mine")
    secrets = {
        surface: next(
            value.removeprefix("Bearer ")
            for name, value in reseller.headers(surface).items()
            if name in ("Authorization", "X-API-Key")
        )
        for surface in SURFACES
    }
    said = json.loads(run("node", "dist/calls.js", json.dumps(secrets), at=tools))
    assert said == {
        "einvoice": ["ts-bv", True],
        "fiskaly": ["TS GmbH", True],
        "invora": ["TS Ltd", True],
        "goroute": ["TS B.V.", True],
        "flowie": ["TS SARL", True],
    }
