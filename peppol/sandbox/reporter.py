"""The sandbox's tax authority: takes every report, but for those that ask to be refused."""

from peppol.models import Document
from peppol.services.documents.compliance import Rejected

# A document whose number contains this is refused, so that a refusal can be tried.
REFUSED = "REFUSE"


def report(document: Document) -> str:
    """Report `document`; returns the authority's reference. Raises Rejected."""
    if REFUSED in document.number.upper():
        raise Rejected("The authority refuses this invoice number.")
    return f"SANDBOX-{document.pk.hex[:16].upper()}"
