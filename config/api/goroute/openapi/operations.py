"""What the OpenAPI document says of each operation of GoRoute's API."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from config.api.goroute import requests, responses
from config.api.goroute.openapi import examples as example
from config.api.goroute.responses import transactions
from config.api.kit.bodies import ABOVE, TOO_LARGE

_SCOPED = "/organizations/{org_id}/"
_TARGET = {
    "in": "header",
    "name": "X-Organization-Id",
    "schema": {"type": "string"},
    "description": "The organization that the call is about; without it, the key's default.",
}


class Schema(AutoSchema):
    """Tells the two ways to name an organization apart: by path, and by header."""

    def get_operation(self, path: str, *rest: Any, **more: Any) -> Any:
        operation = super().get_operation(path, *rest, **more)
        if operation and _SCOPED in path:
            operation["operationId"] += "_of_organization"
        elif operation and "{org_id}" not in path:
            operation["parameters"] = [*operation.get("parameters", []), _TARGET]
        return operation


def _said(description: str, code: str, sentence: str) -> OpenApiResponse:
    examples = [OpenApiExample(description, {"error": code, "message": sentence})]
    return OpenApiResponse(responses.Error, description, examples=examples)


_REFUSALS: dict[int, OpenApiResponse] = {
    400: _said(
        "Malformed JSON, or path and header contradict each other",
        "organization_mismatch",
        "The path and X-Organization-Id name different organizations.",
    ),
    401: _said("Missing or wrong key", "unauthenticated", "Invalid authentication credentials"),
    403: _said(
        "An organization at rest, or a key that may not",
        "organization_suspended",
        "This organization is suspended.",
    ),
    404: _said("Unknown, or not yours", "not_found", "Organization not found"),
    409: _said(
        "Conflict",
        "idempotency_key_in_use",
        "A request with this Idempotency-Key is still being processed.",
    ),
    413: _said(ABOVE, "too_large", TOO_LARGE),
    422: OpenApiResponse(
        responses.Error,
        "Invalid input",
        examples=[OpenApiExample("Invalid input", example.INVALID)],
    ),
    429: _said("Above the organization's limit", "rate_limited", "Rate limit exceeded"),
}
SENDING_STOPS = {
    402: _said(
        "The documents of the month are used up, or the plan has ended",
        "quota_reached",
        "The documents that the plan includes this month are used up.",
    ),
    429: _said(
        "Above the organization's limit of calls, or of documents a day",
        "daily_limit_reached",
        "All documents of today are sent.",
    ),
}
_IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": r"^[!-~]([ -~]{0,253}[!-~])?$"},
    OpenApiParameter.HEADER,
    description="A call repeated with the same key within 24 hours gets the first one's answer.",
)


def operation(
    id: str,
    tag: str,
    summary: str,
    status: int,
    shown: Any = None,
    answered: Any = None,
    *,
    request: Any = None,
    sent: Any = None,
    query: tuple[Any, ...] = (),
    refusals: Mapping[int, OpenApiResponse] | None = None,
) -> dict[str, Any]:
    """An operation as `extend_schema` takes it, with an example of what is sent and answered."""
    examples = [OpenApiExample(summary, answered, response_only=True)] if answered else []
    answer = OpenApiResponse(shown, summary, examples=examples)
    asked = [OpenApiExample(summary, sent, request_only=True)] if sent else []
    return {
        "operation_id": id,
        "tags": [tag],
        "summary": summary,
        "request": request,
        "examples": asked,
        "parameters": [*query, *([_IDEMPOTENCY] if status == 201 else [])],
        "responses": {status: answer, **_REFUSALS, **(refusals or {})},
    }


_LISTED = (requests.Paging,)
_FILTERED = (requests.Paging, requests.DocumentFilter)
_ORGANIZATIONS, _INVOICES, _TRANSACTIONS = "Organizations", "Invoices", "Transactions"
_PARTICIPANTS, _WEBHOOKS, _KEYS = "Participants", "Webhooks", "API keys"

LIST_ORGANIZATIONS = operation(
    "list_organizations",
    _ORGANIZATIONS,
    "List the organizations that the key reaches",
    200,
    responses.OrganizationsPage,
    {"organizations": [example.ORGANIZATION], "next_cursor": None, "total": 1},
    query=_LISTED,
)
CREATE_ORGANIZATION = operation(
    "create_organization",
    _ORGANIZATIONS,
    "Create an organization",
    201,
    responses.OrganizationShown,
    example.ORGANIZATION,
    request=requests.OrganizationFields,
    sent=example.ORGANIZATION_SENT,
)
GET_ORGANIZATION = operation(
    "get_organization",
    _ORGANIZATIONS,
    "Get an organization",
    200,
    responses.OrganizationShown,
    example.ORGANIZATION,
)
UPDATE_ORGANIZATION = operation(
    "update_organization",
    _ORGANIZATIONS,
    "Update an organization; what is left out stays",
    200,
    responses.OrganizationShown,
    example.ORGANIZATION,
    request=requests.OrganizationChanges,
    sent={"contact": {"email": "newemail@acme.example.com"}},
)
CLOSE_ORGANIZATION = operation(
    "close_organization",
    _ORGANIZATIONS,
    "Close an organization for good; its data stays",
    200,
    responses.OrganizationShown,
    {**example.ORGANIZATION, "status": "closed"},
)
LIST_INVOICES = operation(
    "list_invoices",
    _INVOICES,
    "List invoices, sent and received, newest first",
    200,
    responses.InvoicesPage,
    {"invoices": [example.INVOICE], "next_cursor": None},
    query=_FILTERED,
)
SEND_INVOICE = operation(
    "send_invoice",
    _INVOICES,
    "Send an invoice",
    201,
    responses.InvoiceShown,
    example.INVOICE,
    request={
        "application/json": {"type": "object", "additionalProperties": True, "minProperties": 1}
    },
    sent=example.INVOICE_SENT,
    refusals=SENDING_STOPS,
)
GET_INVOICE = operation(
    "get_invoice",
    _INVOICES,
    "Get an invoice with its content",
    200,
    responses.InvoiceWithContent,
    {**example.INVOICE, "content": "<Invoice…"},
)
LIST_TRANSACTIONS = operation(
    "list_transactions",
    _TRANSACTIONS,
    "List the journeys of documents, newest first",
    200,
    transactions.TransactionsPage,
    {"transactions": [example.TRANSACTION], "next_cursor": None},
    query=_FILTERED,
)
GET_TRANSACTION = operation(
    "get_transaction",
    _TRANSACTIONS,
    "Get a document's journey",
    200,
    transactions.TransactionShown,
    example.TRANSACTION,
)
LIST_PARTICIPANTS = operation(
    "list_participants",
    _PARTICIPANTS,
    "List Peppol identifiers",
    200,
    responses.ParticipantsPage,
    {"participants": [example.PARTICIPANT], "next_cursor": None},
    query=_LISTED,
)
CREATE_PARTICIPANT = operation(
    "create_participant",
    _PARTICIPANTS,
    "Register on Peppol, in the background",
    201,
    responses.ParticipantShown,
    example.PARTICIPANT,
    request=requests.ParticipantFields,
    sent={"peppol_id": "0106:12345678", "name": "Acme Corporation B.V."},
)
GET_PARTICIPANT = operation(
    "get_participant",
    _PARTICIPANTS,
    "Get a Peppol identifier",
    200,
    responses.ParticipantShown,
    example.PARTICIPANT,
)
DELETE_PARTICIPANT = operation(
    "delete_participant",
    _PARTICIPANTS,
    "Take an identifier off Peppol, in the background",
    202,
    responses.ParticipantShown,
    {**example.PARTICIPANT, "status": "unregistering", "registered": False, "registered_at": None},
)
LIST_WEBHOOKS = operation(
    "list_webhooks",
    _WEBHOOKS,
    "List webhooks",
    200,
    responses.WebhooksPage,
    {"webhooks": [example.WEBHOOK], "next_cursor": None},
    query=_LISTED,
)
CREATE_WEBHOOK = operation(
    "create_webhook",
    _WEBHOOKS,
    "Create a webhook; its secret is shown this once",
    201,
    responses.WebhookMade,
    {**example.WEBHOOK, "secret": "whsec_…"},
    request=requests.WebhookFields,
    sent=example.WEBHOOK_SENT,
)
GET_WEBHOOK = operation(
    "get_webhook", _WEBHOOKS, "Get a webhook", 200, responses.WebhookShown, example.WEBHOOK
)
UPDATE_WEBHOOK = operation(
    "update_webhook",
    _WEBHOOKS,
    "Update a webhook, or disable and enable it",
    200,
    responses.WebhookMade,
    example.WEBHOOK,
    request=requests.WebhookChanges,
    sent={"events": ["invoice.*"]},
)
DELETE_WEBHOOK = operation("delete_webhook", _WEBHOOKS, "Delete a webhook", 204)
LIST_KEYS = operation(
    "list_api_keys",
    _KEYS,
    "List the keys that act for one organization",
    200,
    responses.ApiKeysPage,
    {"api_keys": [example.KEY], "next_cursor": None},
    query=_LISTED,
)
CREATE_KEY = operation(
    "create_api_key",
    _KEYS,
    "Issue a key; its value is shown this once",
    201,
    responses.KeyMade,
    {**example.KEY, "key": "gh_live_…"},
    request=requests.KeyFields,
    sent={"name": "Acme's ERP"},
)
DELETE_KEY = operation("revoke_api_key", _KEYS, "Revoke a key", 204)
