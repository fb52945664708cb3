"""The reseller's pages about companies, their registrations and the documents they exchange."""

from peppol.portal import (
    client_links,
    client_settings,
    companies,
    company_runs,
    document_limits,
    documents,
    drafts,
    identifications,
    imports,
    losses,
    mandates,
    our_identification,
    registrations,
    transfers,
)

__all__ = [
    "client_links",
    "client_settings",
    "companies",
    "company_runs",
    "document_limits",
    "documents",
    "drafts",
    "identifications",
    "imports",
    "losses",
    "mandates",
    "our_identification",
    "registrations",
    "transfers",
]
