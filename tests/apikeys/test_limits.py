"""Limits of an organization beside those of its keys: many keys are not as many limits."""

import pytest
from redis.connection import AbstractConnection

from apikeys import moving_windows, throttling
from apikeys.services import keys
from tenants.ids import uuid7
from tenants.models import Organization
from tests.api.conftest import Caller
from tests.conftest import SYSTEM

TENANTS, FLOWIE, FISKALY = "/api/admin/tenants", "/v1/platform/companies", "/api/v0/organizations"
INVORA = "/api/v2/identity/connected-businesses/x"


@pytest.fixture(params=["memory", "redis"])
def store(request, settings):
    """Where is counted."""
    if request.param == "redis" and not settings.REDIS_URL:
        pytest.skip("REDIS_URL is not set")
    settings.RATE_LIMIT_STORAGE = settings.REDIS_URL if request.param == "redis" else "memory://"
    moving_windows.limiter.cache_clear()
    yield request.param
    moving_windows.limiter.cache_clear()


@pytest.fixture
def buckets():
    """Two keys and their organization, that nobody counted yet."""
    stem = uuid7()
    return f"{stem}:a", f"{stem}:b", f"{stem}:all"


def admit(bucket, together="", per_minute=5, per_hour=8):
    return throttling.admit(bucket, per_minute=per_minute, per_hour=per_hour, together=together)


def test_keys_of_one_organization_share_what_two_of_them_might(store, buckets):
    *_, together = buckets
    admitted = [admit(f"{together}:{n % 4}", together).admitted for n in range(20)]
    assert admitted == [True] * 10 + [False] * 10
    assert admit(f"{together}:0").admitted, "its own limit was not reached"


def test_a_key_beyond_its_limit_takes_nothing_of_the_others(store, buckets):
    """A refused request is counted nowhere: neither in an hour nor for the organization."""
    runaway, other, together = buckets
    assert [admit(runaway, together).admitted for _ in range(30)].count(True) == 5
    assert [admit(other, together).remaining for _ in range(5)] == [4, 3, 2, 1, 0]
    assert not admit(other, together).admitted


def test_what_is_said_to_be_left_is_the_tightest_of_all(store, buckets):
    one, other, together = buckets
    first = admit(one, together)
    assert (first.limit, first.remaining, first.policies) == (5, 4, ((5, 60), (8, 3600)))
    for n in range(8):
        admit(f"{together}:{n}", together)
    last = admit(other, together)
    assert (last.admitted, last.limit, last.remaining) == (True, 10, 0)
    refused = admit(other, together)
    assert not refused.admitted and 0 < refused.reset_after <= 61
    assert refused.policies == first.policies


def test_a_window_moves_and_the_hour_is_counted_beside_the_minute(store, buckets, time_machine):
    bucket = buckets[0]
    time_machine.move_to("2026-11-30T12:00:00Z", tick=False)
    assert [admit(bucket).admitted for _ in range(6)] == [True] * 5 + [False]
    time_machine.move_to("2026-11-30T12:01:01Z", tick=False)
    assert [admit(bucket).admitted for _ in range(4)] == [True] * 3 + [False]
    assert admit(bucket).reset_after > 3000
    time_machine.move_to("2026-11-30T13:00:01Z", tick=False)
    assert [admit(bucket).admitted for _ in range(6)] == [True] * 5 + [False]


def test_counting_costs_one_round_trip(store, buckets, monkeypatch):
    if store == "memory":
        pytest.skip("There is nothing to travel to.")
    admit(buckets[0], buckets[2])
    sent, send = [], AbstractConnection.send_packed_command

    def noted(connection, command, *args, **options):
        sent.append(command)
        return send(connection, command, *args, **options)

    monkeypatch.setattr(AbstractConnection, "send_packed_command", noted)
    admit(buckets[0], buckets[2])
    assert len(sent) == 1


# --- At the surfaces -----------------------------------------------------------------------------
@pytest.fixture
def made(acme):
    """Makes keys of acme's, which may ask five times a minute."""
    Organization.objects.filter(pk=acme.pk).update(requests_per_minute=5)
    return lambda: keys.issue(acme, name="k", kind="platform", by=SYSTEM)[1]


def test_a_hundred_keys_are_not_a_hundred_limits(made, rival_key):
    statuses = [Caller(made()).get(TENANTS).status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert Caller(rival_key).get(TENANTS).status_code == 200


def test_the_headers_are_those_of_the_key(made):
    """EIN-36: what the vendor says of a key stays what is said."""
    answer = Caller(made()).get(TENANTS)
    assert answer["X-RateLimit-Limit"] == "5" and answer["X-RateLimit-Remaining"] == "4"
    assert answer["RateLimit-Policy"] == "5;w=60, 1000;w=3600"


def test_a_companys_requests_are_not_its_platforms(made, bakery, bakery_key):
    """GOR-20."""
    for _ in range(11):
        Caller(made()).get(TENANTS)
    assert Caller(bakery_key).get("/api/me").status_code == 200


@pytest.mark.parametrize(("path", "factor"), [(FLOWIE, 5 * 10), (INVORA, 1200)])
def test_each_surface_counts_by_organization(made, path, factor, acme):
    """The bucket of all callers is filled by hand, as far as it goes."""
    surface = {FLOWIE: "flowie", INVORA: "invora"}[path]
    secret = made()
    assert Caller(secret).get(path).status_code in (200, 404)
    most = factor * throttling.KEYS_TOGETHER
    shared = moving_windows.Window(f"{surface}:all:{acme.pk}", most, 60)
    for _ in range(most):
        moving_windows.count([shared])
    assert Caller(made()).get(path).status_code == 429
