"""The operator's view of the network: registrations, its services, and the registers."""

from peppol.admin import bulk, documents, findings, network, registers, registrations, tiles, watch

__all__ = [
    "bulk",
    "documents",
    "findings",
    "network",
    "registers",
    "registrations",
    "tiles",
    "watch",
]
