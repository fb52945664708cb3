"""Every route of every surface with every credential: nobody reaches what is not theirs.

The routes are read from the URL configuration, so a new one is walked without being told.
"""

import re
from itertools import product

import pytest
from django.urls import get_resolver

from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.ids import spell, uuid7
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.conftest import SYSTEM, make_company, make_platform

PREFIXES = ("api/admin", "api/me")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BODY = {"name": "walker", "peppol_id": "0208:0403170701", "company_name": "Walker"}


def routes():
    """The surfaces' patterns as templates, `api/admin/tenants/{tenant_id}`."""
    found = set()
    for pattern in get_resolver().url_patterns:
        for inner in getattr(pattern, "url_patterns", []):
            text = str(inner.pattern).removeprefix("^").removesuffix("$").removesuffix("/?")
            if text.startswith(PREFIXES) and not text.endswith("(?:/.*)?"):
                found.add(re.sub(r"\(\?P<(\w+)>[^)]+\)", r"{\1}", text))
    return sorted(found)


ROUTES = routes()


def test_the_walk_knows_the_routes():
    assert len(ROUTES) >= 10 and "api/admin/tenants/{tenant_id}/peppol/register" in ROUTES


@pytest.fixture
def world(acme, bakery, rival, rivals_company):
    """Two platforms with a company and a key of it each, and callers of every kind."""

    def secret(organization, kind=ApiKey.Kind.PLATFORM):
        return keys.issue(organization, name="k", kind=kind, by=SYSTEM)

    suspended = make_platform("Suspended")
    gone = make_company(acme, "Gone")
    foreign_key, rivals_secret = secret(rivals_company, ApiKey.Kind.COMPANY)
    own_key, bakery_secret = secret(bakery, ApiKey.Kind.COMPANY)
    revoked_key, revoked_secret = secret(acme)
    callers = {
        "nobody": None,
        "garbage": "gh_plat_live_" + "0" * 36,
        "a revoked key": revoked_secret,
        "a suspended platform": secret(suspended)[1],
        "a deleted company": secret(gone, ApiKey.Kind.COMPANY)[1],
        "the company": bakery_secret,
        "another platform's company": rivals_secret,
        "another platform": secret(rival)[1],
        "the platform": secret(acme)[1],
    }
    keys.revoke(revoked_key, by=SYSTEM)
    organizations.suspend(suspended, reason="unpaid", by=SYSTEM)
    organizations.delete(gone, by=SYSTEM)
    Organization.objects.update(requests_per_minute=10_000, requests_per_hour=100_000)
    return {
        "callers": {name: Caller(key) for name, key in callers.items()},
        "own": {"tenant_id": spell("tenant", bakery.pk), "key_id": spell("key", own_key.pk)},
        "foreign": {
            "tenant_id": spell("tenant", rivals_company.pk),
            "key_id": spell("key", foreign_key.pk),
        },
        "unknown": {"tenant_id": spell("tenant", uuid7()), "key_id": spell("key", uuid7())},
        "deleted": {"tenant_id": spell("tenant", gone.pk), "key_id": spell("key", uuid7())},
    }


def call(caller, method, route, ids):
    return caller(method, "/" + route.format(**ids), None if method == "GET" else BODY)


def fingerprint():
    """Everything that a write would change."""
    return (
        Event.objects.count(),
        list(Organization.objects.order_by("pk").values_list("pk", "name", "updated_at")),
        list(ApiKey.objects.order_by("pk").values_list("pk", "name", "revoked_at")),
    )


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("method", METHODS)
def test_who_has_no_good_key_gets_nowhere(world, route, method):
    before = fingerprint()
    for who, status in (("nobody", 401), ("garbage", 401), ("a revoked key", 401),
                        ("a deleted company", 401), ("a suspended platform", 403)):  # fmt: skip
        answer = call(world["callers"][who], method, route, world["own"])
        assert answer.status_code in {status, 401}, who
    assert fingerprint() == before


@pytest.mark.parametrize("route", [r for r in ROUTES if r.startswith("api/admin")])
@pytest.mark.parametrize("method", METHODS)
def test_a_companys_key_does_not_open_the_platforms_routes(world, route, method):
    before = fingerprint()
    for who in ("the company", "another platform's company"):
        assert call(world["callers"][who], method, route, world["own"]).status_code == 401
    assert fingerprint() == before


@pytest.mark.parametrize("route", [r for r in ROUTES if "{" in r])
@pytest.mark.parametrize("method", METHODS)
def test_foreign_deleted_and_unknown_ids_are_answered_alike(world, route, method):
    before = fingerprint()
    for who, theirs in product(("the platform",), ("foreign", "deleted")):
        found = call(world["callers"][who], method, route, world[theirs])
        unknown = call(world["callers"][who], method, route, world["unknown"])
        assert found.status_code in (404, 405)
        assert (found.status_code, found.content) == (unknown.status_code, unknown.content)
    stranger = call(world["callers"]["another platform"], method, route, world["own"])
    assert stranger.status_code in (404, 405)
    assert fingerprint() == before


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_shown_names_no_stranger(world, route):
    for who in ("the platform", "the company"):
        answer = call(world["callers"][who], "GET", route, world["own"])
        assert answer.status_code in (200, 401, 404, 405)
        assert "Rival" not in answer.content.decode()
        assert world["foreign"]["tenant_id"] not in answer.content.decode()


def test_the_owner_gets_through_or_the_walk_proves_nothing(world):
    platform, company = world["callers"]["the platform"], world["callers"]["the company"]
    assert call(platform, "GET", "api/admin/tenants/{tenant_id}", world["own"]).status_code == 200
    assert call(company, "GET", "api/me", world["own"]).status_code == 200
