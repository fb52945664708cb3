"""Liveness and readiness: what makes the installation unready, and what is only worth knowing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config import health
from peppol.services import circuits
from tenants.models import Event, Heartbeat
from tests.conftest import make_company


@pytest.fixture
def worker(db):
    return Heartbeat.objects.create(name="worker", beat_at=timezone.now())


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(health, "_last", (0.0, {}))


def test_a_process_that_answers_is_alive(client, db):
    assert client.get("/health/liveness").json() == {"status": "alive"}


def test_everything_in_order_is_ready(client, worker):
    answer = client.get("/health/readiness")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert set(answer.json()["checks"]) == {
        "database",
        "broker",
        "storage",
        "worker",
        "outbox",
        "deliveries",
        "circuit_breakers",
        "rules",
        "certificates",
        "network_reports",
    }


def test_the_rules_in_force_are_shown(client, worker):
    shown = client.get("/health/readiness").json()["checks"]["rules"]
    assert shown["ok"] and shown["in_force"] == [
        {"name": "BIS Billing 3.0.21, release 2026.5, built in", "mandatory_from": "2026-08-17"}
    ]


@pytest.mark.parametrize("beat", [None, timedelta(seconds=61)])
def test_without_a_worker_it_is_not_ready(client, db, beat):
    if beat:
        Heartbeat.objects.create(name="worker", beat_at=timezone.now() - beat)
    answer = client.get("/health/readiness")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"]["ok"] is False


def test_an_outbox_that_nobody_empties_is_not_ready(client, worker, acme):
    make_company(acme, "Waiting")
    Event.objects.update(occurred_at=timezone.now() - timedelta(minutes=2))
    assert client.get("/health/readiness").status_code == 503


def test_an_open_circuit_is_shown_and_requests_are_still_taken(client, worker, settings):
    """FLO-46."""
    for _ in range(circuits.THRESHOLD):
        circuits.failed(settings.SMP_URL, "no answer")
    answer = client.get("/health/readiness")
    assert answer.status_code == 200
    assert answer.json()["checks"]["circuit_breakers"] == {
        "ok": False,
        "detail": "smp: open (it does not answer)",
        "states": {"smp": "open", "access_point": "closed"},
    }


def test_asking_often_costs_little(client, worker, django_assert_num_queries):
    client.get("/health/readiness")
    with django_assert_num_queries(0):
        client.get("/health/readiness")
