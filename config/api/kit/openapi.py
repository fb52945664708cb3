"""What an OpenAPI document says of an operation, whatever the vendor."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse


def in_path(name: str, description: str) -> OpenApiParameter:
    """What stands in an operation's path under that name."""
    return OpenApiParameter(name, str, OpenApiParameter.PATH, description=description)


def in_header(name: str, description: str) -> OpenApiParameter:
    """A header that a caller may send."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


IDEMPOTENCY_KEY = in_header(
    "Idempotency-Key",
    "A call repeated with the same key within 24 hours gets the first one's answer.",
)


def answered(shape: Any, description: str, examples: Mapping[str, Any]) -> OpenApiResponse:
    """What is answered in one case, with examples by their names."""
    shown = [OpenApiExample(name, value) for name, value in examples.items()]
    return OpenApiResponse(shape, description, examples=shown)


def operation(
    tag: str,
    id: str,
    summary: str,
    responses: Mapping[Any, Any],
    *,
    request: Any = None,
    sent: Mapping[str, Any] | None = None,
    parameters: Any = (),
) -> dict[str, Any]:
    """An operation as `extend_schema` takes it; `sent` are examples of its body, by name."""
    asked = [OpenApiExample(name, value, request_only=True) for name, value in (sent or {}).items()]
    return {
        "operation_id": id,
        "tags": [tag],
        "summary": summary,
        "auth": [{"key": []}],
        "request": request,
        "examples": asked,
        "parameters": list(parameters),
        "responses": dict(responses),
    }
