"""Days with events in them, for the tests of the audit trail's seals."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tenants.ids import earliest, uuid7
from tenants.models import Event
from tenants.services import audit_trail
from tenants.services.audit_trail import seal_days


def today() -> date:
    """Asked anew by each test: a run may begin on one day and end on the next."""
    return datetime.now(UTC).date()


def days() -> list[date]:
    """The four days before today."""
    return [today() - timedelta(days=n) for n in (4, 3, 2, 1)]


def happened(organization, day: date, n: int = 0, **facts) -> Event:
    at = datetime(day.year, day.month, day.day, 12, n, tzinfo=UTC)
    id = UUID(int=earliest(at).int + (uuid7().int & (2**64 - 1)))
    return Event.objects.create(
        id=id,
        type="company.updated",
        organization=organization,
        platform=organization,
        environment="live",
        occurred_at=at,
        actor_kind="system",
        distributed_at=at,
        data={"fields": ["city"], "n": n},
        **facts,
    )


@pytest.fixture
def past(acme):
    """Four days with three events each, but none on the third; and none of today."""
    Event.objects.all().delete()
    busy = [day for n, day in enumerate(days()) if n != 2]
    return {day: [happened(acme, day, n) for n in range(3)] for day in busy}


@pytest.fixture
def sealed(past, monkeypatch):
    """The same, sealed. However early in the day the tests run, yesterday is over."""
    monkeypatch.setattr(audit_trail, "LATE", timedelta(0))
    seal_days()
    return past
