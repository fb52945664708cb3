"""What the OpenAPI document says of each operation of the tenant API."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from config.api.einvoice.openapi import operation
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.invoices.fields import InvoiceFields
from config.api.einvoice.tenant.responses import (
    account,
    directory,
    documents,
    network,
    stats,
    validation,
    webhooks,
)

_WEBHOOK = {
    "id": "wh_01jaysezv0f3rr5p2m8xw4q7kt",
    "url": "https://your-domain.com/webhook",
    "events": ["document.received", "document.sent", "document.sent.failed"],
    "enabled": True,
    "secret": "********",
}
_WEBHOOKS, _NETWORK = "Tenant: webhooks", "Tenant: network"
_USAGE, DOCUMENTS = "Tenant: usage", "Tenant: documents"
_HOOK_PATH = ("webhook_id",)
DOCUMENT_PATH = ("document_id",)
FORM = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
}


class ListSchema(AutoSchema):
    """Tells the lists apart, which are one operation on different documents."""

    def get_operation(self, path: str, *rest: Any, **more: Any) -> Any:
        operation = super().get_operation(path, *rest, **more)
        if operation and "requestBody" not in operation:
            name = path.removeprefix("/api/").replace("/", "_").replace("-", "_")
            operation["operationId"] = f"list_{name}"
        return operation


_REFUSED = {
    402: "The documents of the month are used up, or the plan has ended",
    405: "Not a draft",
    406: "The document breaks the rules",
    409: "Another's identifier",
    415: "No file of the kind that is wanted",
}


def on_documents(*about: Any, refusals: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    """The description of an operation on documents, with what it may be refused for."""
    return operation(*about, refusals={one: _REFUSED[one] for one in refusals}, **more)


ME = operation(
    "get_me", "Tenant", "The account that a tenant key opens", 200, account.AccountAnswer
)
LIST_WEBHOOKS = operation(
    "list_webhooks",
    _WEBHOOKS,
    "List webhooks, newest first",
    200,
    webhooks.WebhookAnswer(many=True),
    _WEBHOOK,
)
CREATE_WEBHOOK = operation(
    "create_webhook",
    _WEBHOOKS,
    "Create a webhook; its secret is shown this once",
    201,
    webhooks.WebhookAnswer,
    {**_WEBHOOK, "secret": "whsec_…"},
    request=requests.WebhookFields,
    post=True,
)
GET_WEBHOOK = operation(
    "get_webhook",
    _WEBHOOKS,
    "Get a webhook",
    200,
    webhooks.WebhookAnswer,
    _WEBHOOK,
    path=_HOOK_PATH,
)
UPDATE_WEBHOOK = operation(
    "update_webhook",
    _WEBHOOKS,
    "Update a webhook; what is left out stays",
    200,
    webhooks.WebhookAnswer,
    _WEBHOOK,
    request=requests.WebhookChanges,
    path=_HOOK_PATH,
)
DELETE_WEBHOOK = operation(
    "delete_webhook",
    _WEBHOOKS,
    "Delete a webhook",
    200,
    webhooks.WebhookDeletedAnswer,
    {"is_deleted": True},
    path=_HOOK_PATH,
)
WEBHOOK_HISTORY = operation(
    "webhook_history",
    _WEBHOOKS,
    "What was sent to a webhook lately",
    200,
    webhooks.WebhookHistoryAnswer,
    path=_HOOK_PATH,
)
TEST_WEBHOOK = operation(
    "test_webhook",
    _WEBHOOKS,
    "Send an event of your own making",
    200,
    webhooks.WebhookTestedAnswer,
    request=requests.WebhookTest,
    path=_HOOK_PATH,
    post=True,
)
LOOKUP = operation(
    "lookup_peppol_id",
    _NETWORK,
    "Everything the network says about an identifier",
    200,
    network.PeppolIdLookupAnswer,
    parameters=[requests.PeppolIdQuery],
)
SEARCH_PARTICIPANTS = operation(
    "lookup_participants",
    _NETWORK,
    "Search the Peppol Directory",
    200,
    directory.PeppolSearchResultAnswer,
    parameters=[requests.SearchQuery],
)
VALIDATE_PEPPOL_ID = operation(
    "validate_peppol_id",
    _NETWORK,
    "Whether an identifier is registered, and for what",
    200,
    network.PeppolIdValidationAnswer,
    parameters=[requests.PeppolIdQuery],
)
STATS = operation(
    "get_stats",
    _USAGE,
    "Documents sent and received, by day, week or month",
    200,
    stats.StatsAnswer,
    parameters=[requests.StatsQuery],
)

CREATE_FROM_UBL = on_documents(
    "create_document_from_ubl",
    DOCUMENTS,
    "Keep a UBL invoice or credit note as a draft",
    201,
    documents.DocumentAnswer,
    request=FORM,
    post=True,
    refusals=(415,),
)
GET_DOCUMENT = on_documents(
    "get_document",
    DOCUMENTS,
    "Get a document or a draft",
    200,
    documents.DocumentAnswer,
    path=DOCUMENT_PATH,
)
DELETE_DOCUMENT = on_documents(
    "delete_document",
    DOCUMENTS,
    "Discard a draft",
    200,
    documents.DocumentDeletedAnswer,
    {"is_deleted": True},
    path=DOCUMENT_PATH,
)
SEND_DOCUMENT = on_documents(
    "send_document",
    DOCUMENTS,
    "Send a draft; the network follows",
    200,
    documents.DocumentAnswer,
    path=DOCUMENT_PATH,
    post=True,
    parameters=[requests.Routing],
    refusals=(402, 405, 406, 409),
)
VALIDATE_DOCUMENT = on_documents(
    "validate_document",
    DOCUMENTS,
    "What the official rules say of a document",
    200,
    validation.UblValidationAnswer,
    path=DOCUMENT_PATH,
    post=True,
    parameters=[requests.RulesQuery],
    refusals=(415,),
)
GET_UBL = on_documents(
    "get_ubl",
    DOCUMENTS,
    "Where a document's UBL is",
    200,
    documents.DocumentFileAnswer,
    path=DOCUMENT_PATH,
)
GET_TIMELINE = on_documents(
    "get_timeline",
    DOCUMENTS,
    "What happened to a document",
    200,
    documents.DocumentTimelineAnswer,
    path=DOCUMENT_PATH,
)
LIST_DOCUMENTS = on_documents(
    "list_documents",
    DOCUMENTS,
    "List documents, sorted and chosen",
    200,
    documents.DocumentPageAnswer,
    parameters=[requests.DocumentsQuery],
)
LIST_BY_STATE = {**LIST_DOCUMENTS, "parameters": [requests.StatesQuery]}
LIST_ALL = {**LIST_DOCUMENTS, "parameters": [requests.AllDocumentsQuery]}
CREATE_DOCUMENT = on_documents(
    "create_document",
    DOCUMENTS,
    "Keep an invoice or credit note in JSON as a draft",
    201,
    documents.CreatedDocumentAnswer,
    request=InvoiceFields,
    post=True,
    parameters=[requests.Creation],
)
VALIDATE_JSON = on_documents(
    "validate_json",
    DOCUMENTS,
    "What JSON would become, and what the official rules say of that",
    201,
    validation.UblValidationAnswer,
    request=InvoiceFields,
    post=True,
    parameters=[requests.RulesQuery],
)
VALIDATE_UBL = on_documents(
    "validate_ubl",
    DOCUMENTS,
    "What the official rules say of a UBL document",
    201,
    validation.UblValidationAnswer,
    request=FORM,
    post=True,
    parameters=[requests.RulesQuery],
)
