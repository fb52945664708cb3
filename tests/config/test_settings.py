"""What processes make of their environment when they start."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def started(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a process of its own, with an installation of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, "GATEHOUSE_DATA_DIR": str(tmp_path / "var"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


POSTGRES = "postgres://gatehouse:secret@db.example/gatehouse"
OPTIONS = "from django.conf import settings; print(settings.DATABASES['default'].get('OPTIONS'))"


def test_what_somebody_waits_for_is_given_up_and_what_a_worker_asks_is_not(tmp_path):
    def options(entry: str, **environment: str) -> str:
        known = {"DATABASE_URL": POSTGRES, "DJANGO_SETTINGS_MODULE": "config.settings"}
        return started(tmp_path, f"import {entry}\n{OPTIONS}", **known, **environment).stdout

    assert "statement_timeout=15000" in options("config.wsgi")
    assert "statement_timeout=2500" in options("config.wsgi", WEB_STATEMENT_SECONDS="2.5")
    assert "statement_timeout" not in options("config.wsgi", WEB_STATEMENT_SECONDS="0")
    assert "statement_timeout" not in options("config.celery")
