"""What all operations of the platform API have in common: parameters and refusals."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from config.api.flowie.responses.errors import Failure
from config.api.kit import openapi as kit
from config.api.kit.bodies import TOO_LARGE
from config.api.kit.openapi import IDEMPOTENCY_KEY, answered, in_header, in_path

# The vendor's categories of the refusals below; of others it is the first.
_TYPES = {
    "UNAUTHENTICATED": "authentication_error",
    "INSUFFICIENT_SCOPE": "permission_error",
    "COMPANY_REQUIRED": "permission_error",
    "NOT_FOUND": "not_found_error",
    "COMPANY_EXISTS": "conflict_error",
    "WRONG_STATE": "conflict_error",
    "RATE_LIMITED": "rate_limit_error",
    "DAILY_LIMIT_REACHED": "rate_limit_error",
}


def refusal(description: str, code: str, sentence: str, **more: Any) -> OpenApiResponse:
    """An answer that refuses, with an example of it."""
    nested = {"type": _TYPES.get(code, "validation_error"), "code": code, "message": sentence}
    shown = {"code": code, "message": sentence, "error": nested, **more}
    return answered(Failure, description, {description: shown})


_REFUSALS: dict[int, OpenApiResponse] = {
    400: refusal("Malformed JSON", "MALFORMED_JSON", "JSON decode error: a key twice"),
    401: refusal(
        "No credential, or one that opens nothing",
        "UNAUTHENTICATED",
        "Invalid authentication credentials",
    ),
    403: refusal(
        "Not this caller's to do: no platform key, a missing scope, an organization that is not "
        "active",
        "INSUFFICIENT_SCOPE",
        "This key needs the scope platform.",
    ),
    404: refusal("Unknown, or not yours", "NOT_FOUND", "Company not found"),
    429: refusal("Too many requests", "RATE_LIMITED", "Rate limit exceeded"),
}
_INVALID = refusal(
    "Invalid input, or an Idempotency-Key that was used for something else",
    "INVALID",
    "This field is required.",
    errors=[{"field": "name", "message": "This field is required.", "code": "required"}],
)
_TOO_LARGE = refusal("Body too large", "TOO_LARGE", TOO_LARGE)
_CONFLICT = refusal(
    "Not possible in this state, or the same call is still running",
    "WRONG_STATE",
    "A disabled endpoint receives nothing: enable it first.",
)
COMPANY_REQUIRED = refusal(
    "A platform key that names no company",
    "COMPANY_REQUIRED",
    "Name the company to act for in X-Flowie-Company.",
)
_PATH = {
    "company_id": "A company's id, `comp_…`",
    "key_id": "A key's id, `key_…`",
    "link_id": "A link's id, `link_…`",
    "webhook_id": "A webhook's id, `wh_…`",
    "delivery_id": "A delivery's id, `del_…`",
    "document_id": "A document's id, `doc_…`",
    "place": "An attachment's place, from the list of them",
}
_ACTING = in_header(
    "X-Flowie-Company",
    "Whom a platform key acts for, `comp_…`. A tenant key acts for its own company.",
)
_ORGANIZATION = in_header(
    "X-Flowie-Organization-Id",
    "Of a person's organizations, the one to act for; of a key, its own or a company of it.",
)


def operation(
    tag: str,
    id: str,
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
    """An operation, as `extend_schema` takes it; `path` names what its path names.

    One that `acts` may be made in the name of a company.
    """
    writes = post or bool(request) or status == 204
    return kit.operation(
        tag,
        id,
        summary,
        {
            status: answered(answer, summary, {summary: example} if example else {}),
            **_REFUSALS,
            **({409: _CONFLICT} if writes else {}),
            **({413: _TOO_LARGE} if request else {}),
            422: _INVALID,
            **(refusals or {}),
        },
        request=request,
        sent={summary: given_as} if given_as else None,
        parameters=[
            *(in_path(name, _PATH[name]) for name in path),
            *([_ACTING, _ORGANIZATION] if acts else []),
            *([IDEMPOTENCY_KEY] if post else []),
            *parameters,
        ],
    )


def page(name: str, row: Any) -> dict[str, Any]:
    """An example of a list's last page."""
    return {name: [row], "nextCursor": None}
