"""The reseller's pages about its own organization: profile, team, looks, domain, application."""

from tenants.portal import alerts, organization

__all__ = ["alerts", "organization"]
