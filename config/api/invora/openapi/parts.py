"""What all operations of the Identity API have in common: parameters and refusals."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from config.api.invora.responses import ErrorDetail, Status
from config.api.kit import openapi as kit
from config.api.kit.bodies import ABOVE, TOO_LARGE
from config.api.kit.openapi import IDEMPOTENCY_KEY, answered, in_header, in_path


def _error(code: str, reason: str, message: str, **metadata: str) -> dict[str, Any]:
    info = ErrorDetail.of("ErrorInfo", reason=reason, domain="gatehouse", metadata=metadata)
    return {"code": code, "message": message, "details": [info]}


def _said(description: str, *errors: dict[str, Any]) -> OpenApiResponse:
    examples = {error["details"][0]["reason"]: error for error in errors}
    return answered(Status, description, examples)


_MISSING = _error("INVALID_ARGUMENT", "INVALID", "This field is required.")
_MISSING["details"].append(
    ErrorDetail.of(
        "BadRequest",
        fieldViolations=[{"field": "country", "description": _MISSING["message"]}],
    )
)
_NO_PROFILE = _error("FAILED_PRECONDITION", "NO_ORGANIZATION", "There is no organization yet.")
_TAKEN = _error(
    "ALREADY_EXISTS", "NAME_TAKEN", "A Connected Business with this name already exists."
)
_PROFILE_TAKEN = _error(
    "ALREADY_EXISTS", "PROFILE_TAKEN", "The business profile was completed already."
)
_FULL = _error(
    "RESOURCE_EXHAUSTED",
    "COMPANY_LIMIT_REACHED",
    "The Connected Business limit of your plan has been reached. "
    "Upgrade your plan or remove unused businesses.",
    limit="25",
)
_FAST = _error("RESOURCE_EXHAUSTED", "RATE_LIMITED", "Rate limit exceeded")
_REFUSALS: dict[int, OpenApiResponse] = {
    400: _said("Missing or invalid fields, or not possible in this state", _MISSING, _NO_PROFILE),
    401: _said(
        "Missing, wrong or expired token",
        _error("UNAUTHENTICATED", "UNAUTHENTICATED", "Invalid authentication credentials"),
    ),
    403: _said(
        "Not with this plan, role or kind of organization, or suspended",
        _error(
            "PERMISSION_DENIED", "PLATFORM_REQUIRED", "Only a Platform has Connected Businesses."
        ),
        _error("PERMISSION_DENIED", "ORGANIZATION_NOT_ACTIVE", "This organization is not active."),
    ),
    404: _said(
        "Unknown, or not under your organization",
        _error("NOT_FOUND", "NOT_FOUND", "Connected Business not found"),
    ),
    409: _said("There is one already", _TAKEN, _PROFILE_TAKEN),
    413: _said(
        ABOVE,
        _error("INVALID_ARGUMENT", "TOO_LARGE", TOO_LARGE),
    ),
    422: _said(
        "An Idempotency-Key used for two requests",
        _error(
            "INVALID_ARGUMENT",
            "IDEMPOTENCY_KEY_REUSED",
            "This Idempotency-Key was used with a different request.",
        ),
    ),
    429: _said("The plan is full or, with Retry-After, too many requests", _FULL, _FAST),
}
_TENANT = in_path("tenant_id", "The business's tenantId.")
_TARGET = in_header(
    "X-Target-Org-Id",
    "Of several organizations that a user belongs to, the one to act for.",
)


def operation(
    tag: str,
    id: str,
    summary: str,
    shown: Any,
    example: Any,
    *,
    request: Any = None,
    sent: Any = None,
    post: bool = False,
    one: bool = False,
) -> dict[str, Any]:
    """An operation, as `extend_schema` takes it; `one` is about the business in the path."""
    return kit.operation(
        tag,
        id,
        summary,
        {200: answered(shown, summary, {summary: example}), **_REFUSALS},
        request=request,
        sent={"Request": sent} if sent else None,
        parameters=[
            *([_TENANT] if one else []),
            _TARGET,
            *([IDEMPOTENCY_KEY] if post else []),
        ],
    )
