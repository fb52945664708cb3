import json
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apikeys import throttling


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    """Each test begins with full quotas; on Redis its keys are its own, and others run beside."""
    if not settings.REDIS_URL:
        throttling._limiter().storage.reset()


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
        asked = [query["sql"] for query in captured if not query["sql"].startswith(_WALL)]
        assert len(asked) == number, asked

    return costs


_WALL = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT", "select set_config")
