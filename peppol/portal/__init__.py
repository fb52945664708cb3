"""The reseller's pages about companies, their registrations and the documents they exchange."""

from peppol.portal import (
    companies,
    document_limits,
    documents,
    drafts,
    imports,
    registrations,
    transfers,
)

__all__ = [
    "companies",
    "document_limits",
    "documents",
    "drafts",
    "imports",
    "registrations",
    "transfers",
]
