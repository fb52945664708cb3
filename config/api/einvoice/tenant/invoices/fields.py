"""What a document is made of in the tenant API's flat JSON, field by field."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.kit.fields import Text
from peppol import identifiers
from tenants.errors import Invalid

TYPES = ("INVOICE", "CREDIT_NOTE", "DEBIT_NOTE", "SELFBILLING_INVOICE", "SELFBILLING_CREDIT_NOTE")
STATES = ("DRAFT", "TRANSIT", "FAILED", "SENT", "RECEIVED")
CATEGORIES = ("AE", "E", "S", "Z", "G", "O", "K", "L", "M", "B")
_MOST_LINES = 10_000


@extend_schema_field({"type": ["number", "string"]})
class Amount(serializers.DecimalField):
    """A number, or to be exact, a number as text."""

    default_error_messages = {"invalid": "value is not a valid decimal"}

    def __init__(self, **options: Any) -> None:
        given = {"required": False, "allow_null": True, **options}
        super().__init__(max_digits=None, decimal_places=None, **given)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float | str):
            self.fail("invalid")
        if isinstance(data, str) and len(data) > 40:
            self.fail("invalid")
        return super().to_internal_value(data)


class Words(Text):
    """Text that may be left out, null or empty; how long it may be depends on where it goes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "allow_null": True,
                "allow_blank": True,
                "max_length": 5000,
                **options,
            }
        )


class Day(serializers.DateField):
    """A date, or the date of a moment."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})

    def to_internal_value(self, value: Any) -> Any:
        return super().to_internal_value(value[:10] if isinstance(value, str) else value)


class Category(serializers.ChoiceField):
    """A VAT category (UNCL 5305)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(CATEGORIES, **{"required": False, "allow_null": True, **options})


class Adjustment(serializers.Serializer[Any]):
    """An allowance or a charge, without VAT."""

    reason = Words()
    reason_code = Words()
    multiplier_factor = Amount()
    amount = Amount()
    base_amount = Amount()
    tax_rate = Amount()
    tax_code = Category()


class ItemAttribute(serializers.Serializer[Any]):
    """A property of what is sold."""

    name = Text(max_length=255)
    value = Words()


class Item(serializers.Serializer[Any]):
    """A line. What it comes to is computed; an `amount` that differs is refused."""

    description = Words()
    quantity = Amount()
    unit = Words()
    unit_price = Amount()
    price_base_quantity = Amount()
    amount = Amount()
    tax = Amount()
    tax_rate = Amount()
    product_code = Words()
    date = Day()
    allowances = Adjustment(many=True, required=False, allow_null=True)
    charges = Adjustment(many=True, required=False, allow_null=True)
    item_attributes = ItemAttribute(many=True, required=False, allow_null=True)


class PaymentDetail(serializers.Serializer[Any]):
    """An account to pay to."""

    iban = Words()
    swift = Words()
    bank_account_number = Words()
    payment_reference = Words()


class TaxDetail(serializers.Serializer[Any]):
    """The tax of a rate; it is computed, and looked at for nothing but a difference."""

    amount = Amount()
    rate = Words()


class AttachmentFields(serializers.Serializer[Any]):
    """A file that goes into the document, in base64."""

    file_name = Text(max_length=255)
    file_type = Words(default="application/pdf")
    file_size = serializers.IntegerField(required=False, allow_null=True)
    file_data = Words(max_length=None)


class InvoiceFields(serializers.Serializer[Any]):
    """An invoice or credit note in flat JSON; an address is one text.

    What is left out of the vendor, the tenant's own profile says, and without `invoice_date` it is
    of today.
    """

    document_type = serializers.ChoiceField(TYPES, default="INVOICE")
    state = serializers.ChoiceField(STATES, required=False)
    direction = serializers.ChoiceField(("INBOUND", "OUTBOUND"), required=False)
    invoice_id = Words()
    invoice_date = Day()
    due_date = Day()
    currency = Words()
    purchase_order = Words()
    # Two of ours, for what an invoice may say beside the vendor's fields.
    buyer_reference = Words()
    vendor_peppol_id = Words()
    note = Words()
    vendor_name = Words()
    vendor_email = Words()
    vendor_address = Words()
    vendor_address_recipient = Words()
    vendor_tax_id = Words()
    vendor_company_id = Words()
    customer_name = Words()
    customer_id = Words()
    customer_email = Words()
    customer_address = Words()
    customer_address_recipient = Words()
    customer_tax_id = Words()
    customer_company_id = Words()
    customer_peppol_id = Words()
    billing_address = Words()
    billing_address_recipient = Words()
    shipping_address = Words()
    shipping_address_recipient = Words()
    service_address = Words()
    service_address_recipient = Words()
    service_start_date = Day()
    service_end_date = Day()
    remittance_address = Words()
    remittance_address_recipient = Words()
    tax_code = Category()
    vatex = Words()
    vatex_note = Words()
    subtotal = Amount()
    total_discount = Amount()
    total_tax = Amount()
    invoice_total = Amount()
    amount_due = Amount()
    previous_unpaid_balance = Amount()
    payment_term = Words()
    payment_details = PaymentDetail(many=True, required=False, allow_null=True)
    tax_details = TaxDetail(many=True, required=False, allow_null=True)
    items = serializers.ListField(child=Item(), required=False, max_length=_MOST_LINES)
    attachments = AttachmentFields(many=True, required=False, allow_null=True)
    allowances = Adjustment(many=True, required=False, allow_null=True)
    charges = Adjustment(many=True, required=False, allow_null=True)

    def validate_customer_peppol_id(self, text: str | None) -> str | None:
        """As it is written on the network."""
        try:
            return str(identifiers.parse(text)) if text else text
        except Invalid as refusal:
            raise serializers.ValidationError(refusal.message, "malformed_identifier") from None
