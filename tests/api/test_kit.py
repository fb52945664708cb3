"""What every surface does: repeated calls, limits, headers, faults."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apikeys import moving_windows, throttling
from apikeys.models import ApiKey, IdempotentCall
from apikeys.services import idempotency
from config.api.einvoice.responses import TenantAnswer
from config.api.einvoice.views import tenants
from config.api.kit.retirement import Retirement
from tenants.ids import uuid7
from tenants.models import Organization
from tests.api.conftest import Caller

TENANTS = "/api/admin/tenants"


def key(text):
    return {"headers": {"Idempotency-Key": text}}


def test_a_repeated_call_gets_the_first_answer_byte_for_byte(call):
    first = call.post(TENANTS, {"name": "one"}, **key("k-1"))
    again = call.post(TENANTS, {"name": "one"}, **key('"k-1"'))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert Organization.objects.filter(kind="managed").count() == 1


def test_a_key_that_was_shown_once_is_shown_again_to_whoever_repeats_the_call(call, bakery):
    path = f"{TENANTS}/{bakery.pk}/api-keys"
    first = call.post(path, {"name": "k"}, **key("k-2"))
    again = call.post(path, {"name": "k"}, **key("k-2"))
    assert first.json()["key"] == again.json()["key"]
    assert again["Cache-Control"] == "no-store"
    stored = str(list(IdempotentCall.objects.values())) + str(
        [bytes(call.answer) for call in IdempotentCall.objects.all()]
    )
    assert first.json()["key"][-36:] not in stored and "k-2" not in stored


def test_a_refusal_is_repeated_too_and_a_later_change_does_not_matter(call):
    first = call.post(TENANTS, {}, **key("k-3"))
    assert call.post(TENANTS, {}, **key("k-3")).content == first.content


def test_one_key_with_two_bodies_is_refused(call):
    call.post(TENANTS, {"name": "one"}, **key("k-4"))
    answer = call.post(TENANTS, {"name": "two"}, **key("k-4"))
    assert answer.status_code == 422 and "Idempotency-Key" in answer.json()["detail"]


def test_one_key_on_two_paths_or_of_two_callers_is_two_calls(call, rival_call, bakery):
    assert call.post(TENANTS, {"name": "one"}, **key("k-5")).status_code == 201
    path = f"{TENANTS}/{bakery.pk}/api-keys"
    assert call.post(path, {"name": "one"}, **key("k-5")).status_code == 201
    assert rival_call.post(TENANTS, {"name": "one"}, **key("k-5")).status_code == 201


@pytest.mark.parametrize("text", ["", " ", '""', "x" * 256, "é"])
def test_what_cannot_be_a_key_is_refused(call, text):
    assert call.post(TENANTS, {"name": "one"}, **key(text)).status_code == 422


def test_while_the_first_call_runs_the_second_is_told_to_wait(call, acme):
    body = json.dumps({"name": "one"}).encode()
    call.post(TENANTS, raw=body, **key("k-6"))
    IdempotentCall.objects.update(answer=None)
    answer = call.post(TENANTS, raw=body, **key("k-6"))
    assert (answer.status_code, answer["Retry-After"]) == (409, "1")


def test_a_call_whose_process_died_may_be_made_again_after_its_lease(call, acme):
    call.post(TENANTS, {"name": "one"}, **key("k-7"))
    IdempotentCall.objects.update(answer=None, lease_until=timezone.now())
    Organization.objects.filter(kind="managed").update(deleted_at=timezone.now())
    assert call.post(TENANTS, {"name": "one"}, **key("k-7")).status_code == 201


def test_a_call_that_outlives_its_lease_leaves_the_effect_to_who_took_over(call, monkeypatch):
    real = TenantAnswer.of

    def slow(row):
        """By now its lease is over, and the same call has been taken up by somebody else."""
        IdempotentCall.objects.update(lease_until=timezone.now() + 2 * idempotency.LEASE)
        return real(row)

    monkeypatch.setattr(TenantAnswer, "of", slow)
    answer = call.post(TENANTS, {"name": "one"}, **key("k-11"))
    assert (answer.status_code, answer["Retry-After"]) == (409, "1")
    assert not Organization.objects.filter(kind="managed").exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_of_a_call_and_the_one_that_took_over_from_it_one_has_an_effect(acme_key, monkeypatch):
    real, begun, taken_over = TenantAnswer.of, threading.Event(), threading.Event()

    def slow(row):
        if not begun.is_set():
            begun.set()
            assert taken_over.wait(20)
        return real(row)

    def create():
        try:
            return Caller(acme_key).post(TENANTS, {"name": "one"}, **key("k-12")).status_code
        finally:
            connection.close()

    monkeypatch.setattr(TenantAnswer, "of", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(create)
        assert begun.wait(20)
        IdempotentCall.objects.update(lease_until=timezone.now())
        second = pool.submit(create)
        while not IdempotentCall.objects.filter(lease_until__gt=timezone.now()).exists():
            time.sleep(0.02)
        taken_over.set()
    assert (first.result(), second.result()) == (409, 201)
    assert Organization.objects.filter(kind="managed").count() == 1


def test_after_a_day_a_key_is_forgotten(call, time_machine, monkeypatch):
    call.post(TENANTS, {"name": "one"}, **key("k-8"))
    time_machine.move_to(timezone.now() + idempotency.KEPT + timedelta(seconds=1))
    assert call.post(TENANTS, {"name": "two"}, **key("k-8")).status_code == 201
    call.post(TENANTS, {"name": "three"}, **key("k-8b"))
    time_machine.move_to(timezone.now() + idempotency.KEPT + timedelta(seconds=1))
    monkeypatch.setattr(idempotency, "_AT_A_TIME", 1)
    assert idempotency.tidy() == 2
    assert not IdempotentCall.objects.exists()


def test_an_unforeseen_fault_is_dressed_leaves_nothing_and_is_not_repeated(call, monkeypatch):
    real = TenantAnswer.of
    monkeypatch.setattr(TenantAnswer, "of", lambda row: 1 / 0)
    answer = call.post(TENANTS, {"name": "one"}, **key("k-9"))
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Server Error"})
    assert not Organization.objects.filter(kind="managed").exists()
    monkeypatch.setattr(TenantAnswer, "of", real)
    assert call.post(TENANTS, {"name": "one"}, **key("k-9")).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_many_simultaneous_calls_one_has_an_effect(acme_key):
    """FLO-12 in general: 201 for one, its answer or 409 for the others."""

    def create(_):
        try:
            answer = Caller(acme_key).post(TENANTS, {"name": "one"}, **key("k-10"))
            return answer.status_code, answer.content if answer.status_code == 201 else b""
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(16)))
    assert Organization.objects.filter(kind="managed").count() == 1
    assert {status for status, _ in answers} <= {201, 409}
    assert len({body for status, body in answers if status == 201}) == 1


def test_every_answer_says_what_is_left(call):
    answers = (
        (call.get(TENANTS), 100),
        (call.get(f"{TENANTS}/x"), 100),
        (Caller(None).get(TENANTS), throttling.ANONYMOUS_PER_MINUTE),
    )
    for answer, limit in answers:
        assert answer["X-RateLimit-Limit"] == str(limit)
        assert int(answer["X-RateLimit-Remaining"]) < limit
        assert f"{limit};w=60" in answer["RateLimit-Policy"]
        assert answer["X-Request-ID"]


def test_the_101st_request_of_a_minute_is_refused_and_another_key_is_not(
    call, rival_call, acme, by
):
    """EIN-36, EIN-38."""
    statuses = [call.get(TENANTS).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    answer = call.get(TENANTS)
    assert answer.json() == {"detail": "Rate limit exceeded"}
    assert 0 < int(answer["Retry-After"]) <= 61 and answer["X-RateLimit-Remaining"] == "0"
    assert rival_call.get(TENANTS).status_code == 200


def test_the_1001st_request_of_an_hour_is_refused(call, acme):
    """EIN-37."""
    Organization.objects.filter(pk=acme.pk).update(requests_per_minute=5000)
    bucket = f"einvoice:{ApiKey.objects.get().pk}"
    for _ in range(999):
        throttling.admit(bucket, per_minute=5000, per_hour=1000)
    assert call.get(TENANTS).status_code == 200
    answer = call.get(TENANTS)
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 60


def test_the_window_moves(call, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    for _ in range(100):
        call.get(TENANTS)
    time_machine.move_to(start + timedelta(seconds=59), tick=False)
    assert call.get(TENANTS).status_code == 429
    time_machine.move_to(start + timedelta(seconds=61), tick=False)
    assert call.get(TENANTS).status_code == 200


@pytest.mark.parametrize("storage", ["memory://", "redis"])
def test_the_limit_is_exact_under_concurrency(settings, storage):
    if storage == "redis":
        if not settings.REDIS_URL:
            pytest.skip("REDIS_URL is not set")
        storage = settings.REDIS_URL
    settings.RATE_LIMIT_STORAGE = storage
    moving_windows.limiter.cache_clear()
    bucket = f"exact-{uuid7()}"

    def hit(_):
        return throttling.admit(bucket, per_minute=100, per_hour=1000).admitted

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(hit, range(400))) == 100
    moving_windows.limiter.cache_clear()


def test_counters_out_of_reach_admit_everybody(settings, call):
    settings.RATE_LIMIT_STORAGE = "redis://127.0.0.1:1"
    moving_windows.limiter.cache_clear()
    try:
        assert call.get(TENANTS).status_code == 200
    finally:
        settings.RATE_LIMIT_STORAGE = "memory://"
        moving_windows.limiter.cache_clear()


def test_a_key_that_travelled_in_clear_is_refused(settings, call):
    """FIS-63 in general: plain HTTP is refused and not redirected."""
    settings.SERVED_OVER_TLS = True
    assert call.get(TENANTS).status_code == 403
    assert call.get(TENANTS, secure=True).status_code == 200


@pytest.mark.parametrize(("method", "goes"), [("GET", True), ("POST", False)])
def test_what_will_go_says_so_with_every_answer(call, monkeypatch, method, goes):
    """RFC 9745 and RFC 8594; it answers as ever until it ends."""
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    going = Retirement(moment, "https://gatehouse.example/docs", moment + timedelta(days=90))
    monkeypatch.setattr(tenants.Tenants, "retirements", {"GET": going})
    answer = call(method, TENANTS, {} if method == "POST" else None)
    assert ("Deprecation" in answer) == goes
    if goes:
        assert answer["Deprecation"] == "@1798761600"
        assert answer["Sunset"] == "Thu, 01 Apr 2027 00:00:00 GMT"
        assert answer["Link"].startswith("<https://gatehouse.example/docs>")


def test_the_document_describes_every_operation(client, db):
    document = client.get("/api/docs/einvoice.json").json()
    assert document["openapi"].startswith("3.1")
    operations = [op for path in document["paths"].values() for op in path.values()]
    assert len(operations) == 52
    for operation in operations:
        assert {"401", "429", "422"} <= set(operation["responses"])
        assert operation["operationId"] and operation["summary"] and operation["tags"]


def test_the_docs_page_needs_nothing_from_outside(client, db):
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui-bundle.js" in page and "http://" not in page and "https://" not in page
