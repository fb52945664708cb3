"""How a failure looks before a surface dresses it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404
from rest_framework import exceptions

from apikeys.throttling import Quota
from config.api.kit.bodies import NotJson, TooLarge
from config.outages import SENTENCE, is_passing
from tenants.errors import DomainError, Kind


class RateLimited(Exception):
    """The caller is over a limit. `quota` says which and until when."""

    def __init__(self, quota: Quota) -> None:
        super().__init__("Rate limit exceeded")
        self.quota = quota


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field: where (a path of names and indices), what, and a code."""

    path: tuple[str | int, ...]
    message: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A failure: its kind or, where HTTP itself is at fault, its status; code and sentence."""

    kind: Kind | None
    code: str
    message: str
    fields: tuple[FieldError, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None


def problem_from(error: Exception) -> Problem:
    """Turn any exception into a Problem. What nobody foresaw becomes `internal_error`."""
    if is_passing(error):
        return Problem(Kind.UNAVAILABLE, "unavailable", SENTENCE, status=503)
    match error:
        case DomainError():
            return Problem(
                error.kind,
                error.code,
                error.message,
                tuple(
                    FieldError((name,), message, error.code)
                    for name, messages in error.fields.items()
                    for message in messages
                ),
                error.details,
                413 if error.code == "too_large" else None,
            )
        case RateLimited():
            return Problem(Kind.RATE_LIMITED, "rate_limited", "Rate limit exceeded")
        case exceptions.ValidationError():
            fields = tuple(_field_errors((), error.detail))
            first = fields[0].message if fields else "The request is invalid."
            return Problem(Kind.INVALID, "invalid", first, fields)
        case NotJson():
            return Problem(Kind.INVALID, "malformed_json", str(error.detail), status=400)
        case TooLarge() | RequestDataTooBig():
            said = str(getattr(error, "detail", TooLarge.default_detail))
            return Problem(None, "too_large", said, status=413)
        case TooManyFieldsSent():
            sentence = "There are too many parameters."
            return Problem(Kind.INVALID, "too_many_parameters", sentence, status=400)
        case Http404() | exceptions.NotFound():
            return Problem(Kind.NOT_FOUND, "not_found", "Not Found")
        case PermissionDenied():
            return Problem(Kind.FORBIDDEN, "forbidden", "Forbidden")
        case exceptions.MethodNotAllowed():
            return Problem(None, "method_not_allowed", "Method Not Allowed", status=405)
        case exceptions.APIException():
            return Problem(
                None, str(error.default_code), str(error.detail), status=error.status_code
            )
    return Problem(None, "internal_error", "Internal Server Error", status=500)


def _field_errors(path: tuple[str | int, ...], detail: Any) -> list[FieldError]:
    """Flatten DRF's nested error details."""
    if isinstance(detail, dict):
        return [
            found
            for name, nested in detail.items()
            for found in _field_errors(
                path if name == "non_field_errors" else (*path, name), nested
            )
        ]
    if isinstance(detail, list):
        return [found for nested in detail for found in _field_errors(path, nested)]
    return [FieldError(path, str(detail), getattr(detail, "code", "invalid"))]
