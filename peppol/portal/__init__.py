"""The reseller's pages about companies and their registrations on the network."""

from peppol.portal import companies, registrations, transfers

__all__ = ["companies", "registrations", "transfers"]
