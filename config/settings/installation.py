"""Where an installation lives, and the secrets that are its own."""

import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("GATEHOUSE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
TESTING = "pytest" in sys.modules
# Whatever we write is nobody else's business: the database, its journal, queues, payloads. What
# these commands write is part of the source.
if sys.argv[1:2] not in (["makemessages"], ["compilemessages"], ["makemigrations"], ["cut_fonts"]):
    os.umask(0o077)


# Of each secret, whether it is given, or else a print of the one that was made in `DATA_DIR`.
SECRET_ORIGINS: dict[str, str] = {}


def installation_secret(
    name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(64)
) -> str:
    """Return the secret `name` of this installation: from the environment, else from the data
    directory, where it is made at first use and readable by its owner alone."""
    given: str = env.str(name, default="")
    if given:
        SECRET_ORIGINS[name] = "given"
        return given
    if TESTING:
        return f"{name}-of-the-test-suite-which-protects-nothing-but-has-to-be-long"
    path = DATA_DIR / "keys" / name.lower()
    if not path.exists():
        try:
            _keep(path, make())
        except OSError as error:
            why = f"{error.strerror}: nothing can be written to {DATA_DIR}."
            raise SystemExit(f"Gatehouse does not start: {why}") from None
    made = path.read_text()
    SECRET_ORIGINS[name] = hashlib.sha256(made.encode()).hexdigest()
    return made


def _keep(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all, and once: of two first starts, one is it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (DATA_DIR, path.parent):
        folder.chmod(0o700)
    # Readable by its owner alone from the beginning, whatever the umask.
    descriptor, aside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink()


# The process and the address of a quickstart that runs on this data directory: what else is
# started on it asks there.
RUNNING_AT = DATA_DIR / "running-at"


def _address() -> str:
    """Where the site is reached if nobody says so."""
    with suppress(OSError, ValueError):
        process, address = RUNNING_AT.read_text().split()
        os.kill(int(process), 0)
        return address
    return "http://127.0.0.1:8000"


BASE_URL = env.str("GATEHOUSE_BASE_URL", default=_address()).rstrip("/")
SERVED_OVER_TLS = BASE_URL.startswith("https://")
DEBUG = env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = installation_secret("SECRET_KEY")
# Hashes of API keys and the encryption of webhook secrets stand or fall with these two.
# What seals the audit trail, and the file in which each seal is kept outside the database.
SEAL_KEY = installation_secret("SEAL_KEY")
SEAL_LOG = env.str(
    "SEAL_LOG", default="/dev/null" if TESTING else str(DATA_DIR / "audit-seals.jsonl")
)
API_KEY_PEPPER = installation_secret("API_KEY_PEPPER")
ENCRYPTION_KEYS = [key for key in installation_secret("ENCRYPTION_KEYS").split(",") if key]
# Custom domains come and go while we run, so our own middleware decides (config.hosts).
ALLOWED_HOSTS = ["*"]
OWN_HOSTS = [
    *(["testserver"] if TESTING else []),
    urlsplit(BASE_URL).hostname or "localhost",
    *env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"]),
]
