"""What the OpenAPI document says of each operation of the management API."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
)

from config.api.fiskaly import requests, responses
from config.api.fiskaly.openapi import examples
from config.api.fiskaly.responses import FailureAnswer, Refusal
from config.api.kit.bodies import ABOVE, TOO_LARGE


def _refusal(status: int, code: str, sentence: str, description: str) -> OpenApiResponse:
    body = FailureAnswer.of(Refusal(status, code, sentence))
    return OpenApiResponse(FailureAnswer, description, examples=[OpenApiExample(description, body)])


_REFUSALS: dict[int, OpenApiResponse] = {
    400: _refusal(400, "invalid", "name: This field is required.", "Invalid input"),
    401: _refusal(
        401,
        "unauthenticated",
        "Invalid authentication credentials",
        "No token, or one that is over or whose key ended",
    ),
    403: _refusal(
        403,
        "forbidden",
        "You may not do this with this organization.",
        "Not yours to do, or a suspended organization",
    ),
    413: _refusal(413, "too_large", TOO_LARGE, ABOVE),
    429: _refusal(429, "rate_limited", "Rate limit exceeded", "Too many requests"),
}
_UNKNOWN = _refusal(404, "not_found", "Organization not found", "Unknown, or not yours")
_REUSED = _refusal(
    422,
    "idempotency_key_reused",
    "This Idempotency-Key was used with a different request.",
    "Idempotency-Key used for something else, or malformed",
)
_CONFLICT = _refusal(
    409,
    "name_taken",
    "An API key with this name already exists.",
    "Something of that name is there, or the same call is still running",
)
_PATH = {
    name: OpenApiParameter(
        name, {"type": "string", "format": "uuid"}, OpenApiParameter.PATH, description=what
    )
    for name, what in (
        ("organization_id", "An organization's `_id`"),
        ("key_id", "A key's `_id`"),
        ("user_id", "A user's `_id`"),
        ("address_id", "A billing address's `_id`"),
    )
}
_IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[#-~]([ -~]*[#-~])?$"},
    OpenApiParameter.HEADER,
    description="A call repeated with the same key within 24 hours gets the first one's answer.",
)


def _operation(
    id: str,
    tag: str,
    summary: str,
    answer: Any,
    example: Any,
    *,
    request: Any = None,
    sample: Any = None,
    path: tuple[str, ...] = (),
    parameters: Any = (),
    **more: Any,
) -> dict[str, Any]:
    posts = id.startswith(("create", "invite", "enable", "retrieve_token"))
    told = OpenApiResponse(answer, summary, examples=[OpenApiExample(summary, example)])
    unknown = {404: _UNKNOWN} if path or id == "create_billing_address" else {}
    asked = [OpenApiExample(summary, sample, request_only=True)] if sample is not None else []
    return {
        "operation_id": id,
        "tags": [tag],
        "summary": summary,
        "request": request,
        "examples": asked,
        "parameters": [
            *(_PATH[name] for name in path),
            *([_IDEMPOTENCY] if posts else []),
            *parameters,
        ],
        "responses": {
            200: told,
            **_REFUSALS,
            **unknown,
            **({409: _CONFLICT, 422: _REUSED} if posts else {}),
        },
        "auth": [{"key": []}],
        **more,
    }


_ORG, _KEY, _USER, _ADDRESS = (
    ("organization_id",),
    ("organization_id", "key_id"),
    ("organization_id", "user_id"),
    ("address_id",),
)
_OTHER_ADDRESS = requests.AddressFields(partial=True)
_OTHER_ORGANIZATION = requests.OrganizationFields(partial=True)
_DONE = (responses.SuccessAnswer, responses.DONE)

AUTH = _operation(
    "retrieve_token",
    "Authentication",
    "Retrieve a token",
    responses.TokensAnswer,
    examples.TOKENS,
    request=requests.Credentials,
    sample=examples.CREDENTIALS,
    auth=[{}],
)
LIST_ORGANIZATIONS = _operation(
    "list_organizations",
    "Organizations",
    "List organizations",
    responses.OrganizationListAnswer,
    examples.list_of(examples.ORGANIZATION),
    parameters=[requests.OrganizationListing],
)
CREATE_ORGANIZATION = _operation(
    "create_organization",
    "Organizations",
    "Create an organization",
    responses.OrganizationAnswer,
    examples.ORGANIZATION,
    request=requests.OrganizationFields,
    sample=examples.NEW_ORGANIZATION,
)
GET_ORGANIZATION = _operation(
    "get_organization",
    "Organizations",
    "Retrieve an organization",
    responses.OrganizationAnswer,
    examples.ORGANIZATION,
    path=_ORG,
)
UPDATE_ORGANIZATION = _operation(
    "update_organization",
    "Organizations",
    "Update an organization; what is left out stays",
    responses.OrganizationAnswer,
    examples.ORGANIZATION,
    request=_OTHER_ORGANIZATION,
    sample=examples.CHANGES,
    path=_ORG,
)
REPLACE_ORGANIZATION = {
    **UPDATE_ORGANIZATION,
    "operation_id": "put_organization",
    "deprecated": True,
}
DELETE_ORGANIZATION = _operation(
    "delete_organization",
    "Organizations",
    "Delete an organization; its data is kept",
    *_DONE,
    path=_ORG,
)
ENABLE_ENV = _operation(
    "enable_env",
    "Organizations",
    "Enable an environment; this cannot be undone",
    *_DONE,
    request=requests.Environments,
    sample={"env": "TEST"},
    path=_ORG,
)
LIST_KEYS = _operation(
    "list_api_keys",
    "API keys",
    "List API keys",
    responses.ApiKeyListAnswer,
    examples.list_of({**examples.KEY, "secret": None}),
    path=_ORG,
    parameters=[requests.KeyListing],
)
CREATE_KEY = _operation(
    "create_api_key",
    "API keys",
    "Create an API key; its secret is shown this once",
    responses.ApiKeyAnswer,
    examples.KEY,
    request=requests.KeyFields,
    sample=examples.NEW_KEY,
    path=_ORG,
)
GET_KEY = _operation(
    "get_api_key",
    "API keys",
    "Retrieve an API key",
    responses.ApiKeyAnswer,
    {**examples.KEY, "secret": None},
    path=_KEY,
)
UPDATE_KEY = _operation(
    "update_api_key",
    "API keys",
    "Enable, disable or annotate an API key",
    responses.ApiKeyAnswer,
    {**examples.KEY, "secret": None, "status": "disabled"},
    request=requests.KeyChanges,
    sample={"status": "disabled"},
    path=_KEY,
)
REPLACE_KEY = {**UPDATE_KEY, "operation_id": "put_api_key", "deprecated": True}
DELETE_KEY = _operation(
    "revoke_api_key", "API keys", "Revoke an API key for good", *_DONE, path=_KEY
)
LIST_USERS = _operation(
    "list_users",
    "Users",
    "List users and who is invited",
    responses.UserListAnswer,
    examples.list_of(examples.USER),
    path=_ORG,
    parameters=[requests.UserListing],
)
INVITE_USER = _operation(
    "invite_user",
    "Users",
    "Invite a user by mail",
    responses.UserAnswer,
    examples.USER,
    request=requests.Invited,
    sample=examples.INVITED,
    path=_ORG,
)
DELETE_USER = _operation(
    "delete_user",
    "Users",
    "Remove a user from this organization, not from others",
    *_DONE,
    path=_USER,
)
LIST_ADDRESSES = _operation(
    "list_billing_addresses",
    "Billing addresses",
    "List the billing addresses you can reach",
    responses.BillingAddressListAnswer,
    examples.list_of(examples.ADDRESS),
    parameters=[requests.Listing],
)
CREATE_ADDRESS = _operation(
    "create_billing_address",
    "Billing addresses",
    "Create a billing address",
    responses.BillingAddressAnswer,
    examples.ADDRESS,
    request=requests.AddressFields,
    sample=examples.NEW_ADDRESS,
)
GET_ADDRESS = _operation(
    "get_billing_address",
    "Billing addresses",
    "Retrieve a billing address",
    responses.BillingAddressAnswer,
    examples.ADDRESS,
    path=_ADDRESS,
)
UPDATE_ADDRESS = _operation(
    "update_billing_address",
    "Billing addresses",
    "Update a billing address; what is left out stays",
    responses.BillingAddressAnswer,
    examples.ADDRESS,
    request=_OTHER_ADDRESS,
    sample={"town": "Graz"},
    path=_ADDRESS,
)
REPLACE_ADDRESS = {
    **UPDATE_ADDRESS,
    "operation_id": "put_billing_address",
    "deprecated": True,
}
DELETE_ADDRESS = _operation(
    "delete_billing_address",
    "Billing addresses",
    "Delete a billing address",
    *_DONE,
    path=_ADDRESS,
)
