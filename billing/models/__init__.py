"""Plans, subscriptions and what is billed."""

from billing.models.plans import Plan, Subscription

__all__ = ["Plan", "Subscription"]
