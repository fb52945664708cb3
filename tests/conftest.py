"""The cast of the suite: `acme` is our platform, `bakery` its company, `rival` another platform."""

import gc
import os
from collections.abc import Iterator
from socketserver import StreamRequestHandler
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection

from apikeys.models import ApiKey
from apikeys.services import keys, refusals
from tenants.actors import Actor
from tenants.models import Organization
from tenants.row_security import everything
from tenants.services import organizations
from tests import ordinary_role

SYSTEM = Actor.system("tests")
# Fixtures that tests of several rooms ask for.
pytest_plugins = [
    "tests.peppol.fault_proxy",
    "tests.peppol.sml_server",
    "tests.peppol.trading",
    "tests.portal.branded",
    "tests.tenants.sealing",
    "tests.webhooks.receiver",
]

ordinary_role.become_ordinary()

# A portal that runs beside the suite, where one runs by default, is no part of it: what a test does
# not serve itself answers nobody.
for _service in ("SMP_URL", "DIRECTORY_URL", "ACCESS_POINT_URL"):
    _address = urlsplit(getattr(settings, _service))._replace(netloc="127.0.0.1:1")
    setattr(settings, _service, _address.geturl())

if settings.REDIS_URL:
    # Tests empty the cache; those of another worker would lose what they count on.
    _url = urlsplit(settings.REDIS_URL)
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    _number = (int(_url.path.strip("/") or 0) + int(_worker)) % 16
    settings.REDIS_URL = _url._replace(path=f"/{_number}").geturl()
    settings.RATE_LIMIT_STORAGE = settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL


def _delete_rows(self: Any, style: Any, tables: Any, **_: Any) -> list[str]:
    """Empty tables that hold a few rows: truncating them all costs a hundred times as much."""
    first = ["set constraints all deferred"] if self.connection.vendor == "postgresql" else []
    return first + [f"delete from {table}" for table in tables if table not in _LASTING]  # noqa: S608


# What Django writes of the models stays, rather than being written again after every test.
_LASTING = {"auth_permission", "django_content_type"}
flush.emit_post_migrate_signal = lambda *_, **__: None
type(connection.ops).sql_flush = _delete_rows
# Servers send an answer in parts, of which all but the first would wait 40 ms for leave to go.
StreamRequestHandler.disable_nagle_algorithm = True


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what each job took in the browser: the notes of a release have the same table."""
    properties = (p for r in terminalreporter.getreports("passed") for p in r.user_properties)
    jobs = sorted(value for name, value in properties if name == "job")
    if jobs:
        terminalreporter.section("Jobs, from the overview on")
    for name, clicks, pressed in jobs:
        terminalreporter.line(f"{name:<52}{clicks:>2} clicks {pressed:>4} keys")


# What takes longest begins first, so that no worker is left alone with it at the end.
_LONGEST = ("test_accessibility", "test_quickstart", "test_registration_crashes", "test_chaos")


_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """What asks no database says nothing of databases either."""
    asked = _DATABASE.intersection(getattr(item, "fixturenames", ()))
    if not asked and item.get_closest_marker("django_db") is None:
        item.add_marker("once")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.partition(".py")[0].endswith(_LONGEST))


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among what lasts: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def everything_is_shown() -> Iterator[None]:
    """What a test prepares and looks at is of all tenants; requests and tasks say their own."""
    with everything():
        yield


@pytest.fixture(autouse=True)
def nothing_heard_in_earlier_tests() -> None:
    """Who was not on the network in one test may be there in the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_refusals_of_earlier_tests() -> None:
    """What one test was refused is not written in the next, whose organizations are others."""
    refusals._waiting.clear()
    refusals._written.clear()


@pytest.fixture
def by() -> Actor:
    """Whom the audit trail of a test names."""
    return SYSTEM


def make_platform(name: str, **profile: object) -> Organization:
    return organizations.create(
        Organization.Kind.PLATFORM, {"name": name, "country": "BE", **profile}, by=SYSTEM
    )


def make_company(platform: Organization, name: str, **profile: object) -> Organization:
    return organizations.create_company(
        platform, {"name": name, "country": "BE", **profile}, by=SYSTEM
    )


@pytest.fixture
def acme(db: None) -> Organization:
    return make_platform("Acme Accounting")


@pytest.fixture
def bakery(acme: Organization) -> Organization:
    return make_company(acme, "Bakery Peeters", metadata={"tenantId": "t-1"})


@pytest.fixture
def rival(db: None) -> Organization:
    return make_platform("Rival ERP")


@pytest.fixture
def rivals_company(rival: Organization) -> Organization:
    return make_company(rival, "Rival's Company")


@pytest.fixture
def acme_key(acme: Organization) -> str:
    """The secret of a platform key of acme."""
    return keys.issue(acme, name="acme", kind=ApiKey.Kind.PLATFORM, by=SYSTEM)[1]


@pytest.fixture
def rival_key(rival: Organization) -> str:
    return keys.issue(rival, name="rival", kind=ApiKey.Kind.PLATFORM, by=SYSTEM)[1]


@pytest.fixture
def bakery_key(bakery: Organization) -> str:
    return keys.issue(bakery, name="bakery", by=SYSTEM)[1]
