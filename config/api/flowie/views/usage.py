"""Usage for chargebacks, and a tenant's statistics (FLO-39 to FLO-41, FLO-45).

They read the counters of days and months, never documents.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from billing.services import quotas
from config.api.flowie.openapi import usage as openapi
from config.api.flowie.requests import usage as requests
from config.api.flowie.requests.usage import Period
from config.api.flowie.responses import usage as responses
from config.api.flowie.responses.usage import QuotaUse, Sums
from config.api.flowie.surface import OF_PLATFORM, FlowieView
from config.api.kit.access import PROGRAMS, to_read
from peppol.services.documents import limits, usage
from tenants.models import Organization


class UsageView(FlowieView):
    """Shared by what counts: the counters of the key's environment."""

    def counters(self, period: Period) -> Any:
        """Everybody's in that time: begin at an organization."""
        return period.counters(self.caller.environment)

    def sums(self, platform: Organization, period: Period) -> Sums:
        """What a platform and its companies exchanged in that time."""
        rows = usage.days(platform).between(period.start, period.end)
        found: Sums = rows.filter(environment=self.caller.environment).totals()
        return found


class Usage(UsageView):
    """Documents of a period, in all and by company, of the key's environment."""

    access = {"GET": OF_PLATFORM}

    @extend_schema(**openapi.USAGE)
    def get(self, request: Any) -> Response:
        query = self.read_query(requests.UsageQuery)
        period = Period.of(query)
        # What all companies of a platform exchanged, and the platform itself (FLO-41).
        sums = self.sums(self.organization, period)
        grouped = self._by_company(query, period) if "groupBy" in query else {}
        total = responses.Total.of(sums)
        return Response(responses.Usage.of(period, total=total, **grouped))

    def _by_company(self, query: dict[str, Any], period: Period) -> dict[str, Any]:
        scope = f"{self.organization.pk}:usage:{period}"
        page = self.page(self._listed(period), query, scope)
        found = self.counters(period).filter(organization__in=page.rows).by_organization()
        sums = {row["organization_id"]: row for row in found}
        rows = [responses.UsageRow.about(company, sums.get(company.pk)) for company in page.rows]
        return {"byCompany": rows, "nextCursor": page.next or None}

    def _listed(self, period: Period) -> "QuerySet[Organization, Organization]":
        """Live companies, and whoever exchanged something in the time."""
        platform, environment = self.organization, self.caller.environment
        used = self.counters(period).filter(organization=OuterRef("pk"))
        mine = Organization.objects.filter(Q(parent=platform) | Q(pk=platform.pk))
        live = Q(deleted_at=None, environment=environment, parent=platform)
        return mine.filter(live | Exists(used))


class Stats(UsageView):
    """A tenant's documents, its quota and how much of the last day failed."""

    access = {"GET": to_read(Ability.ACCOUNT_READ, kinds=PROGRAMS)}
    needs_company = True

    @extend_schema(**openapi.STATS)
    def get(self, request: Any) -> Response:
        period = Period.of(self.read_query(requests.PeriodQuery))
        return Response(self._stats(self.acting, period))

    def _stats(self, company: Organization, period: Period) -> dict[str, Any]:
        failed, sent = usage.failure_rate(company)
        return responses.Stats.of(
            company,
            period=responses.ShownPeriod.of(period),
            documents=responses.Counted.of(self.counters(period).of(company).totals()),
            quota=responses.Quota.of(self._quota(company, period.end)),
            last24Hours=responses.LastDay.about(failed=failed, sent=sent),
        )

    def _quota(self, company: Organization, day: date) -> QuotaUse:
        """The company's own of that month; of a pooled one only the platform learns (FLO-45)."""
        own, platform = limits.of_company(company, day), company.parent
        if own.limit is None and self.caller.kind == "platform" and platform is not None:
            return QuotaUse("platform", quotas.of(platform, day))
        return QuotaUse("company", own)
