"""Usage for chargebacks, and a tenant's statistics."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from config.api.flowie.responses.parts import CompanyId, Count
from config.api.kit.answers import (
    Answer,
    Anything,
    Choice,
    Day,
    Flag,
    Float,
    Number,
    Text,
    nothing,
)
from peppol.services.documents import limits
from tenants.ids import spell
from tenants.models import Organization

Sums = dict[str, int]
_NONE: Sums = dict.fromkeys(("sent", "received", "failed", "compliance_reports"), 0)


class ShownPeriod(Answer):
    """Days in UTC, both included."""

    start = Day()
    end = Day()


class Total(Answer):
    """What all companies exchanged."""

    documentsSent = Count(itemgetter("sent"))
    documentsReceived = Count(itemgetter("received"))
    documentsFailed = Count(itemgetter("failed"))
    complianceReports = Count(itemgetter("compliance_reports"))


class Counted(Answer):
    """What the company exchanged."""

    sent = Count(itemgetter("sent"))
    received = Count(itemgetter("received"))
    failed = Count(itemgetter("failed"))
    complianceReports = Count(itemgetter("compliance_reports"))


class UsageRow(Counted):
    """What one company exchanged; `tenantId` is its `metadata.tenantId`."""

    companyId = Text()
    tenantId = Anything()

    @classmethod
    def about(cls, company: Organization, sums: Sums | None) -> dict[str, Any]:
        """Of a company, also of one that exchanged nothing (FLO-39, FLO-40)."""
        tenant = company.metadata.get("tenantId")
        return cls.of(sums or _NONE, companyId=spell("comp", company.pk), tenantId=tenant)


class Usage(Answer):
    """Usage of a period; the last two fields with `groupBy=company`."""

    period = ShownPeriod(source="*")
    total = Total()
    byCompany = UsageRow(many=True, required=False, read=nothing)
    nextCursor = Text(nothing, allow_null=True, required=False)


@dataclass(frozen=True)
class QuotaUse:
    """How much of a quota is used: the company's own, or the one that all companies share."""

    scope: str
    quota: limits.Quota

    @property
    def percent(self) -> float | None:
        """How many of a hundred; None of a quota without limit."""
        limit = self.quota.limit
        return round(100 * self.quota.used / limit, 1) if limit else None

    @property
    def is_alarming(self) -> bool:
        """Whether somebody should know."""
        return self.quota.tone != "fine"


class Quota(Answer):
    """How much is used of the company's own quota, or of the one all companies share."""

    scope = Choice(["company", "platform"])
    limit = Number("quota.limit", allow_null=True)
    used = Count("quota.used")
    percent = Float(allow_null=True)
    alert = Flag("is_alarming", help_text="From 80 % on.")
    hard = Flag("quota.is_hard", help_text="Whether sending stops when it is used up.")


class LastDay(Answer):
    """Of the documents sent in the last 24 hours, how many failed."""

    sent = Count()
    failed = Count()
    failureRate = Float(min_value=0, max_value=1)

    @classmethod
    def about(cls, *, failed: int, sent: int) -> dict[str, Any]:
        """So many failed of those that were sent."""
        rate = round(failed / sent, 4) if sent else 0.0
        return cls.of(None, sent=sent, failed=failed, failureRate=rate)


class Stats(Answer):
    """A tenant's documents, quota and health."""

    companyId = CompanyId("pk")
    period = ShownPeriod()
    documents = Counted()
    quota = Quota()
    last24Hours = LastDay()
