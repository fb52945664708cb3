"""What the OpenAPI document says of the readiness check."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from config.api.flowie.openapi import examples
from config.api.flowie.responses import health as responses

READINESS: dict[str, Any] = {
    "operation_id": "readiness",
    "tags": ["Platform"],
    "auth": [{}],
    "summary": "Whether the installation works, with its circuit breakers",
    "responses": {
        status: OpenApiResponse(responses.Readiness, said, examples=[OpenApiExample(said, body)])
        for status, said, body in (
            (200, "Ready", examples.READY),
            (503, "Not ready", examples.UNREADY),
        )
    },
}
