"""The cast of the suite: `acme` is our platform, `bakery` its company, `rival` another platform."""

from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from apikeys.models import ApiKey
from apikeys.services import keys, refusals
from tenants.actors import Actor
from tenants.models import Organization
from tenants.services import organizations

SYSTEM = Actor.system("tests")


def _delete_rows(self: Any, style: Any, tables: Any, **_: Any) -> list[str]:
    """Empty tables that hold a few rows: truncating them all costs a hundred times as much."""
    return ["set constraints all deferred", *(f"delete from {t}" for t in tables)]  # noqa: S608


DatabaseOperations.sql_flush = _delete_rows


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
