"""How an operation refuses: a kind, a code and a sentence, without a status or a vendor."""

from collections.abc import Mapping
from enum import Enum
from typing import Any


class Kind(Enum):
    """What went wrong, in the terms every surface has an answer for."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    WRONG_STATE = "wrong_state"
    LIMIT_REACHED = "limit_reached"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A refusal: its kind, a stable code for programs, a sentence for people.

    `fields` maps a field's name to its sentences; `details` carries facts that a surface may show,
    such as the id of the company that stands in the way.
    """

    def __init__(
        self,
        kind: Kind,
        code: str,
        message: str,
        *,
        fields: Mapping[str, list[str]] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.details = dict(details or {})


class Invalid(DomainError):
    """The input cannot be right, whatever the state of things."""

    def __init__(
        self, message: str, *, code: str = "invalid", fields: Mapping[str, list[str]] | None = None
    ) -> None:
        super().__init__(Kind.INVALID, code, message, fields=fields)


class Conflict(DomainError):
    """Something that exists already stands in the way."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(Kind.CONFLICT, code, message, details=details)


class WrongState(DomainError):
    """The thing exists, but not in a state that allows this."""

    def __init__(self, message: str, *, code: str = "wrong_state") -> None:
        super().__init__(Kind.WRONG_STATE, code, message)


class Forbidden(DomainError):
    """The caller is known, and may not."""

    def __init__(self, message: str, *, code: str = "forbidden") -> None:
        super().__init__(Kind.FORBIDDEN, code, message)


class NotFound(DomainError):
    """Nothing of that id is the caller's: unknown and foreign give the same answer."""

    def __init__(self, what: str) -> None:
        super().__init__(Kind.NOT_FOUND, "not_found", f"{what} not found")


class LimitReached(DomainError):
    """The plan allows no more of these."""

    def __init__(self, message: str, *, code: str = "limit_reached", **details: Any) -> None:
        super().__init__(Kind.LIMIT_REACHED, code, message, details=details)
