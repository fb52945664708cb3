"""How many documents an organization exchanged: a row a day, and a row a month.

What all companies of a platform exchanged is summed as it is counted: a page that sums a hundred
thousand companies' days is none that one waits for.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models import Environment, Organization
from tenants.models.families import FamilyQuerySet, OfFamily

_Row = TypeVar("_Row", bound=models.Model)
COUNTERS = ("sent", "received", "failed", "compliance_reports")
# The documents that count: what is billed, and what a quota is of.
DOCUMENTS = F("sent") + F("received") - F("failed")


class CounterQuerySet(FamilyQuerySet[_Row]):
    """Sums of counters, over rows of days or months and never over documents."""

    def of(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def between(self, start: date, end: date) -> Self:
        """Rows that begin on `start`, on `end` or between."""
        return self.filter(on__gte=start, on__lte=end)

    def totals(self) -> dict[str, int]:
        """The sum of every counter."""
        sums = self.aggregate(**{name: Sum(name, default=0) for name in COUNTERS})
        return {name: int(sums[name]) for name in COUNTERS}

    def by_day(self) -> Any:
        """A row of sums per day or month."""
        return self.values("on").annotate(**{n: Sum(n) for n in COUNTERS}).order_by("on")


class UsageQuerySet(CounterQuerySet["Usage"]):
    """Reads of usage by organization."""

    def near_quota(self, percent: int) -> Self:
        """Of companies with a quota, their own or what their platform gives each, those months
        that used this much of it. Two queries, of which one is about platforms alone.
        """
        theirs = Organization.objects.exclude(document_quota=None)
        own = self.alias(used=DOCUMENTS * 100).filter(
            organization__parent__isnull=False,
            organization__document_quota__gt=0,
            used__gte=F("organization__document_quota") * percent,
        )
        near = Q(pk__in=own.values("pk"))
        for platform, quota in _quotas_given():
            given = Q(platform=platform, used__gte=quota * percent)
            near |= given & ~Q(organization=platform) & ~Q(organization__in=theirs.values("pk"))
        return self.alias(used=DOCUMENTS * 100).filter(near)

    def with_documents(self) -> Self:
        """With the number of documents that count, as `documents`."""
        return self.annotate(documents=DOCUMENTS)

    def by_organization(self) -> Iterable[Any]:
        """A row of sums per organization, by its id."""
        return (
            self.values("organization_id")
            .annotate(**{name: Sum(name) for name in COUNTERS})
            .order_by("organization_id")
        )


def _quotas_given() -> Iterator[tuple[Any, int]]:
    """Platforms that give each of their companies a number of documents a month, and which."""
    rows = Organization.objects.filter(parent=None, defaults__has_key="documentLimits")
    for pk, defaults in rows.values_list("pk", "defaults"):
        quota = (defaults["documentLimits"] or {}).get("perMonth")
        if quota:
            yield pk, int(quota)


class Counters(models.Model):
    """Counters of one organization and environment for the time that begins `on`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    environment = models.CharField(max_length=4, choices=Environment)
    on = models.DateField()
    sent = models.PositiveBigIntegerField(default=0)
    received = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    compliance_reports = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.organization} {self.on:%Y-%m-%d}"


class Usage(OfFamily, Counters):
    """What one organization itself exchanged."""

    objects = UsageQuerySet.as_manager()

    class Meta:
        abstract = True


class DailyUsage(Usage):
    """Usage of one day (UTC)."""

    class Meta:
        verbose_name = _("day of usage")
        verbose_name_plural = _("usage by day")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "on", "environment"], name="peppol_usage_day_once"
            )
        ]


class MonthlyUsage(Usage):
    """Usage of one month (UTC); `on` is its first day."""

    class Meta:
        verbose_name = _("month of usage")
        verbose_name_plural = _("usage")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "on", "environment"], name="peppol_usage_month_once"
            )
        ]
        indexes = [
            models.Index(fields=["on", "organization"], name="peppol_usage_by_month"),
            models.Index(fields=["platform", "on"], name="peppol_usage_family"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.on:%Y-%m}"


class FamilyUsageQuerySet(CounterQuerySet["FamilyUsage"]):
    """Reads of families' days."""

    def of(self, organization: Organization) -> Self:
        """What an organization that nobody manages exchanged, and its companies if it has any."""
        return self.filter(organization=organization)

    def visible_to(self, organization: Organization) -> Self:
        return self.of(organization)


class FamilyUsage(Counters):
    """A part of what an organization that nobody manages, with its companies, exchanged on a day.

    Companies that count at once take turns at a row, so that there are several: which of them a
    company adds to is its `shard`.
    """

    SHARDS = 8

    shard = models.PositiveSmallIntegerField(default=0)

    objects = FamilyUsageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "on", "environment", "shard"], name="peppol_family_day_once"
            )
        ]
