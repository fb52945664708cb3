"""The reseller's pages about companies, their registrations and the documents they exchange."""

from peppol.portal import companies, documents, drafts, imports, registrations, transfers

__all__ = ["companies", "documents", "drafts", "imports", "registrations", "transfers"]
