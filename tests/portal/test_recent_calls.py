"""The newest API calls on the developers' page: whose they are, and what keeps them."""

import time

import pytest
import redis
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apikeys.services import keys
from config import recent_calls
from config.recent_calls import MOST, Call, Memory, Shared
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, signed_in, texts

PAGE = reverse("portal:setting", args=["developers"])
COMPANIES = "/api/admin/tenants"


def settled():
    """Wait until what was called is in the list, where another thread writes it."""
    if isinstance(kept := recent_calls._kept(), Shared):
        kept.settle()


def shown(browser, **narrowed):
    settled()
    return texts(browser.get(PAGE, narrowed))


def a_call(number, status=200):
    at = time.time() + number
    return Call(at, "GET", f"/{number}", status, 1.5, f"request-{number:04}", "a key", "")


def test_a_call_is_shown_with_what_it_got_and_nothing_of_its_query(browser, acme_key):
    Caller(acme_key).get(f"{COMPANIES}?name=hunter2", headers={"X-Request-ID": "mine-first"})
    Caller(acme_key).post(COMPANIES, {}, headers={"X-Request-ID": "mine-second"})
    page = shown(browser)
    for words in (COMPANIES, "GET", "POST", "200", "400", "mine-first", "mine-second", "· acme"):
        assert words in page, words
    assert "hunter2" not in page and acme_key not in page
    failed = shown(browser, calls="failed")
    assert "mine-second" in failed and "mine-first" not in failed


def test_a_refused_call_says_its_code(browser, acme, acme_key):
    Caller(acme_key).get(f"{COMPANIES}/tenant_unknown", headers={"X-Request-ID": "mine-lost"})
    settled()
    (call,) = recent_calls.newest(acme.pk, "live", failed=True)
    assert (call.status, call.request_id) == (404, "mine-lost") and call.code
    assert call.code in shown(browser)


def test_a_call_with_the_key_of_a_suspended_organization_is_theirs(acme, acme_key):
    organizations.suspend(acme, reason="Unpaid", by=SYSTEM)
    refused = Caller(acme_key).get(COMPANIES, headers={"X-Request-ID": "at-rest-1"})
    assert refused.status_code == 403
    settled()
    (call,) = recent_calls.newest(acme.pk, "live")
    assert (call.status, call.request_id, call.key) == (403, "at-rest-1", "acme")
    assert call.code == "organization_not_active"


def test_nobody_sees_anothers_calls(browser, rival, acme_key, rival_key, bakery_key):
    Caller(rival_key).get(COMPANIES, headers={"X-Request-ID": "rivals-call"})
    Caller(bakery_key).get("/api/documents/", headers={"X-Request-ID": "bakerys-call"})
    Caller("no such key").get(COMPANIES, headers={"X-Request-ID": "nobodys-call"})
    Caller(acme_key).get(COMPANIES, headers={"X-Request-ID": "acmes-call"})
    mine, theirs = shown(browser), shown(signed_in(make_member(rival, "owner")))
    assert "acmes-call" in mine and "rivals-call" not in mine
    assert "rivals-call" in theirs and "acmes-call" not in theirs
    for page in (mine, theirs):
        assert "nobodys-call" not in page and "bakerys-call" not in page


def test_test_keys_and_live_keys_have_a_list_each(browser, acme, acme_key):
    issued = keys.issue(acme, name="tests", kind="platform", environment="test", by=SYSTEM)
    Caller(acme_key).get(COMPANIES, headers={"X-Request-ID": "called-live"})
    Caller(issued[1]).get(COMPANIES, headers={"X-Request-ID": "called-test"})
    assert "called-test" in shown(browser) and "called-live" not in shown(browser)
    assert "called-live" in shown(browser, keys="live")
    assert "No call failed" in shown(browser, keys="live", calls="failed")


def test_the_list_costs_no_query_and_no_call_one_more(browser, acme, acme_key):
    def queries(act):
        with CaptureQueriesContext(connection) as captured:
            act()
        return [q["sql"] for q in captured]

    shown(browser)
    none = len(queries(lambda: shown(browser)))
    Caller(acme_key).get(COMPANIES)
    for _ in range(10):
        Caller(acme_key).get(COMPANIES)
    assert len(queries(lambda: shown(browser))) == none
    found = queries(lambda: Caller(acme_key).get(COMPANIES))
    assert [sql for sql in found if sql.startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_the_newest_are_kept_and_a_flood_of_good_ones_pushes_no_failed_one_out():
    memory = Memory()
    memory.add("a", a_call(0, status=500))
    for number in range(1, MOST + 11):
        memory.add("a", a_call(number))
    found = memory.read("a")
    assert len(found) == MOST and found[0].path == f"/{MOST + 10}"
    assert [call.path for call in memory.read("a:failed")] == ["/0"]


def test_processes_share_one_list(settings, request):
    if not settings.REDIS_URL:
        pytest.skip("needs Redis")
    name = f"calls:tests:{time.time_ns()}"
    first, second = Shared(settings.REDIS_URL), Shared(settings.REDIS_URL)
    for number in range(MOST):
        first.add(name, a_call(number))
    first.settle()
    second.add(name, a_call(MOST, status=503))
    second.settle()
    for kept in (first, second):
        assert len(kept.read(name)) == MOST and kept.read(name)[0].status == 503
        assert len(kept.read(f"{name}:failed")) == 1
    assert 0 < redis.Redis.from_url(settings.REDIS_URL).ttl(name) <= recent_calls.KEPT


def test_a_store_out_of_reach_neither_fails_nor_delays_a_call(
    browser, acme_key, monkeypatch, caplog
):
    gone = Shared("redis://127.0.0.1:1/0")
    monkeypatch.setattr(recent_calls, "_kept", lambda: gone)
    monkeypatch.setattr(recent_calls, "_REST", 0.01)
    began = time.monotonic()
    for number in range(3000):
        gone.add("a", a_call(number))
    assert time.monotonic() - began < 2
    assert Caller(acme_key).get(COMPANIES).status_code == 200
    assert "cannot be read at the moment" in shown(browser)
    assert "API calls are missing" in caplog.text
