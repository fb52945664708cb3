"""How many documents a tenant exchanged."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.responses.stats import StatsAnswer, Usage
from config.api.einvoice.tenant.surface import TenantView
from peppol.models import DailyUsage
from tenants.errors import WrongState
from tenants.models import Organization

_ACTIONS = {"DOCUMENT_SENT": "sent", "DOCUMENT_RECEIVED": "received"}


class Stats(TenantView):
    """The tenant's usage by day, week or month."""

    @extend_schema(**doc.STATS)
    def get(self, request: Any) -> Response:
        asked = self.read_query(requests.StatsQuery)
        start, end = asked.get("start_date"), asked.get("end_date")
        if start and end and start > end:
            raise WrongState("start_date must not be after end_date", code="invalid_range")
        return Response(StatsAnswer.of(_usage(self.organization, start, end, asked["aggregation"])))


def _usage(tenant: Organization, start: date | None, end: date | None, aggregation: str) -> Usage:
    rows = DailyUsage.objects.of(tenant).between(start or date.min, end or date.max)
    days = list(rows.by_day())
    today = timezone.now().date()
    first = start or min([row["on"] for row in days] or [end or today])
    last = end or max([row["on"] for row in days] or [first])
    counts: Counter[tuple[date, str]] = Counter()
    for row in days:
        for action, counter in _ACTIONS.items():
            if row[counter]:
                counts[_begin(row["on"], aggregation), action] += row[counter]
    return Usage(tenant, first, last, aggregation, counts)


def _begin(day: date, aggregation: str) -> date:
    """The first day of the period that `day` is in."""
    if aggregation == "WEEK":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if aggregation == "MONTH" else day
