"""The operator's view of the network: registrations, its services, and the registers."""

from peppol.admin import (
    bulk,
    bulk_results,
    documents,
    findings,
    identifications,
    mandates,
    network,
    network_reports,
    registers,
    registrations,
    tiles,
    watch,
)

__all__ = [
    "bulk",
    "bulk_results",
    "documents",
    "findings",
    "identifications",
    "mandates",
    "network",
    "network_reports",
    "registers",
    "registrations",
    "tiles",
    "watch",
]
