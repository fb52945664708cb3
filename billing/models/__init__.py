"""Plans, subscriptions and what is billed."""

from billing.models.addresses import BillingAddress, VatAnswer
from billing.models.plans import Plan, Subscription, SubscriptionTerms
from billing.models.statements import (
    NumberSeries,
    QuotaNotice,
    Statement,
    StatementLine,
    StatementRefusal,
    StatementRun,
)

__all__ = [
    "BillingAddress",
    "NumberSeries",
    "Plan",
    "QuotaNotice",
    "Statement",
    "StatementLine",
    "StatementRefusal",
    "StatementRun",
    "Subscription",
    "SubscriptionTerms",
    "VatAnswer",
]
