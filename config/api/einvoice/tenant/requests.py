"""What callers send to the tenant API, as its published description spells it."""

import json
from typing import Any

from rest_framework import serializers

from config.api.einvoice.tenant.invoices.fields import STATES, TYPES, Day
from config.api.kit import fields
from config.api.kit.fields import QueryNumber, SearchText, Text, Texts

_MOST_TEST_DATA = 16 * 1024
SORTS = (
    "created_at",
    "invoice_date",
    "due_date",
    "invoice_total",
    "customer_name",
    "vendor_name",
    "invoice_id",
)


class Flag(serializers.BooleanField):
    """A JSON true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("value could not be parsed to a boolean")
        return data


class WebhookFields(serializers.Serializer[Any]):
    """A new webhook."""

    events = Texts(child=Text(max_length=64), max_length=100)
    url = Text(min_length=1, max_length=2000)
    enabled = Flag(default=True)


class WebhookChanges(serializers.Serializer[Any]):
    """What is to change of a webhook; what is left out or null stays."""

    events = Texts(child=Text(max_length=64), max_length=100, required=False, allow_null=True)
    url = Text(min_length=1, max_length=2000, required=False, allow_null=True)
    enabled = Flag(required=False, allow_null=True)


class WebhookTest(serializers.Serializer[Any]):
    """An event made up by the caller."""

    event_type = Text(max_length=64)

    def get_fields(self) -> Any:
        """`data` is a word of the framework's own and cannot stand in the class."""
        return {**super().get_fields(), "data": serializers.DictField()}

    def validate_data(self, data: Any) -> Any:
        """It is kept with the delivery, so it has a limit."""
        if len(json.dumps(data)) > _MOST_TEST_DATA:
            raise serializers.ValidationError("data is larger than 16 kB")
        return data


class PeppolIdQuery(fields.PeppolIdQuery):
    """The identifier that is asked about."""

    malformed_code = "malformed_identifier"


class SearchQuery(serializers.Serializer[Any]):
    """What is looked for in the Peppol Directory."""

    query = SearchText()
    country_code = serializers.RegexField(r"^[A-Za-z]{2}$", required=False, allow_blank=True)

    def validate_country_code(self, code: str) -> str:
        return code.upper()


class StatsQuery(serializers.Serializer[Any]):
    """Of which time, and by which steps."""

    start_date = serializers.DateField(required=False)
    end_date = serializers.DateField(required=False)
    aggregation = serializers.ChoiceField(["DAY", "WEEK", "MONTH"], default="DAY")


class RulesQuery(serializers.Serializer[Any]):
    """By which rules a document is judged: those in force, or the next that are installed."""

    rules = serializers.ChoiceField(["current", "next"], default="current")


class Paging(serializers.Serializer[Any]):
    """Which page of a list is wanted."""

    page = QueryNumber(min_value=1, max_value=10_000, default=1)
    page_size = QueryNumber(min_value=1, max_value=100, default=20)


class DocumentsQuery(Paging):
    """Which documents are wanted, and in what order."""

    type = serializers.ChoiceField(TYPES, required=False)
    sender = Text(max_length=140, required=False, allow_blank=True)
    receiver = Text(max_length=140, required=False, allow_blank=True)
    date_from = Day(allow_null=False)
    date_to = Day(allow_null=False)
    search = SearchText(required=False, allow_blank=True)
    sort_by = serializers.ChoiceField(SORTS, default="created_at")
    sort_order = serializers.ChoiceField(["asc", "desc"], default="desc")


class StatesQuery(DocumentsQuery):
    """The same, and how far they are."""

    state = serializers.ChoiceField(STATES, required=False)


class AllDocumentsQuery(StatesQuery):
    """The same, and which way they went."""

    direction = serializers.ChoiceField(["INBOUND", "OUTBOUND"], required=False)


class MailboxQuery(Paging):
    """Which mails are wanted, and in what order."""

    processed = serializers.BooleanField(required=False, allow_null=True, default=None)
    status = serializers.ChoiceField(["pending", "success", "failed"], required=False)
    received_from = Day(allow_null=False)
    received_to = Day(allow_null=False)
    search = SearchText(required=False, allow_blank=True)
    sort_by = serializers.ChoiceField(["received_at", "created_at"], default="received_at")
    sort_order = serializers.ChoiceField(["asc", "desc"], default="desc")


class PdfQuery(serializers.Serializer[Any]):
    """Whose numbers they are, where the PDF does not say it."""

    vendor_tax_id = Text(max_length=64, default="", allow_blank=True)
    customer_tax_id = Text(max_length=64, default="", allow_blank=True)


class Creation(serializers.Serializer[Any]):
    """What more is to be made with a new document."""

    construct_pdf = serializers.BooleanField(default=False)


class Routing(serializers.Serializer[Any]):
    """Between whom a document goes, where the caller says it; each in two parts or in one."""

    sender_peppol_scheme = Text(max_length=40, required=False, allow_blank=True)
    sender_peppol_id = Text(max_length=140, required=False, allow_blank=True)
    receiver_peppol_scheme = Text(max_length=40, required=False, allow_blank=True)
    receiver_peppol_id = Text(max_length=140, required=False, allow_blank=True)
    email = serializers.EmailField(
        required=False,
        allow_blank=True,
        help_text="Where it goes by mail if the receiver is not on Peppol.",
    )

    def validate(self, fields: dict[str, str]) -> dict[str, str]:
        routes = {who: _joined(fields, who) for who in ("sender", "receiver")}
        return {**routes, "email": fields.get("email", "")}


def _joined(fields: dict[str, str], who: str) -> str:
    scheme, id = fields.get(f"{who}_peppol_scheme", ""), fields.get(f"{who}_peppol_id", "")
    return f"{scheme}:{id}" if id and ":" not in id and scheme else id
