"""The operator's view of the network: registrations, its services, and the registers."""

from peppol.admin import bulk, network, registrations

__all__ = ["bulk", "network", "registrations"]
