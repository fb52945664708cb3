"""What the OpenAPI document says of each operation of the management API."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    inline_serializer,
)
from rest_framework import serializers

from config.api.fiskaly import described as shown
from config.api.fiskaly import requests as given
from config.api.fiskaly.openapi import examples


def _refusal(status: int, code: str, sentence: str, description: str) -> OpenApiResponse:
    error = HTTPStatus(status).phrase
    body = {"status_code": status, "error": error, "code": code, "message": sentence}
    return OpenApiResponse(shown.Failure, description, examples=[OpenApiExample(description, body)])


_REFUSALS: dict[int, OpenApiResponse] = {
    400: _refusal(400, "E_INVALID", "name: This field is required.", "Invalid input"),
    401: _refusal(
        401,
        "E_UNAUTHENTICATED",
        "Invalid authentication credentials",
        "No token, or one that is over or whose key ended",
    ),
    403: _refusal(
        403,
        "E_FORBIDDEN",
        "You may not do this with this organization.",
        "Not yours to do, or a suspended organization",
    ),
    413: _refusal(413, "E_TOO_LARGE", "The request body is larger than 1 MB.", "Body above 1 MB"),
    429: _refusal(429, "E_RATE_LIMITED", "Rate limit exceeded", "Too many requests"),
}
_UNKNOWN = _refusal(404, "E_NOT_FOUND", "Organization not found", "Unknown, or not yours")
_REUSED = _refusal(
    422,
    "E_IDEMPOTENCY_KEY_REUSED",
    "This Idempotency-Key was used with a different request.",
    "Idempotency-Key used for something else, or malformed",
)
_CONFLICT = _refusal(
    409,
    "E_NAME_TAKEN",
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


def _list_of(name: str, item: Any, example: Any) -> tuple[Any, Any]:
    fields = {
        "data": item(many=True),
        "count": serializers.IntegerField(),
        "_type": serializers.ChoiceField([f"{example['_type'].removeprefix('MANAGED_')}_LIST"]),
    }
    kind = example["_type"].removeprefix("MANAGED_")
    shape = inline_serializer(f"{name}List", fields)
    return shape, {"data": [example], "count": 1, "_type": f"{kind}_LIST"}


_ORG, _KEY, _USER, _ADDRESS = (
    ("organization_id",),
    ("organization_id", "key_id"),
    ("organization_id", "user_id"),
    ("address_id",),
)
_OTHER_ADDRESS = given.AddressFields(partial=True)
_OTHER_ORGANIZATION = given.OrganizationFields(partial=True)
_DONE = (shown.Success, {"_success": True})

AUTH = _operation(
    "retrieve_token",
    "Authentication",
    "Retrieve a token",
    shown.Tokens,
    examples.TOKENS,
    request=given.Credentials,
    sample=examples.CREDENTIALS,
    auth=[{}],
)
LIST_ORGANIZATIONS = _operation(
    "list_organizations",
    "Organizations",
    "List organizations",
    *_list_of("Organization", shown.Organization, examples.ORGANIZATION),
    parameters=[given.OrganizationListing],
)
CREATE_ORGANIZATION = _operation(
    "create_organization",
    "Organizations",
    "Create an organization",
    shown.Organization,
    examples.ORGANIZATION,
    request=given.OrganizationFields,
    sample=examples.NEW_ORGANIZATION,
)
GET_ORGANIZATION = _operation(
    "get_organization",
    "Organizations",
    "Retrieve an organization",
    shown.Organization,
    examples.ORGANIZATION,
    path=_ORG,
)
UPDATE_ORGANIZATION = _operation(
    "update_organization",
    "Organizations",
    "Update an organization; what is left out stays",
    shown.Organization,
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
    request=given.Environments,
    sample={"env": "TEST"},
    path=_ORG,
)
LIST_KEYS = _operation(
    "list_api_keys",
    "API keys",
    "List API keys",
    *_list_of("ApiKey", shown.ApiKey, {**examples.KEY, "secret": None}),
    path=_ORG,
    parameters=[given.KeyListing],
)
CREATE_KEY = _operation(
    "create_api_key",
    "API keys",
    "Create an API key; its secret is shown this once",
    shown.ApiKey,
    examples.KEY,
    request=given.KeyFields,
    sample=examples.NEW_KEY,
    path=_ORG,
)
GET_KEY = _operation(
    "get_api_key",
    "API keys",
    "Retrieve an API key",
    shown.ApiKey,
    {**examples.KEY, "secret": None},
    path=_KEY,
)
UPDATE_KEY = _operation(
    "update_api_key",
    "API keys",
    "Enable, disable or annotate an API key",
    shown.ApiKey,
    {**examples.KEY, "secret": None, "status": "disabled"},
    request=given.KeyChanges,
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
    *_list_of("User", shown.User, examples.USER),
    path=_ORG,
    parameters=[given.UserListing],
)
INVITE_USER = _operation(
    "invite_user",
    "Users",
    "Invite a user by mail",
    shown.User,
    examples.USER,
    request=given.Invited,
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
    *_list_of("BillingAddress", shown.BillingAddress, examples.ADDRESS),
    parameters=[given.Listing],
)
CREATE_ADDRESS = _operation(
    "create_billing_address",
    "Billing addresses",
    "Create a billing address",
    shown.BillingAddress,
    examples.ADDRESS,
    request=given.AddressFields,
    sample=examples.NEW_ADDRESS,
)
GET_ADDRESS = _operation(
    "get_billing_address",
    "Billing addresses",
    "Retrieve a billing address",
    shown.BillingAddress,
    examples.ADDRESS,
    path=_ADDRESS,
)
UPDATE_ADDRESS = _operation(
    "update_billing_address",
    "Billing addresses",
    "Update a billing address; what is left out stays",
    shown.BillingAddress,
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
