"""Counts documents. Called in the transaction that accepts, receives or fails one."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from peppol.models import DailyUsage, Document, FamilyUsage, MonthlyUsage
from peppol.models.usage import COUNTERS
from tenants.models import Organization
from tenants.row_security import limit_rows_to


def count(organization: Organization, environment: str, counter: str, at: datetime) -> None:
    """Add one to `counter` (one of COUNTERS) on the day and in the month (UTC) of `at`."""
    assert counter in COUNTERS  # noqa: S101 — a slip of ours, never of a caller's
    day = at.date()
    for model, on in ((DailyUsage, day), (MonthlyUsage, day.replace(day=1))):
        row = {"organization": organization, "environment": environment, "on": on}
        _add(model, row, counter)
    family = {"organization_id": organization.platform_id, "environment": environment, "on": day}
    # Whoever acts for a company adds to its platform's sum, and does not see it.
    with limit_rows_to(Organization(pk=organization.platform_id)):
        _add(FamilyUsage, {**family, "shard": organization.pk.int % FamilyUsage.SHARDS}, counter)


def count_document(document: Document, counter: str, at: datetime) -> None:
    """Add one for a document, unless it is an answer: those come with what they answer."""
    if document.is_counted:
        count(document.organization, document.environment, counter, at)


def days(organization: Organization) -> Any:
    """The days of an organization and, for a platform, of its companies: to be summed."""
    if organization.parent_id:
        return DailyUsage.objects.of(organization)
    return FamilyUsage.objects.of(organization)


def put_right(since: date) -> int:
    """Compare the days since then of all families with those of their members, and sum anew those
    that differ; how many they were."""
    members = _by_day(DailyUsage.objects.filter(on__gte=since), "platform_id")
    families = _by_day(FamilyUsage.objects.filter(on__gte=since), "organization_id")
    wrong = [key for key in {**families, **members} if families.get(key) != members.get(key)]
    for key in wrong:
        _sum_anew(*key)
    return len(wrong)


def _by_day(rows: Any, whose: str) -> dict[tuple[UUID, str, date], tuple[int, ...]]:
    sums = {f"sum_{name}": Sum(name) for name in COUNTERS}
    found = rows.order_by().values_list(whose, "environment", "on").annotate(**sums)
    return {(row[0], row[1], row[2]): tuple(row[3:]) for row in found.iterator()}


@transaction.atomic
def _sum_anew(whose: UUID, environment: str, on: date) -> None:
    """Who counts meanwhile waits for these rows, and adds to what is written here."""
    key: dict[str, Any] = {"environment": environment, "on": on}
    FamilyUsage.objects.get_or_create(organization_id=whose, shard=0, **key)
    rows = FamilyUsage.objects.filter(organization_id=whose, **key)
    locked = list(rows.select_for_update(no_key=True).order_by("shard"))
    totals = DailyUsage.objects.filter(platform_id=whose, **key).totals()
    for row in locked:
        for name in COUNTERS:
            setattr(row, name, totals[name] if row.shard == 0 else 0)
        row.save(update_fields=COUNTERS)


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
    model: type[DailyUsage] | type[MonthlyUsage] | type[FamilyUsage],
    row: dict[str, Any],
    counter: str,
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
