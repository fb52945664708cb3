"""What the tenant API answers of invoices inside of PDFs."""

from typing import Any

from config.api.einvoice.tenant.invoices.fields import TYPES
from config.api.einvoice.tenant.responses.documents import Parts
from config.api.einvoice.tenant.responses.invoices import LISTS, TEXTS
from config.api.kit.answers import Answer, Choice, Flag, Text, TextOrNull, Texts
from tenants.ids import spell


class ConversionTaskAnswer(Answer):
    """A conversion; a PDF without an invoice is refused, so that it is always completed."""

    task_id = Text(lambda row: spell("task", row.pk))
    status = Choice(["pending", "completed", "failed"], lambda row: "completed")


class ConvertedAnswer(Answer):
    """What the invoice says, and the UBL that it becomes; none where that would not be valid."""

    document_type = Choice(TYPES, lambda found: found.said.get("document_type"))
    state = Text(lambda found: "DRAFT")
    direction = Text(lambda found: "OUTBOUND")
    success = Flag(lambda found: bool(found.ubl))
    ubl_document = TextOrNull("ubl")
    # An extension of ours: why there is no UBL.
    warnings = Texts(lambda found: found.obstacles or None, required=False)

    def get_fields(self) -> Any:
        """With what the invoice says."""
        names = ("invoice_id", "invoice_date", "currency", "customer_peppol_id", *TEXTS)
        texts = {name: TextOrNull() for name in names}
        lists = {name: Parts(allow_null=True) for name in (*LISTS, "attachments")}
        return {**super().get_fields(), **texts, **lists}

    @classmethod
    def of(cls, row: Any, **given: Any) -> dict[str, Any]:
        """The answer about a conversion; `given` is what the invoice says."""
        return {**super().of(row), **given}
