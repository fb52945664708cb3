"""The vendor's short names of the document types that an organization may receive."""

import re

from peppol import code_lists
from peppol.identifiers import DocumentType

_OF = {
    "Invoice": "Peppol BIS Billing UBL Invoice V3",
    "CreditNote": "Peppol BIS Billing UBL Credit Note V3",
    "SelfBillingInvoice": "Peppol BIS Self-Billing UBL Invoice V3",
    "SelfBillingCreditNote": "Peppol BIS Self-Billing UBL Credit Note V3",
    "InvoiceResponse": "Peppol Invoice Response transaction 3.0",
}
NAMES = tuple(_OF)


def find(given: str) -> DocumentType | None:
    """The type by one of these names, whatever is between the words, or by its identifier."""
    plain = re.sub(r"[^a-z]", "", given.lower())
    title = next((title for name, title in _OF.items() if name.lower() == plain), "")
    for one in code_lists.document_types():
        if one.name == title or given in (one.uri, one.value, one.name):
            return one
    return None
