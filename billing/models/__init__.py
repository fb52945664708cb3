"""Plans, subscriptions and what is billed."""

from billing.models.addresses import BillingAddress
from billing.models.plans import Plan, Subscription

__all__ = ["BillingAddress", "Plan", "Subscription"]
