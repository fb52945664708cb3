"""What the OpenAPI document says of each operation of the tenant API."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from config.api.einvoice.openapi import operation
from config.api.einvoice.tenant import requests as shapes

_Text = serializers.CharField
_Objects = serializers.ListField(child=serializers.DictField())
_WEBHOOK = {
    "id": "wh_01jaysezv0f3rr5p2m8xw4q7kt",
    "url": "https://your-domain.com/webhook",
    "events": ["document.received", "document.sent", "document.sent.failed"],
    "enabled": True,
    "secret": "********",
}


class WebhookShown(serializers.Serializer[Any]):
    """A webhook. Its secret is shown when it is made, and hidden afterwards."""

    id = _Text()
    url = _Text()
    events = serializers.ListField(child=_Text())
    enabled = serializers.BooleanField()
    secret = _Text()


def _object(name: str, **fields: Any) -> Any:
    return inline_serializer(name, fields)


_Lookup = _object(
    "PeppolIdLookup",
    queryMetadata=serializers.DictField(),
    status=_Text(),
    errors=serializers.ListField(child=_Text()),
    dnsInfo=serializers.DictField(),
    serviceMetadata=serializers.DictField(),
    businessCard=serializers.DictField(),
    certificates=_Objects,
    executionTimeMs=serializers.FloatField(),
)
_Search = _object(
    "PeppolSearchResult",
    total_count=serializers.IntegerField(),
    used_count=serializers.IntegerField(),
    participants=_Objects,
    query_terms=_Text(),
    search_date=_Text(),
)
_Validation = _object(
    "PeppolIdValidation",
    is_valid=serializers.BooleanField(),
    dns_valid=serializers.BooleanField(),
    business_card_valid=serializers.BooleanField(),
    supported_document_types=serializers.ListField(child=_Text()),
    business_card=serializers.DictField(allow_null=True),
)
_Stats = _object(
    "Stats",
    tenant_id=_Text(),
    period_start=serializers.DateField(),
    period_end=serializers.DateField(),
    aggregation=_Text(),
    actions=_Objects,
    total_days=serializers.IntegerField(),
    average_daily_usage=serializers.FloatField(),
    budget_estimation_days=serializers.FloatField(),
)
_WEBHOOKS, _NETWORK, _USAGE = "Tenant: webhooks", "Tenant: network", "Tenant: usage"
_HOOK_PATH = ("webhook_id",)

LIST_WEBHOOKS = operation(
    "list_webhooks",
    _WEBHOOKS,
    "List webhooks, newest first",
    200,
    WebhookShown(many=True),
    [_WEBHOOK],
)
CREATE_WEBHOOK = operation(
    "create_webhook",
    _WEBHOOKS,
    "Create a webhook; its secret is shown this once",
    201,
    WebhookShown,
    {**_WEBHOOK, "secret": "whsec_…"},
    request=shapes.WebhookFields,
    post=True,
)
GET_WEBHOOK = operation(
    "get_webhook", _WEBHOOKS, "Get a webhook", 200, WebhookShown, _WEBHOOK, path=_HOOK_PATH
)
UPDATE_WEBHOOK = operation(
    "update_webhook",
    _WEBHOOKS,
    "Update a webhook; what is left out stays",
    200,
    WebhookShown,
    _WEBHOOK,
    request=shapes.WebhookChanges,
    path=_HOOK_PATH,
)
DELETE_WEBHOOK = operation(
    "delete_webhook",
    _WEBHOOKS,
    "Delete a webhook",
    200,
    _object("WebhookDeleted", is_deleted=serializers.BooleanField()),
    {"is_deleted": True},
    path=_HOOK_PATH,
)
WEBHOOK_HISTORY = operation(
    "webhook_history",
    _WEBHOOKS,
    "What was sent to a webhook lately",
    200,
    _object("WebhookHistory", history=_Objects),
    path=_HOOK_PATH,
)
TEST_WEBHOOK = operation(
    "test_webhook",
    _WEBHOOKS,
    "Send an event of your own making",
    200,
    _object(
        "WebhookTested",
        success=serializers.BooleanField(),
        message=_Text(),
        webhook_delivery_result=serializers.DictField(),
    ),
    request=shapes.WebhookTest,
    path=_HOOK_PATH,
    post=True,
)
LOOKUP = operation(
    "lookup_peppol_id",
    _NETWORK,
    "Everything the network says about an identifier",
    200,
    _Lookup,
    parameters=[shapes.PeppolIdQuery],
)
SEARCH_PARTICIPANTS = operation(
    "lookup_participants",
    _NETWORK,
    "Search the Peppol Directory",
    200,
    _Search,
    parameters=[shapes.SearchQuery],
)
VALIDATE_PEPPOL_ID = operation(
    "validate_peppol_id",
    _NETWORK,
    "Whether an identifier is registered, and for what",
    200,
    _Validation,
    parameters=[shapes.PeppolIdQuery],
)
STATS = operation(
    "get_stats",
    _USAGE,
    "Documents sent and received, by day, week or month",
    200,
    _Stats,
    parameters=[shapes.StatsQuery],
)
