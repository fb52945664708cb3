"""What the OpenAPI document says of each operation of the Admin API."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
)

from config.api.einvoice import requests, responses
from config.api.kit.bodies import ABOVE, TOO_LARGE

_TIME = "2024-10-24T10:00:00Z"
_TENANT = {
    "id": "tenant_01jaysezv0f3rr5p2m8xw4q7kt",
    "name": "customer-company-bvba",
    "description": "Customer Company BVBA",
    "company_number": "0123456789",
    "company_tax_id": "BE0123456789",
    "peppol_ids": ["0208:0123456789"],
    "test_mode": False,
    "created_at": _TIME,
    "updated_at": _TIME,
    "is_deleted": False,
    "company_name": "Customer Company BVBA",
    "company_email": "info@customer.example",
    "company_address": "Korenmarkt 5",
    "company_zip": "9000",
    "company_city": "Gent",
    "company_country": "Belgium",
    "smp_registration": True,
    "smp_registration_date": _TIME,
}
_KEY = {
    "id": "key_01jaysezv0f3rr5p2m8xw4q7kt",
    "tenant_id": _TENANT["id"],
    "name": "production-key",
    "description": "Production API key",
    "created_at": _TIME,
    "updated_at": _TIME,
    "is_deleted": False,
}
_STATUS = {
    "registered": True,
    "peppol_id": "0208:0123456789",
    "status": "active",
    "registered_at": _TIME,
}


def _said(description: str, sentence: str) -> OpenApiResponse:
    return OpenApiResponse(
        responses.DetailAnswer,
        description,
        examples=[OpenApiExample(description, {"detail": sentence})],
    )


_REFUSALS: dict[int, OpenApiResponse] = {
    400: _said("Malformed JSON, or not possible in this state", "JSON decode error"),
    401: _said("Missing or wrong key", "Invalid authentication credentials"),
    403: _said("Suspended or closed organization", "This organization is not active."),
    409: _said("Conflict", "A tenant with similar name already exists"),
    413: _said(ABOVE, TOO_LARGE),
    429: _said("Above 100 requests a minute or 1000 an hour", "Rate limit exceeded"),
    503: _said("Something that is needed does not answer", "The Peppol Directory did not answer."),
}
_INVALID = OpenApiResponse(
    responses.ValidationDetailAnswer,
    "Invalid input",
    examples=[
        OpenApiExample(
            "Missing field",
            {
                "detail": [
                    {
                        "loc": ["body", "name"],
                        "msg": "field required",
                        "type": "value_error.missing",
                    }
                ]
            },
        )
    ],
)
_UNKNOWN = _said("Unknown, or not yours", "Tenant not found")
_PATH = {
    "tenant_id": OpenApiParameter("tenant_id", str, OpenApiParameter.PATH),
    "key_id": OpenApiParameter("key_id", str, OpenApiParameter.PATH),
    "webhook_id": OpenApiParameter("webhook_id", str, OpenApiParameter.PATH),
    "document_id": OpenApiParameter("document_id", str, OpenApiParameter.PATH),
    "attachment_id": OpenApiParameter("attachment_id", str, OpenApiParameter.PATH),
    "task_id": OpenApiParameter("task_id", str, OpenApiParameter.PATH),
}
_IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A call repeated with the same key within 24 hours gets the first one's answer.",
)


def operation(
    id: str,
    tag: str,
    summary: str,
    status: int,
    shown: Any = None,
    example: Any = None,
    *,
    request: Any = None,
    path: tuple[str, ...] = (),
    post: bool = False,
    parameters: Any = (),
    refusals: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """The description of one operation: what it answers and how it refuses."""
    answer = OpenApiResponse(
        shown, summary, examples=[OpenApiExample(summary, example)] if example else []
    )
    unknown = {404: _UNKNOWN} if path else {}
    return {
        "operation_id": id,
        "tags": [tag],
        "summary": summary,
        "request": request,
        "parameters": [
            *(_PATH[name] for name in path),
            *([_IDEMPOTENCY] if post else []),
            *parameters,
        ],
        "responses": {
            status: answer,
            **_REFUSALS,
            **unknown,
            422: _INVALID,
            **{code: _said(sentence, sentence) for code, sentence in (refusals or {}).items()},
        },
    }


_TENANT_PATH, _KEY_PATH = ("tenant_id",), ("tenant_id", "key_id")
_TENANTS, _KEYS, _PEPPOL = "Tenants", "API keys", "Peppol"

LIST_TENANTS = operation(
    "list_tenants",
    _TENANTS,
    "List tenants, newest first",
    200,
    responses.TenantListAnswer,
    {"tenants": [_TENANT], "total": 1},
    parameters=[requests.Page],
)
CREATE_TENANT = operation(
    "create_tenant",
    _TENANTS,
    "Create a tenant",
    201,
    responses.TenantAnswer,
    _TENANT,
    request=requests.TenantFields,
    post=True,
)
GET_TENANT = operation(
    "get_tenant", _TENANTS, "Get a tenant", 200, responses.TenantAnswer, _TENANT, path=_TENANT_PATH
)
UPDATE_TENANT = operation(
    "update_tenant",
    _TENANTS,
    "Update a tenant; what is left out stays",
    200,
    responses.TenantAnswer,
    _TENANT,
    request=requests.TenantChanges,
    path=_TENANT_PATH,
)
DELETE_TENANT = operation(
    "delete_tenant", _TENANTS, "Delete a tenant; its data is kept", 204, path=_TENANT_PATH
)
LIST_KEYS = operation(
    "list_api_keys",
    _KEYS,
    "List a tenant's API keys",
    200,
    responses.KeyListAnswer,
    {"api_keys": [_KEY], "total": 1},
    path=_TENANT_PATH,
    parameters=[requests.Page],
)
CREATE_KEY = operation(
    "create_api_key",
    _KEYS,
    "Create an API key; its value is shown this once",
    201,
    responses.IssuedKeyAnswer,
    {**_KEY, "key": "einv_prod_…"},
    request=requests.KeyFields,
    path=_TENANT_PATH,
    post=True,
)
LATEST_KEY = operation(
    "latest_api_key",
    _KEYS,
    "Get the most recently created API key",
    200,
    responses.KeyAnswer,
    _KEY,
    path=_TENANT_PATH,
)
UPDATE_KEY = operation(
    "update_api_key",
    _KEYS,
    "Rename or describe an API key",
    200,
    responses.KeyAnswer,
    _KEY,
    request=requests.KeyChanges,
    path=_KEY_PATH,
)
DELETE_KEY = operation("revoke_api_key", _KEYS, "Revoke an API key", 204, path=_KEY_PATH)
PEPPOL_STATUS = operation(
    "peppol_status",
    _PEPPOL,
    "How far the registration is",
    200,
    responses.RegistrationStatusAnswer,
    _STATUS,
    path=_TENANT_PATH,
)
PEPPOL_REGISTER = operation(
    "peppol_register",
    _PEPPOL,
    "Register on Peppol, in the background",
    202,
    responses.RegistrationStatusAnswer,
    {**_STATUS, "registered": False, "status": "pending", "registered_at": None},
    request=requests.Registration,
    path=_TENANT_PATH,
    post=True,
)
PEPPOL_BUSINESS_CARD = operation(
    "peppol_business_card",
    _PEPPOL,
    "Change the name on the business card",
    202,
    responses.RegistrationStatusAnswer,
    _STATUS,
    request=requests.BusinessCard,
    path=_TENANT_PATH,
    post=True,
)
PEPPOL_UNREGISTER = operation(
    "peppol_unregister",
    _PEPPOL,
    "Take off Peppol, in the background",
    202,
    responses.RegistrationStatusAnswer,
    {**_STATUS, "registered": False, "status": "unregistering", "registered_at": None},
    path=_TENANT_PATH,
    post=True,
)
