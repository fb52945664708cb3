"""The reseller's webhooks: endpoints, what was delivered to them, and every attempt."""

from webhooks.portal import deliveries, endpoints

__all__ = ["deliveries", "endpoints"]
