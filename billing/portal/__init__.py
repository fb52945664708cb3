"""What organizations used and owe, as they see it themselves: usage, plan, addresses, bills."""

from billing.portal import addresses, plans, statements, usage

__all__ = ["addresses", "plans", "statements", "usage"]
