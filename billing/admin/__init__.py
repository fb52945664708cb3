"""The operator's view of what organizations pay: plans, subscriptions, bills, usage."""

from billing.admin import addresses, plans, statements, tiles, usage

__all__ = ["addresses", "plans", "statements", "tiles", "usage"]
