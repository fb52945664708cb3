"""The reseller's pages about companies, their registrations and the documents they exchange."""

from peppol.portal import companies, documents, imports, registrations, transfers

__all__ = ["companies", "documents", "imports", "registrations", "transfers"]
