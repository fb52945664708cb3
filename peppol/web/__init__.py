"""Pages outside both sites: what the people of a company do by a link."""

from peppol.web import identification, invoices, mandates

__all__ = ["identification", "invoices", "mandates"]
