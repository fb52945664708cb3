"""Usage: of which time callers ask it, and which of our counters those are."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from config.api.flowie.requests.fields import Strict
from config.api.kit.fields import QueryNumber, Text
from peppol.models import DailyUsage, MonthlyUsage
from peppol.models.usage import UsageQuerySet
from peppol.services.documents import usage

MOST_ROWS = 10_000
MOST_DAYS = 366


class PeriodQuery(Strict):
    """Of which time: the month or day that `start` is in, or from `start` to `end`."""

    period = serializers.ChoiceField(["month", "day", "custom"], default="month")
    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        """A custom period has both ends, in order and within a year."""
        if query["period"] != "custom":
            return query
        missing = {
            name: "This field is required." for name in ("start", "end") if name not in query
        }
        if missing:
            raise serializers.ValidationError(missing, code="required")
        days = (query["end"] - query["start"]).days
        if not 0 <= days <= MOST_DAYS:
            said = f"A period ends up to {MOST_DAYS} days after its start."
            raise serializers.ValidationError({"end": said}, code="invalid_period")
        return query


class UsageQuery(PeriodQuery):
    """Usage of which time, and whether by company; a page holds thousands."""

    groupBy = serializers.ChoiceField(["company"], required=False)
    limit = QueryNumber(min_value=1, max_value=MOST_ROWS, default=MOST_ROWS)
    cursor = Text(max_length=300, allow_blank=True, default="")


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

    def counters(self, environment: str) -> Any:
        """The counters of the period, of everybody: begin at an organization."""
        months = self.name == "month"
        counters: UsageQuerySet = (MonthlyUsage if months else DailyUsage).objects.all()
        return counters.between(self.start, self.end).filter(environment=environment)
