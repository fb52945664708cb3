"""Whom somebody asks about on the network, and for which kind of document."""

from rest_framework import serializers

from config.api.flowie.requests.fields import PeppolId, Strict
from config.api.kit.fields import Text
from peppol.document_types import identifier
from peppol.invoices.headers import INVOICE_RESPONSE
from peppol.invoices.reading import UBL
from peppol.rules import kinds

_ROOTS = {
    name: f"{UBL}:{name}-2::{name}" for name in ("Invoice", "CreditNote", "ApplicationResponse")
}
# Short names of what is sent most; any other type is asked about by its identifier.
TYPES = {
    "": "",
    "invoice": identifier(_ROOTS["Invoice"], kinds.BILLING),
    "credit_note": identifier(_ROOTS["CreditNote"], kinds.BILLING),
    "self_billed_invoice": identifier(_ROOTS["Invoice"], kinds.SELF_BILLING),
    "self_billed_credit_note": identifier(_ROOTS["CreditNote"], kinds.SELF_BILLING),
    "response": identifier(_ROOTS["ApplicationResponse"], INVOICE_RESPONSE),
}


class Wanted(Strict):
    """An identifier, and a type by its short name or its identifier on the network."""

    peppolId = PeppolId()
    type = Text(max_length=600, required=False, default="", allow_blank=True)

    def validate_type(self, value: str) -> str:
        """A type has a short name of ours, or the parts that an identifier has."""
        if value not in TYPES and "##" not in value:
            raise serializers.ValidationError(f"One of {', '.join(filter(None, TYPES))}.")
        return value
