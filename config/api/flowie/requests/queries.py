"""What queries of the platform API may ask for: pages, filters, periods."""

from typing import Any

from rest_framework import serializers

from apikeys.models import ApiKey
from config.api.flowie.requests.fields import Strict, VatNumber
from config.api.kit.fields import QueryNumber, Text
from peppol.models import Document
from webhooks.models import Endpoint

MOST_PER_PAGE = 100
MOST_ROWS = 10_000
MOST_DAYS = 366


class Page(Strict):
    """Which part of a list is wanted: `cursor` is the `nextCursor` of the page before."""

    limit = QueryNumber(min_value=1, max_value=MOST_PER_PAGE, default=50)
    cursor = Text(max_length=300, allow_blank=True, default="")


class KeyListing(Page):
    """Whose keys are wanted."""

    companyId = Text(max_length=60, required=False)
    kind = serializers.ChoiceField(ApiKey.Kind.choices, required=False)


class CompanyListing(Page):
    """Which companies are wanted: without a status, those that were not deregistered."""

    status = serializers.ChoiceField(
        ["pending", "active", "suspended", "closed", "deregistered"], required=False
    )
    vatNumber = VatNumber(required=False)
    tenantId = Text(max_length=500, required=False)
    name = Text(max_length=255, required=False)


class WebhookListing(Page):
    """Which webhooks are wanted."""

    status = serializers.ChoiceField(Endpoint.Status.choices, required=False)


class DeliveryListing(Page):
    """Which deliveries are wanted."""

    state = serializers.ChoiceField(
        ["pending", "sending", "delivered", "exhausted", "missed"], required=False
    )


class DocumentListing(Page):
    """Which documents of the company are wanted."""

    direction = serializers.ChoiceField(["outbound", "inbound"], required=False)
    type = serializers.ChoiceField(Document.Kind.choices, required=False)
    status = serializers.ChoiceField(Document.State.choices, required=False)
    number = Text(max_length=255, required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class PeriodQuery(Strict):
    """Of which time: the month or day that `start` is in, or from `start` to `end`."""

    period = serializers.ChoiceField(["month", "day", "custom"], default="month")
    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        """A custom period has both ends, in order and within a year."""
        if query["period"] != "custom":
            return query
        missing = {
            name: "This field is required." for name in ("start", "end") if name not in query
        }
        if missing:
            raise serializers.ValidationError(missing, code="required")
        days = (query["end"] - query["start"]).days
        if not 0 <= days <= MOST_DAYS:
            said = f"A period ends up to {MOST_DAYS} days after its start."
            raise serializers.ValidationError({"end": said}, code="invalid_period")
        return query


class UsageQuery(PeriodQuery):
    """Usage of which time, and whether by company; a page holds thousands."""

    groupBy = serializers.ChoiceField(["company"], required=False)
    limit = QueryNumber(min_value=1, max_value=MOST_ROWS, default=MOST_ROWS)
    cursor = Text(max_length=300, allow_blank=True, default="")
