"""Counts documents. Called in the transaction that accepts, receives or fails one."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from peppol.models import DailyUsage, Document, MonthlyUsage
from peppol.models.usage import COUNTERS
from tenants.models import Organization


def count(organization: Organization, environment: str, counter: str, at: datetime) -> None:
    """Add one to `counter` (one of COUNTERS) on the day and in the month (UTC) of `at`."""
    assert counter in COUNTERS  # noqa: S101 — a slip of ours, never of a caller's
    day = at.date()
    for model, on in ((DailyUsage, day), (MonthlyUsage, day.replace(day=1))):
        row = {"organization": organization, "environment": environment, "on": on}
        _add(model, row, counter)


def failure_rate(organization: Organization) -> tuple[int, int]:
    """Of the documents that were sent in the last 24 hours: how many failed, and all (FLO-66)."""
    since = timezone.now() - timedelta(hours=24)
    recent = Document.objects.of(organization).outbound().filter(created_at__gte=since)
    return recent.filter(state=Document.State.FAILED).count(), recent.count()


def this_month() -> date:
    """The first day of the present month, by which months are known."""
    return timezone.now().date().replace(day=1)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month that `day` is in."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _add(
    model: type[DailyUsage] | type[MonthlyUsage], row: dict[str, object], counter: str
) -> None:
    rows = model.objects.filter(**row)
    if rows.update(**{counter: F(counter) + 1}):
        return
    try:
        with transaction.atomic():
            model.objects.create(**row, **{counter: 1})
    except IntegrityError:
        # Somebody else began the day between our look and our write.
        rows.update(**{counter: F(counter) + 1})
