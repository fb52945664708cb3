"""Plans, subscriptions and what is billed."""

from billing.models.addresses import BillingAddress
from billing.models.plans import Plan, Subscription, SubscriptionTerms
from billing.models.statements import (
    NumberSeries,
    QuotaNotice,
    Statement,
    StatementLine,
    StatementRun,
)

__all__ = [
    "BillingAddress",
    "NumberSeries",
    "Plan",
    "QuotaNotice",
    "Statement",
    "StatementLine",
    "StatementRun",
    "Subscription",
    "SubscriptionTerms",
]
