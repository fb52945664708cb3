"""The operator's view of what organizations pay: plans, subscriptions, bills, usage."""

from billing.admin import plans

__all__ = ["plans"]
