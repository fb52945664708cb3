"""What the OpenAPI document says of the readiness check."""

from typing import Any

from config.api.flowie.openapi import examples
from config.api.flowie.responses import health as responses
from config.api.kit.openapi import answered

READINESS: dict[str, Any] = {
    "operation_id": "readiness",
    "tags": ["Platform"],
    "auth": [{}],
    "summary": "Whether the installation works, with its circuit breakers",
    "responses": {
        status: answered(responses.Readiness, said, {said: body})
        for status, said, body in (
            (200, "Ready", examples.READY),
            (503, "Not ready", examples.UNREADY),
        )
    },
}
