"""The operator's view of what organizations pay: plans, subscriptions, bills, usage."""

from billing.admin import addresses, glance, plans, statements, usage

__all__ = ["addresses", "glance", "plans", "statements", "usage"]
