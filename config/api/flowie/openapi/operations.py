"""What the OpenAPI document says of each operation of the platform API."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    inline_serializer,
)
from rest_framework import serializers

from config.api.flowie import measured
from config.api.flowie.openapi import examples as sample
from config.api.flowie.requests import bodies, queries
from config.api.flowie.responses import resources as shown


def _refusal(description: str, code: str, sentence: str, **more: Any) -> OpenApiResponse:
    body = {"code": code, "message": sentence, **more}
    return OpenApiResponse(shown.Failure, description, examples=[OpenApiExample(description, body)])


_REFUSALS: dict[int, OpenApiResponse] = {
    400: _refusal("Malformed JSON", "MALFORMED_JSON", "JSON decode error: a key twice"),
    401: _refusal(
        "No credential, or one that opens nothing",
        "UNAUTHENTICATED",
        "Invalid authentication credentials",
    ),
    403: _refusal(
        "Not this caller's to do: no platform key, a missing scope, an organization that is not "
        "active",
        "INSUFFICIENT_SCOPE",
        "This key needs the scope platform.",
    ),
    404: _refusal("Unknown, or not yours", "NOT_FOUND", "Company not found"),
    429: _refusal("Too many requests", "RATE_LIMITED", "Rate limit exceeded"),
}
_INVALID = _refusal(
    "Invalid input, or an Idempotency-Key that was used for something else",
    "INVALID",
    "This field is required.",
    errors=[{"field": "name", "message": "This field is required.", "code": "required"}],
)
_TOO_LARGE = _refusal("Body too large", "TOO_LARGE", "The request body is larger than 1 MB.")
_CONFLICT = _refusal(
    "Not possible in this state, or the same call is still running",
    "WRONG_STATE",
    "A disabled endpoint receives nothing: enable it first.",
)
_EXISTS = _refusal(
    "There is a company with this VAT number; treat it as success",
    "COMPANY_EXISTS",
    "A company with this VAT number already exists.",
    companyId=sample.COMPANY["id"],
)
_REQUIRED = _refusal(
    "A platform key that names no company",
    "COMPANY_REQUIRED",
    "Name the company to act for in X-Flowie-Company.",
)
_UNENTITLED = _refusal(
    "Without the white-label entitlement",
    "WHITE_LABEL_REQUIRED",
    "Branding needs the white-label entitlement.",
)
_PATH = {
    name: OpenApiParameter(name, str, OpenApiParameter.PATH, description=what)
    for name, what in (
        ("company_id", "A company's id, `comp_…`"),
        ("key_id", "A key's id, `key_…`"),
        ("webhook_id", "A webhook's id, `wh_…`"),
        ("delivery_id", "A delivery's id, `del_…`"),
        ("document_id", "A document's id, `doc_…`"),
    )
}
_IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A call repeated with the same key within 24 hours gets the first one's answer.",
)
_ACTING = OpenApiParameter(
    "X-Flowie-Company",
    str,
    OpenApiParameter.HEADER,
    description="Whom a platform key acts for, `comp_…`. A tenant key acts for its own company.",
)


def _operation(
    id: str,
    tag: str,
    summary: str,
    status: int,
    answer: Any = None,
    example: Any = None,
    *,
    request: Any = None,
    given_as: Any = None,
    path: tuple[str, ...] = (),
    parameters: Any = (),
    acts: bool = False,
    post: bool = False,
    refusals: dict[int, OpenApiResponse] | None = None,
) -> dict[str, Any]:
    told = OpenApiResponse(
        answer, summary, examples=[OpenApiExample(summary, example)] if example else []
    )
    asks = [OpenApiExample(summary, given_as, request_only=True)] if given_as else []
    writes = post or bool(request) or status == 204
    return {
        "operation_id": id,
        "tags": [tag],
        "summary": summary,
        "auth": [{"key": []}],
        "request": request,
        "examples": asks,
        "parameters": [
            *(_PATH[name] for name in path),
            *([_ACTING] if acts else []),
            *([_IDEMPOTENCY] if post else []),
            *parameters,
        ],
        "responses": {
            status: told,
            **_REFUSALS,
            **({409: _CONFLICT} if writes else {}),
            **({413: _TOO_LARGE} if request else {}),
            422: _INVALID,
            **(refusals or {}),
        },
    }


def _list_of(name: str, item: Any, example: Any) -> tuple[Any, Any]:
    fields = {name: item(many=True), "nextCursor": serializers.CharField(allow_null=True)}
    shape = inline_serializer(f"{name[0].upper()}{name[1:]}Page", fields)
    return shape, {name: [example], "nextCursor": None}


_KEYS, _COMPANIES, _WEBHOOKS, _DOCUMENTS, _PLATFORM = (
    "API keys",
    "Companies",
    "Webhooks",
    "Documents",
    "Platform",
)
_COMPANY, _KEY, _WEBHOOK, _DOCUMENT = (
    ("company_id",),
    ("key_id",),
    ("webhook_id",),
    ("document_id",),
)
_KEY_LIST = _list_of("apiKeys", shown.Key, sample.PLATFORM_KEY)
_NEW_KEY = {**sample.PLATFORM_KEY, "key": "flw_plat_test_AbC123…"}
_NEW_TENANT_KEY = {**sample.TENANT_KEY, "key": "flw_test_AbC1…"}
_SECRET = {**sample.WEBHOOK, "secret": sample.SECRET}

LIST_OWN_KEYS = _operation(
    "list_platform_keys",
    _KEYS,
    "List the platform's own keys, as a person",
    200,
    *_KEY_LIST,
    parameters=[queries.Page],
)
ISSUE_PLATFORM_KEY = _operation(
    "issue_platform_key",
    _KEYS,
    "Issue a platform key, as a person; it is shown this once",
    201,
    shown.IssuedKey,
    _NEW_KEY,
    request=bodies.PlatformKeyFields,
    given_as=sample.NEW_PLATFORM_KEY,
    post=True,
)
LIST_KEYS = _operation(
    "list_api_keys",
    _KEYS,
    "List the keys of the platform and its companies",
    200,
    *_KEY_LIST,
    parameters=[queries.KeyListing],
)
GET_KEY = _operation(
    "get_api_key",
    _KEYS,
    "Read a key without its value",
    200,
    shown.Key,
    sample.TENANT_KEY,
    path=_KEY,
)
REVOKE_KEY = _operation("revoke_api_key", _KEYS, "Revoke a key for good", 204, path=_KEY)
ROTATE_KEY = _operation(
    "rotate_api_key",
    _KEYS,
    "Replace a key; both are good until the overlap is over",
    201,
    shown.IssuedKey,
    _NEW_TENANT_KEY,
    request=bodies.Rotation,
    given_as={"overlapSeconds": 86400},
    path=_KEY,
    post=True,
)
LIST_COMPANY_KEYS = _operation(
    "list_company_keys",
    _KEYS,
    "List a company's keys",
    200,
    *_KEY_LIST,
    path=_COMPANY,
    parameters=[queries.Page],
)
ISSUE_TENANT_KEY = _operation(
    "issue_tenant_key",
    _KEYS,
    "Issue a tenant key; it is shown this once",
    201,
    shown.IssuedKey,
    _NEW_TENANT_KEY,
    request=bodies.TenantKeyFields,
    given_as=sample.NEW_COMPANY["apiKey"],
    path=_COMPANY,
    post=True,
)

LIST_COMPANIES = _operation(
    "list_companies",
    _COMPANIES,
    "List companies, newest first",
    200,
    *_list_of("companies", shown.Company, sample.COMPANY),
    parameters=[queries.CompanyListing],
)
ONBOARD_COMPANY = _operation(
    "onboard_company",
    _COMPANIES,
    "Onboard a company with its key, webhook and registration",
    201,
    shown.Onboarded,
    sample.ONBOARDED,
    request=bodies.Onboarding,
    given_as=sample.NEW_COMPANY,
    post=True,
    refusals={409: _EXISTS},
)
GET_COMPANY = _operation(
    "get_company",
    _COMPANIES,
    "Read a company, deregistered ones too",
    200,
    shown.Company,
    {**sample.COMPANY, "smpRegistered": True, "smpStatus": "active"},
    path=_COMPANY,
)
UPDATE_COMPANY = _operation(
    "update_company",
    _COMPANIES,
    "Change a company; what is left out stays",
    200,
    shown.Company,
    sample.COMPANY,
    request=bodies.CompanyChanges,
    given_as={"metadata": {"tier": "basic"}},
    path=_COMPANY,
    refusals={409: _EXISTS},
)
DEREGISTER_COMPANY = _operation(
    "deregister_company",
    _COMPANIES,
    "Take a company off the network; its documents stay readable",
    204,
    path=_COMPANY,
)

LIST_WEBHOOKS = _operation(
    "list_webhooks",
    _WEBHOOKS,
    "List webhooks, newest first",
    200,
    *_list_of("webhooks", shown.Webhook, sample.WEBHOOK),
    parameters=[queries.WebhookListing],
    acts=True,
)
CREATE_WEBHOOK = _operation(
    "create_webhook",
    _WEBHOOKS,
    "Create a webhook: of a company, or without one of the platform and all its companies",
    201,
    shown.NewWebhook,
    _SECRET,
    request=bodies.WebhookFields,
    given_as=sample.NEW_WEBHOOK,
    acts=True,
    post=True,
)
GET_WEBHOOK = _operation(
    "get_webhook",
    _WEBHOOKS,
    "Read a webhook with its failureCount",
    200,
    shown.Webhook,
    sample.WEBHOOK,
    path=_WEBHOOK,
    acts=True,
)
UPDATE_WEBHOOK = _operation(
    "update_webhook",
    _WEBHOOKS,
    "Change, disable or enable a webhook",
    200,
    shown.Webhook,
    {**sample.WEBHOOK, "status": "disabled"},
    request=bodies.WebhookChanges,
    given_as={"status": "disabled"},
    path=_WEBHOOK,
    acts=True,
)
DELETE_WEBHOOK = _operation(
    "delete_webhook", _WEBHOOKS, "Delete a webhook", 204, path=_WEBHOOK, acts=True
)
ROTATE_SECRET = _operation(
    "rotate_webhook_secret",
    _WEBHOOKS,
    "Give a webhook a new secret; the old one signs too until the overlap is over",
    200,
    shown.NewWebhook,
    _SECRET,
    request=bodies.SecretRotation,
    given_as={"overlapSeconds": 86400},
    path=_WEBHOOK,
    acts=True,
    post=True,
)
TEST_WEBHOOK = _operation(
    "test_webhook",
    _WEBHOOKS,
    "Have a test event sent",
    202,
    shown.Delivery,
    {**sample.DELIVERY, "type": "endpoint.test"},
    path=_WEBHOOK,
    acts=True,
    post=True,
)
LIST_DELIVERIES = _operation(
    "list_deliveries",
    _WEBHOOKS,
    "List what was due to a webhook, newest first",
    200,
    *_list_of("deliveries", shown.Delivery, sample.DELIVERY),
    path=_WEBHOOK,
    parameters=[queries.DeliveryListing],
    acts=True,
)
REPLAY_DELIVERY = _operation(
    "replay_delivery",
    _WEBHOOKS,
    "Send one delivery again",
    202,
    shown.Delivery,
    sample.DELIVERY,
    path=("webhook_id", "delivery_id"),
    acts=True,
    post=True,
)
REPLAY_DELIVERIES = _operation(
    "replay_deliveries",
    _WEBHOOKS,
    "Send again what was missed, or what failed in a time",
    202,
    shown.Replayed,
    {"replayed": 12},
    request=bodies.Replay,
    given_as={"what": "missed"},
    path=_WEBHOOK,
    acts=True,
    post=True,
)

SEND_DOCUMENT = _operation(
    "send_document",
    _DOCUMENTS,
    "Send a document",
    202,
    shown.Document,
    sample.DOCUMENT,
    request=bodies.Outgoing,
    given_as=sample.OUTGOING,
    acts=True,
    post=True,
    refusals={403: _REQUIRED},
)
SEND_BATCH = _operation(
    "send_documents",
    _DOCUMENTS,
    "Send up to 100 documents, each on its own",
    207,
    shown.Batched,
    sample.BATCHED,
    request=bodies.Batch,
    given_as={"documents": [sample.OUTGOING]},
    acts=True,
    post=True,
    refusals={403: _REQUIRED},
)
VALIDATE_DOCUMENT = _operation(
    "validate_document",
    _DOCUMENTS,
    "Check a document and send nothing",
    200,
    shown.Judged,
    sample.DRAFT,
    request=bodies.Outgoing,
    given_as=sample.OUTGOING,
    acts=True,
    post=True,
    refusals={403: _REQUIRED},
)
LIST_DOCUMENTS = _operation(
    "list_documents",
    _DOCUMENTS,
    "List a company's documents, newest first",
    200,
    *_list_of("documents", shown.Document, sample.DOCUMENT),
    parameters=[queries.DocumentListing],
    acts=True,
    refusals={403: _REQUIRED},
)
GET_DOCUMENT = _operation(
    "get_document",
    _DOCUMENTS,
    "Read a document without its content",
    200,
    shown.Document,
    {**sample.DOCUMENT, "status": "delivered"},
    path=_DOCUMENT,
    acts=True,
)
GET_PAYLOAD = _operation(
    "get_document_payload",
    _DOCUMENTS,
    "Read a document's content, UBL or JSON",
    200,
    path=_DOCUMENT,
    acts=True,
)
GET_PAYLOAD["responses"] |= {
    (200, media): OpenApiResponse(form, "The content as it was sent or came in")
    for media, form in (
        ("application/xml", OpenApiTypes.BINARY),
        ("application/json", OpenApiTypes.OBJECT),
    )
}
del GET_PAYLOAD["responses"][200]
GET_PAYLOAD["responses"][503] = _refusal(
    "The content cannot be read now",
    "PAYLOAD_UNAVAILABLE",
    "The content of this document cannot be read now.",
)

GET_SETTINGS = _operation(
    "get_settings", _PLATFORM, "Read the platform's settings", 200, shown.Settings, sample.SETTINGS
)
UPDATE_SETTINGS = _operation(
    "update_settings",
    _PLATFORM,
    "Change a part of the settings; what is left out stays",
    200,
    shown.Settings,
    sample.SETTINGS,
    request=bodies.Settings,
    given_as=sample.NEW_SETTINGS,
    refusals={403: _UNENTITLED},
)
USAGE = _operation(
    "get_usage",
    _PLATFORM,
    "Documents of a period, in all and by company",
    200,
    measured.Usage,
    sample.USAGE,
    parameters=[queries.UsageQuery],
)
STATS = _operation(
    "get_stats",
    _PLATFORM,
    "A tenant's documents, quota and failures",
    200,
    measured.Stats,
    sample.STATS,
    parameters=[queries.PeriodQuery],
    acts=True,
    refusals={403: _REQUIRED},
)
READINESS: dict[str, Any] = {
    "operation_id": "readiness",
    "tags": [_PLATFORM],
    "auth": [{}],
    "summary": "Whether the installation works, with its circuit breakers",
    "responses": {
        status: OpenApiResponse(measured.Readiness, said, examples=[OpenApiExample(said, body)])
        for status, said, body in ((200, "Ready", sample.READY), (503, "Not ready", sample.UNREADY))
    },
}
