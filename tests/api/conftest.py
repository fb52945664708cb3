import json
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apikeys import moving_windows
from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.kit.people import issue_token
from tenants.ids import spell, uuid7
from tenants.models import Organization, Role, User
from tenants.services import organizations, people
from tests.conftest import SYSTEM, make_company, make_platform


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    """Each test begins with full quotas; on Redis its keys are its own, and nobody's are counted
    for all who come from one address."""
    storage = moving_windows.limiter().storage
    if not settings.REDIS_URL:
        storage.reset()
        return
    server = storage.get_connection()
    for kind in ("anonymous", "bootstrap"):
        for name in server.scan_iter(f"requests:{kind}:*", count=1000):
            server.delete(name)


class Caller:
    """A program that calls a surface with one key."""

    def __init__(self, key, header="Authorization", scheme="Bearer "):
        self.headers = {header: f"{scheme}{key}"} if key is not None else {}
        self.client = Client(raise_request_exception=False)

    def __call__(self, method, path, body=None, *, raw=None, headers=None, **extra):
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(
            method,
            path,
            content,
            content_type=extra.pop("content_type", "application/json"),
            headers={**self.headers, **(headers or {})},
            **extra,
        )

    def get(self, path, **extra):
        return self("GET", path, **extra)

    def post(self, path, body=None, **extra):
        return self("POST", path, body, **extra)

    def put(self, path, body=None, **extra):
        return self("PUT", path, body, **extra)

    def delete(self, path, **extra):
        return self("DELETE", path, **extra)


@pytest.fixture
def caller():
    """Makes a caller out of a key."""
    return Caller


@pytest.fixture
def call(acme_key):
    """acme, calling with its platform key."""
    return Caller(acme_key)


@pytest.fixture
def rival_call(rival_key):
    return Caller(rival_key)


@pytest.fixture
def costs():
    """Says how many queries a call may make, the wall around the tenant not counted."""

    @contextmanager
    def costs(number):
        with CaptureQueriesContext(connection) as captured:
            yield
        # What is told to the wall goes in front of a query.
        asked = [query["sql"].split("; ")[-1] for query in captured]
        asked = [sql for sql in asked if not sql.startswith(_WALL)]
        assert len(asked) == number, asked

    return costs


_WALL = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")


@pytest.fixture
def world(acme, bakery, rival, rivals_company):
    """Two platforms with a company and a key of it each, and callers of every kind."""

    def secret(organization, kind=ApiKey.Kind.PLATFORM):
        return keys.issue(organization, name="k", kind=kind, by=SYSTEM)

    def person(email, of=None):
        user = User.objects.create_user(email)
        if of:
            people.join(of, user, role=Role.OWNER, by=SYSTEM)
        return issue_token(user)

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
        "a person of nobody": person("nobody@example.com"),
        "a person of the company": person("of@bakery.example", bakery),
        "a person of another platform": person("of@rival.example", rival),
        "a person of the platform": person("of@acme.example", acme),
        "a disabled person": person("was@acme.example", acme),
    }
    User.objects.filter(email="was@acme.example").update(is_active=False)
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


NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def program(db, acme, bakery):
    """Makes a caller at a surface, out of the kind of its key and what the key may do."""
    Organization.objects.update(requests_per_minute=10**6, requests_per_hour=10**7)
    made = {}

    def program(vendor, kind, scope="*", environment="live", role=""):
        who = (kind, scope, environment, role)
        if who not in made:
            made[who] = keys.issue(
                acme if kind == "platform" else bakery,
                name="k",
                kind=kind,
                scopes=[scope],
                environment=environment,
                role=role,
                by=SYSTEM,
            )
        key, secret = made[who]
        if vendor == "goroute":
            return Caller(secret, "X-API-Key", "")
        if vendor != "fiskaly":
            return Caller(secret)
        said = {"api_key": key.public_id, "api_secret": secret}
        return Caller(Caller(None).post("/api/v0/auth", said).json()["access_token"])

    return program
