"""The clock is set back by an hour: nothing waits for the old time to come again."""

import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from celery import Celery
from django.apps import apps
from django.db import models
from django.utils import timezone

from config.schedule import Scheduler
from peppol.models import Circuit, Document
from tenants import events
from tenants.models import Event, Heartbeat
from tenants.services import clock
from tests.conftest import SYSTEM
from tests.peppol.trading import send
from webhooks.models import Delivery
from webhooks.services import distribution, endpoints

HOUR = timedelta(hours=1)
# What is no wait but the end of something: a right, a secret, a promise to a person.
ENDS = ("expires_at", "ends_at", "certificate_until", "previous_secret_until", "until")


@pytest.fixture
def endpoint(bakery):
    found, _ = endpoints.create(bakery, url="https://hooks.example/x", event_types=["*"], by=SYSTEM)
    return found


def deliveries_of(company, endpoint, count=1):
    for _ in range(count):
        events.record(company, "company.updated", by=SYSTEM)
    distribution.distribute()
    return Delivery.objects.filter(endpoint=endpoint, event__type="company.updated")


def waits(row):
    row.refresh_from_db()
    return row.next_attempt_at - timezone.now()


def test_every_column_that_work_waits_for_is_watched():
    due = re.compile(r"^next_|_until$|^lease_|^forward_at$|_check_at$")
    columns = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model.__module__.startswith(("tenants", "apikeys", "webhooks", "peppol", "billing"))
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateTimeField) and due.search(field.name)
    }
    left = {one for one in columns if one[1] not in ENDS}
    assert left == {(wait.model, wait.column) for wait in clock.watched()}


def test_what_was_due_at_the_old_time_is_due_now(bakery, endpoint):
    """67 events used to wait for an hour."""
    with time_machine.travel(timezone.now() + HOUR):
        new, sending, later = deliveries_of(bakery, endpoint, 3).order_by("-id")[:3]
        Delivery.objects.filter(pk=sending.pk).update(
            state="sending", next_attempt_at=timezone.now() + timedelta(seconds=60)
        )
        Delivery.objects.filter(pk=later.pk).update(
            attempt_count=3, next_attempt_at=timezone.now() + timedelta(minutes=30)
        )
        clock.beat("celery@one")
    assert not Delivery.objects.due().exists()
    clock.beat("celery@one")
    assert set(Delivery.objects.due()) >= {new, sending}
    assert timedelta(minutes=29) < waits(later) < timedelta(minutes=31)
    assert Heartbeat.objects.get(name="celery@one").beat_at <= timezone.now()


def test_a_worker_that_did_not_see_the_change_cuts_what_is_too_far_off(sender):
    with time_machine.travel(timezone.now() + HOUR):
        document, claimed = send(sender), send(sender)
        Document.objects.filter(pk=claimed.pk).update(
            state="sending", claim=uuid4(), next_attempt_at=timezone.now() + timedelta(seconds=80)
        )
        Circuit.objects.create(
            name="x", state="open", next_probe_at=timezone.now() + timedelta(seconds=30)
        )
    clock.beat("celery@another")
    assert set(Document.objects.due()) == {document, claimed}
    assert Circuit.objects.get(name="x").next_probe_at <= timezone.now()


def test_a_wait_within_its_bounds_is_left_alone(bakery, endpoint, sender):
    delivery = deliveries_of(bakery, endpoint).first()
    Delivery.objects.update(attempt_count=5, next_attempt_at=timezone.now() + 9 * HOUR)
    document = send(sender)
    Document.objects.update(state="sending", attempt_count=8, next_attempt_at=timezone.now() + HOUR)
    clock.beat("celery@one")
    clock.beat("celery@one")
    assert waits(delivery) > 8 * HOUR and waits(document) > timedelta(minutes=59)


def test_an_endpoint_of_the_old_time_hears_of_what_happens_now(bakery):
    with time_machine.travel(timezone.now() + HOUR):
        endpoints.create(bakery, url="https://hooks.example/x", event_types=["*"], by=SYSTEM)
        distribution.distribute()
        Event.objects.update(distributed_at=timezone.now())
    events.record(bakery, "company.updated", by=SYSTEM)
    distribution.distribute()
    assert Delivery.objects.filter(event__type="company.updated").count() == 1


def test_the_schedule_goes_on_at_the_new_time(tmp_path):
    """Celery's own sends nothing until the old time has come again."""
    sent = []

    class Noting(Scheduler):
        def apply_entry(self, entry, producer=None):
            sent.append(entry.name)

    app = Celery("schedule", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {
        name: {"task": name, "schedule": 2.0} for name in ("one", "two", "three")
    }
    with time_machine.travel(time.time() + 3600, tick=False) as then:
        scheduler = Noting(app=app, schedule_filename=str(tmp_path / "beat"))
        for _ in range(12):
            scheduler.tick()
            then.shift(1)
        assert set(sent) >= {"one", "two", "three"}
    sent.clear()
    with time_machine.travel(time.time(), tick=False) as now:
        for _ in range(12):
            assert scheduler.tick() <= 2
            now.shift(1)
    assert set(sent) >= {"one", "two", "three"}
    scheduler.close()
