"""What organizations used and owe, as they see it themselves: usage, plan, addresses, bills."""

from billing.portal import usage

__all__ = ["usage"]
