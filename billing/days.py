"""Which days of a month are charged, to whom and on which terms: the past as its rows tell it.

A day belongs to what held at its end: the subscription that began last on it, the payer after the
last change. A day that was begun in service is charged, the day on which a plan or a company ends
among them; one on which the organization or its platform was suspended throughout is not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Self
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from billing.models import Subscription, SubscriptionTerms
from billing.payers import paid_by
from peppol.services.documents.usage import month_of
from tenants.models import Environment, FormerPayer, Organization, Suspension

Payer = UUID | None
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Month:
    """A month's first and last day."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(*month_of(day))

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.last + _DAY, time(), UTC)

    def between(self, begun: datetime, ended: datetime | None) -> set[date]:
        """The days of the month on which something was there that was there between two times."""
        first = max(self.first, begun.date())
        last = min(self.last, (ended - _INSTANT).date()) if ended else self.last
        return {first + n * _DAY for n in range((last - first).days + 1)}


# --- The plan -------------------------------------------------------------------------------------


def subscribed(month: Month) -> QuerySet[Subscription]:
    """The subscriptions that ran at some time of `month`."""
    ends = Coalesce("ended_at", "ends_at")
    return Subscription.objects.alias(ends=ends).filter(
        Q(ends=None) | Q(ends__gt=month.begins_at), started_at__lt=month.ends_at
    )


def terms_by_day(payer: Organization, month: Month) -> dict[date, SubscriptionTerms]:
    """On which terms each day of `month` is charged; days without a plan are not in it."""
    found: dict[date, SubscriptionTerms] = {}
    rows = subscribed(month).filter(organization=payer).prefetch_related("terms")
    for row in rows.order_by("started_at"):
        dated = sorted(row.terms.all(), key=lambda terms: terms.since)
        for day in month.between(row.started_at, earliest(row.ended_at or row.ends_at, payer)):
            held = [terms for terms in dated if terms.since <= day]
            found[day] = held[-1] if held else dated[0]
    return dict(sorted(found.items()))


def earliest(ended: datetime | None, organization: Organization) -> datetime | None:
    """When something of an organization ended, which ends no later than the organization itself."""
    times = (ended, organization.closed_at, organization.deleted_at)
    return min((at for at in times if at), default=None)


# --- Who pays -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PayerHistory:
    """Who pays for some organizations, day by day; None on days for which nobody does."""

    present: Mapping[UUID, Payer]
    former: Mapping[UUID, list[tuple[date, Payer]]] = field(default_factory=dict)

    @classmethod
    def of(cls, organizations: Iterable[Organization], month: Month) -> Self:
        """That of `month` and since."""
        rows = list(organizations)
        changes = (
            FormerPayer.objects.filter(organization__in=rows, until__gte=month.begins_at + _DAY)
            .select_related("organization")
            .order_by("organization_id", "until")
        )
        former = {
            pk: [(row.until.date(), _payer(row, row.organization)) for row in mine]
            for pk, mine in groupby(changes, key=lambda row: row.organization_id)
        }
        return cls({row.pk: _payer(row, row) for row in rows}, former)

    def on(self, organization: UUID, day: date) -> Payer:
        """Who pays for `organization` at the end of `day`."""
        changes = self.former.get(organization, ())
        return next((payer for until, payer in changes if until > day), self.present[organization])


def _payer(row: Organization | FormerPayer, organization: Organization) -> Payer:
    counts = row.environment == Environment.LIVE and not row.test_mode
    if row.withhold_billing or not counts:
        return None
    return row.bill_to_id or organization.platform_id


def ever_paid_by(payer: Organization, month: Month) -> QuerySet[Organization]:
    """The organizations that `payer` pays for, or paid for at some time since `month` began."""
    former = _former(month).filter(payer_id=payer.pk)
    return Organization.objects.filter(
        Q(pk__in=paid_by(payer).values("pk")) | Q(pk__in=former.values("organization_id"))
    )


def ever_payers(month: Month) -> Iterable[UUID]:
    """Those who paid, at some time since `month` began, for an organization that changed since."""
    found: Iterable[UUID] = _former(month).values_list("payer_id", flat=True).distinct()
    return found


def _former(month: Month) -> Any:
    payer = Coalesce(F("bill_to_id"), F("organization__parent_id"), F("organization_id"))
    return moved(month).annotate(payer_id=payer)


def moved(month: Month) -> QuerySet[FormerPayer]:
    """The changes of payers that divide `month`, or came after it."""
    return FormerPayer.objects.filter(until__gte=month.begins_at + _DAY)


# --- Suspensions ----------------------------------------------------------------------------------


def suspended(organizations: Iterable[UUID | None], month: Month) -> dict[UUID, set[date]]:
    """The days of `month` on which each was suspended throughout."""
    rows = Suspension.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=month.begins_at),
        organization__in={pk for pk in organizations if pk},
        started_at__lt=month.ends_at,
    )
    found: dict[UUID, set[date]] = {}
    for row in rows:
        first = max(month.first, row.started_at.date() + _DAY)
        last = min(month.last, row.ended_at.date() - _DAY) if row.ended_at else month.last
        days = {first + n * _DAY for n in range((last - first).days + 1)}
        found.setdefault(row.organization_id, set()).update(days)
    return found
