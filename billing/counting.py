"""How many documents count for a payer: the one function that quotas, pages and bills ask.

Counters of the month are read where one payer paid for all of it. Where the payer changed, or the
plan did not last the month, the counters of its days are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from billing.days import Month, PayerHistory, ever_paid_by, moved
from billing.payers import paid_by
from peppol.models import DailyUsage, MonthlyUsage
from peppol.models.usage import DOCUMENTS
from tenants.models import Environment, Organization
from tenants.row_security import limit_rows_to_bill_of

_COUNTED = ("sent", "received", "failed")


@dataclass(frozen=True)
class Count:
    """What a company exchanged in the days for which one payer pays."""

    sent: int = 0
    received: int = 0
    failed: int = 0

    @property
    def documents(self) -> int:
        return max(self.sent + self.received - self.failed, 0)


def without_plan(payer: Organization, day: date) -> int:
    """How many documents of the month of `day` would go on the bill of `payer`, who has none."""
    whole = Month.of(day)
    return documents(payer, whole, _all(whole))


def documents(payer: Organization, month: Month, days: set[date]) -> int:
    """How many documents of the given days of `month` go on the bill of `payer`.

    It counts what is on the bill, also of those whom `payer` may not look at: a number says nothing
    of them.
    """
    with limit_rows_to_bill_of(payer):
        billed = moved(month).filter(bill_to=payer).values_list("organization", flat=True)
        former = [Organization(pk=pk) for pk in billed.distinct()]
    with limit_rows_to_bill_of(payer, *former):
        return _documents(payer, month, days)


def _documents(payer: Organization, month: Month, days: set[date]) -> int:
    changed = list(ever_paid_by(payer, month).filter(pk__in=moved(month).values("organization")))
    counts = by_company(changed, payer, month, days)
    steady = paid_by(payer).exclude(pk__in=[company.pk for company in changed])
    total = sum(count.documents for count in counts.values())
    return total + _of_steady(steady, month, days)


def by_company(
    companies: Iterable[Organization], payer: Organization, month: Month, days: set[date]
) -> dict[UUID, Count]:
    """What each of `companies` exchanged on the given days for which `payer` paid."""
    history = PayerHistory.of(companies, month)
    payers_own = [pk for pk in history.present if pk not in history.former]
    found = {row.pop("organization"): Count(**row) for row in _summed(payers_own, month, days)}
    by_day: Any = DailyUsage.objects.filter(
        organization__in=list(history.former), environment=Environment.LIVE, on__in=days
    )
    for row in by_day.values("organization", "on", *_COUNTED).iterator():
        pk = row["organization"]
        if history.on(pk, row["on"]) == payer.pk:
            former = found.get(pk, Count())
            found[pk] = Count(**{name: getattr(former, name) + row[name] for name in _COUNTED})
    return found


def _of_steady(steady: "QuerySet[Organization]", month: Month, days: set[date]) -> int:
    """Row by row as the lines count them, so that the sum of the lines is this."""
    live: dict[str, Any] = {
        "environment": Environment.LIVE,
        "organization__in": steady.values("pk"),
    }
    if days == _all(month):
        rows = MonthlyUsage.objects.filter(
            on=month.first, sent__gte=F("failed") - F("received"), **live
        )
        return int(rows.aggregate(n=Sum(DOCUMENTS, default=0))["n"])
    by_day: Any = DailyUsage.objects.filter(on__in=days, **live).values("organization")
    return sum(max(row["n"], 0) for row in by_day.annotate(n=Sum(DOCUMENTS)).iterator())


def _summed(companies: list[UUID], month: Month, days: set[date]) -> Any:
    live: dict[str, Any] = {"environment": Environment.LIVE, "organization__in": companies}
    if days == _all(month):
        return MonthlyUsage.objects.filter(on=month.first, **live).values("organization", *_COUNTED)
    return (
        DailyUsage.objects.filter(on__in=days, **live)
        .values("organization")
        .annotate(**{name: Sum(name) for name in _COUNTED})
    )


def _all(month: Month) -> set[date]:
    return month.between(month.begins_at, None)
