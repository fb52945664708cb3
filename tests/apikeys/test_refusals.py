"""Requests that rate limits turn away are counted, and a flood of them is no flood of writes."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apikeys.models import Refusal
from apikeys.services import refusals
from apikeys.tasks import tidy
from tenants.models import Organization


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is told."""
    now = [1000.0]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now[0])
    return now


def counted(organization: Organization) -> int:
    return sum(Refusal.objects.filter(organization=organization).values_list("count", flat=True))


def test_the_first_refusal_is_written_at_once(acme, clock):
    refusals.count(acme)
    assert counted(acme) == 1


def test_a_flood_is_written_once_a_minute(acme, rival, clock):
    with CaptureQueriesContext(
        connection,
    ) as flood:
        for _ in range(500):
            refusals.count(acme)
    assert counted(acme) == 1 and len(flood) <= 6
    clock[0] += 59
    refusals.count(acme)
    assert counted(acme) == 1
    clock[0] += 1
    refusals.count(rival)
    assert (counted(acme), counted(rival)) == (501, 1)


def test_the_end_of_a_flood_is_written_by_whatever_request_comes_next(acme, clock):
    for _ in range(7):
        refusals.count(acme)
    refusals.settle()
    assert counted(acme) == 1
    clock[0] += 60
    refusals.settle()
    assert counted(acme) == 7


def test_settling_costs_nothing_when_nothing_waits(acme, django_assert_num_queries):
    with django_assert_num_queries(0):
        refusals.settle()


def test_what_could_not_be_written_is_written_later(acme, clock, monkeypatch):
    real = refusals._add

    def fail(*_):
        raise DatabaseError

    monkeypatch.setattr(refusals, "_add", fail)
    refusals.count(acme)
    monkeypatch.setattr(refusals, "_add", real)
    clock[0] += 60
    refusals.count(acme)
    assert counted(acme) == 2


def test_two_days_are_two_rows(acme, clock, monkeypatch):
    refusals.count(acme)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(refusals.timezone, "now", lambda: tomorrow)
    refusals.count(acme)
    assert Refusal.objects.count() == 2


def test_old_counts_are_forgotten(acme):
    today = timezone.now().date()
    for days in (0, 399, 401):
        Refusal.objects.create(organization=acme, day=today - timedelta(days=days), count=1)
    tidy()
    assert Refusal.objects.count() == 2


def test_an_api_counts_whom_it_turns_away(acme, acme_key, client):
    Organization.objects.filter(pk=acme.pk).update(requests_per_minute=2)
    headers = {"Authorization": f"Bearer {acme_key}"}
    answers = [client.get("/api/admin/tenants", headers=headers).status_code for _ in range(4)]
    assert answers[2:] == [429, 429]
    # One is written, the other waits for the next request a minute later.
    assert counted(acme) == 1 and sum(refusals._waiting.values()) == 1
