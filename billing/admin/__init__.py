"""The operator's view of what organizations pay: plans, subscriptions, statements, usage."""

from billing.admin import addresses, plans, statements, tiles, usage

__all__ = ["addresses", "plans", "statements", "tiles", "usage"]
