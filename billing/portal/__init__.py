"""What organizations used and owe, as they see it: usage, plan, addresses, statements."""

from billing.portal import addresses, plans, statements, usage

__all__ = ["addresses", "plans", "statements", "usage"]
