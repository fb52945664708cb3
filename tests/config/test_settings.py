"""What processes make of their environment when they start."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
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


POSTGRES = "postgres://gatehouse:secret@127.0.0.1:1/gatehouse"
OPTIONS = "from django.conf import settings; print(settings.DATABASES['default'].get('OPTIONS'))"


def test_what_somebody_waits_for_is_given_up_and_what_a_worker_asks_is_not(tmp_path):
    def options(entry: str, **environment: str) -> str:
        known = {"DATABASE_URL": POSTGRES, "DJANGO_SETTINGS_MODULE": "config.settings"}
        known["START_PATIENCE"] = "0"  # nobody is there, which ends a start
        code = f"import contextlib\nwith contextlib.suppress(SystemExit): import {entry}\n{OPTIONS}"
        return started(tmp_path, code, **known, **environment).stdout

    assert "statement_timeout=15000" in options("config.wsgi")
    assert "statement_timeout=2500" in options("config.wsgi", WEB_STATEMENT_SECONDS="2.5")
    assert "statement_timeout" not in options("config.wsgi", WEB_STATEMENT_SECONDS="0")
    assert "statement_timeout" not in options("config.celery")


SECRET = "from config.settings import installation as i; print(i.SECRET_KEY)"


def test_of_first_starts_at_once_all_have_the_same_secrets(tmp_path):
    """A half-made key used to be read by whoever started a moment later."""
    slow = (
        "import secrets, time; made = secrets.token_urlsafe\n"
        "secrets.token_urlsafe = lambda n: (time.sleep(0.5), made(n))[1]\n"
    )
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: started(tmp_path, slow + SECRET).stdout, range(4)))
    assert len(set(answers)) == 1 and len(answers[0]) > 60


def test_what_an_installation_keeps_is_its_owners_alone_whatever_the_umask(tmp_path):
    for umask in (0o000, 0o022):
        place = tmp_path / str(umask)
        code = f"import os; os.umask({umask})\nimport config.wsgi\nfrom django.db import connection"
        known = {"DJANGO_SETTINGS_MODULE": "config.settings"}
        done = started(place, f"{code}\nconnection.ensure_connection()", **known)
        assert done.returncode == 0, done.stderr
        for path in [place / "var", *(place / "var").rglob("*")]:
            assert path.stat().st_mode & 0o077 == 0, path
        assert (place / "var" / "gatehouse.db").exists()
        assert not [one for one in (place / "var" / "keys").iterdir() if "tmp" in one.name]


NETWORK = "from django.conf import settings; print(settings.PEPPOL_NETWORK)"


def test_a_network_is_known_however_it_is_written_or_nothing_starts(tmp_path):
    """ "Production" used to start with the checks of production off."""
    known = {"DJANGO_SETTINGS_MODULE": "config.settings"}
    written = started(tmp_path, NETWORK, PEPPOL_NETWORK="Production", **known)
    assert written.stdout == "production\n"
    refused = started(tmp_path, NETWORK, PEPPOL_NETWORK="prod", **known)
    assert "PEPPOL_NETWORK is sandbox, test or production." in refused.stderr


CREDENTIALS = (
    "import django; from django.conf import settings as s; django.setup();"
    "print(repr((s.SMP_URL, s.SMP_TOKEN[:5], s.SMP_USERNAME, s.SMP_PASSWORD)))"
)


def test_credentials_of_a_real_smp_win_over_the_sandboxs(tmp_path):
    """With a name and a password the sandbox's token was sent to the real SMP."""

    def known(**environment: str) -> str:
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        return started(tmp_path, CREDENTIALS, **environment).stdout.strip()

    url = "https://smp.example"
    given = {"SMP_URL": url, "SMP_USERNAME": "we", "SMP_PASSWORD": "word"}
    assert known(**given) == repr((url, "", "we", "word"))
    assert known(SMP_URL=url, SMP_TOKEN="token") == repr((url, "token", "", ""))
    of_sandbox = known()
    assert "/sandbox/smp" in of_sandbox and "'gatehouse', ''" in of_sandbox


def test_quickstart_goes_by_the_network_that_it_is_told(tmp_path):
    """It overwrote PEPPOL_NETWORK, and would have put the sandbox's companies on a real network."""
    code = (
        "import os, sys; os.execv = lambda *_: sys.exit(os.environ['PEPPOL_NETWORK']);"
        "from config.management.commands import quickstart;"
        "quickstart.begin_again_with_settings('127.0.0.1', 1, None)"
    )
    setup = "import django; django.setup();"
    for network in ("test", "sandbox"):
        environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "PEPPOL_NETWORK": network}
        assert started(tmp_path, setup + code, **environment).stderr.strip() == network


def test_what_quickstart_is_told_is_in_the_first_settings_that_are_read(tmp_path):
    """Beginning anew with them took two of the twelve seconds until it was ready."""
    told = ["--port=8123", "--host", "0.0.0.0", "--data-dir", str(tmp_path / "there"), "--no-demo"]
    code = (
        "import os, sys; os.execv = lambda *_: sys.exit('begun anew');"
        f"sys.argv = ['manage.py', 'quickstart', *{told!r}];"
        "from config import quickstart_options; quickstart_options.heed(sys.argv[2:]);"
        "import django; django.setup(); from pathlib import Path;"
        "from django.conf import settings; from config.management.commands import quickstart;"
        f"quickstart.begin_again_with_settings('0.0.0.0', 8123, Path({str(tmp_path / 'there')!r}));"
        "print(settings.BASE_URL, settings.DATA_DIR)"
    )
    said = started(tmp_path, code, DJANGO_SETTINGS_MODULE="config.settings")
    assert said.stdout.split() == ["http://127.0.0.1:8123", str(tmp_path / "there")], said.stderr


def test_production_asks_who_companies_are_before_they_send(tmp_path):
    code = "from config.settings import network; print(network.IDENTIFICATION_POLICY)"
    asked = {
        network: started(tmp_path, code, PEPPOL_NETWORK=network).stdout.strip()
        for network in ("sandbox", "test", "production")
    }
    assert asked == {"sandbox": "trusted", "test": "trusted", "production": "before_sending"}
    refused = started(tmp_path, code, IDENTIFICATION_POLICY="sometimes")
    assert "IDENTIFICATION_POLICY is trusted" in refused.stderr
