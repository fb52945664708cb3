"""What usage and statistics show. They read the counters of days and months, never documents."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from peppol.models import DailyUsage, MonthlyUsage
from peppol.models.usage import UsageQuerySet
from peppol.services.documents import usage
from tenants.ids import spell
from tenants.models import Organization

# From this share of the quota on, somebody should know (FLO-45, FLO-66).
ALERT_PERCENT = 80


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included; `name` is month, day or custom."""

    name: str
    start: date
    end: date

    @classmethod
    def of(cls, query: dict[str, Any]) -> "Period":
        """The period that a query asks for: the one with `start` in it, else today's."""
        start = query.get("start") or timezone.now().date()
        match query["period"]:
            case "month":
                return cls("month", *usage.month_of(start))
            case "day":
                return cls("day", start, start)
        return cls("custom", start, query["end"])

    def rows(self, environment: str) -> Any:
        """The counters of the period, of everybody: begin at an organization."""
        months = self.name == "month"
        counters: UsageQuerySet = (MonthlyUsage if months else DailyUsage).objects.all()
        return counters.between(self.start, self.end).filter(environment=environment)

    def shown(self) -> dict[str, str]:
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


def total(platform: Organization, period: Period, environment: str) -> dict[str, int]:
    """What all companies of a platform exchanged, and the platform itself (FLO-41)."""
    sums = period.rows(environment).visible_to(platform).totals()
    return {
        "documentsSent": sums["sent"],
        "documentsReceived": sums["received"],
        "documentsFailed": sums["failed"],
        "complianceReports": sums["compliance_reports"],
    }


def billed(
    platform: Organization, period: Period, environment: str
) -> "QuerySet[Organization, Organization]":
    """Whose usage a report lists: live companies, and whoever exchanged something in the time."""
    used = period.rows(environment).filter(organization=OuterRef("pk"))
    mine = Organization.objects.filter(Q(parent=platform) | Q(pk=platform.pk))
    live = Q(deleted_at=None, environment=environment, parent=platform)
    return mine.filter(live | Exists(used))


def by_company(
    companies: list[Organization], period: Period, environment: str
) -> list[dict[str, Any]]:
    """A row for each of `companies`, those without documents too (FLO-39, FLO-40)."""
    found = period.rows(environment).filter(organization__in=companies).by_organization()
    sums = {row["organization_id"]: row for row in found}
    return [_row(company, sums.get(company.pk, {})) for company in companies]


def stats(
    company: Organization, period: Period, environment: str, *, for_platform: bool
) -> dict[str, Any]:
    """A company's use of its quota; of a pooled one only the platform learns (FLO-45)."""
    own = period.rows(environment).of(company).totals()
    failed, sent = usage.failure_rate(company)
    return {
        "companyId": spell("comp", company.pk),
        "period": period.shown(),
        "documents": {
            "sent": own["sent"],
            "received": own["received"],
            "failed": own["failed"],
            "complianceReports": own["compliance_reports"],
        },
        "quota": _quota(company, own, period, environment, for_platform=for_platform),
        "last24Hours": {
            "sent": sent,
            "failed": failed,
            "failureRate": round(failed / sent, 4) if sent else 0.0,
        },
    }


def _quota(
    company: Organization,
    own: dict[str, int],
    period: Period,
    environment: str,
    *,
    for_platform: bool,
) -> dict[str, Any]:
    limit, used, scope = company.document_quota, _counted(own), "company"
    platform = company.parent
    if limit is None and for_platform and platform is not None:
        limit, scope = platform.document_quota, "platform"
        used = _counted(period.rows(environment).visible_to(platform).totals())
    percent = round(100 * used / limit, 1) if limit else None
    return {
        "scope": scope,
        "limit": limit,
        "used": used,
        "percent": percent,
        "alert": percent is not None and percent >= ALERT_PERCENT,
    }


def _counted(sums: dict[str, int]) -> int:
    """What counts against a quota: what was sent and what was received."""
    return sums["sent"] + sums["received"]


def _row(company: Organization, sums: dict[str, Any]) -> dict[str, Any]:
    return {
        "companyId": spell("comp", company.pk),
        "tenantId": company.metadata.get("tenantId"),
        "sent": sums.get("sent", 0),
        "received": sums.get("received", 0),
        "failed": sums.get("failed", 0),
        "complianceReports": sums.get("compliance_reports", 0),
    }
