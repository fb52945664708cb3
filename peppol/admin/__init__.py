"""The operator's view of the network: registrations, its services, and the registers."""

from peppol.admin import bulk, documents, findings, glance, network, registers, registrations

__all__ = ["bulk", "documents", "findings", "glance", "network", "registers", "registrations"]
