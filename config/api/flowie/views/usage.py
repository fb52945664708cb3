"""Usage for chargebacks, and a tenant's statistics (FLO-39 to FLO-41, FLO-45)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.flowie.openapi import operations as doc
from config.api.flowie.requests import queries
from config.api.flowie.responses import usage
from config.api.flowie.surface import FlowieView
from config.api.kit import cursors


class Usage(FlowieView):
    """Documents of a period, in all and by company, of the key's environment."""

    scopes = {"GET": ("platform",)}

    @extend_schema(**doc.USAGE)
    def get(self, request: Any) -> Response:
        query = self.read_query(queries.UsageQuery)
        period, environment = usage.Period.of(query), self.caller.environment
        shown = {
            "period": period.shown(),
            "total": usage.total(self.organization, period, environment),
        }
        grouped = self._by_company(query, period) if "groupBy" in query else {}
        return Response({**shown, **grouped})

    def _by_company(self, query: dict[str, Any], period: usage.Period) -> dict[str, Any]:
        environment = self.caller.environment
        page = cursors.page(
            usage.billed(self.organization, period, environment),
            limit=query["limit"],
            cursor=query["cursor"],
            scope=f"{self.organization.pk}:usage:{period}",
        )
        rows = usage.by_company(page.rows, period, environment)
        return {"byCompany": rows, "nextCursor": page.next or None}


class Stats(FlowieView):
    """A tenant's documents, its quota and how much of the last day failed."""

    serves = ("platform", "company")
    needs_company = True

    @extend_schema(**doc.STATS)
    def get(self, request: Any) -> Response:
        period = usage.Period.of(self.read_query(queries.PeriodQuery))
        shown = usage.stats(
            self.acting,
            period,
            self.caller.environment,
            for_platform=self.caller.kind == "platform",
        )
        return Response(shown)
