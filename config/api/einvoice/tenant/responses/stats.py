"""What the tenant API answers of how many documents a tenant exchanged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from config.api.einvoice.tenant.responses.account import CREDITS
from config.api.kit.answers import Answer, Day, Float, Number, Text
from tenants.ids import spell
from tenants.models import Organization


@dataclass(frozen=True)
class Usage:
    """How many documents a tenant exchanged, by the day a period begins and what was done."""

    tenant: Organization
    first: date
    last: date
    aggregation: str
    counts: Mapping[tuple[date, str], int]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def average(self) -> float:
        return sum(self.counts.values()) / self.days


class ActionAnswer(Answer):
    """How often something was done in a period."""

    action = Text(lambda entry: entry[0][1])
    stat_date = Day(lambda entry: entry[0][0])
    count = Number(lambda entry: entry[1])


class StatsAnswer(Answer):
    """A tenant's usage by day, week or month."""

    tenant_id = Text(lambda usage: spell("tenant", usage.tenant.pk))
    period_start = Day("first")
    period_end = Day("last")
    aggregation = Text()
    actions = ActionAnswer(read=lambda usage: sorted(usage.counts.items()), many=True)
    total_days = Number("days")
    average_daily_usage = Float(lambda usage: round(usage.average, 4))
    budget_estimation_days = Float(
        lambda usage: round(CREDITS / usage.average, 2) if usage.average else 0.0
    )
