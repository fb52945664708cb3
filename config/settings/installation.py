"""Where an installation lives, and the secrets that are its own."""

import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import environ

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("GATEHOUSE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
TESTING = "pytest" in sys.modules


def installation_secret(
    name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(64)
) -> str:
    """Return the secret `name` of this installation: from the environment, else from the data
    directory, where it is made at first use and readable by its owner alone."""
    given: str = env.str(name, default="")
    if given:
        return given
    if TESTING:
        return f"{name}-of-the-test-suite-which-protects-nothing-but-has-to-be-long"
    path = DATA_DIR / "keys" / name.lower()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(make())
    except FileExistsError:
        pass
    return path.read_text()


BASE_URL = env.str("GATEHOUSE_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
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
