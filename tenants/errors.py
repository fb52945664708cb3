"""How an operation refuses: a kind, a code and a sentence, without a status or a vendor."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from tenants.sentences import Sentence


class Kind(Enum):
    """What went wrong, in the terms every surface has an answer for."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    WRONG_STATE = "wrong_state"
    LIMIT_REACHED = "limit_reached"
    QUOTA_REACHED = "quota_reached"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A refusal: its kind, a stable code for programs, a sentence for people.

    `message` is the sentence in English, which programs read; `told` can be said to people in
    their own language. `fields` maps a field's name to its sentences; `details` carries facts
    that a surface may show, such as the id of the company that stands in the way. What `passes`
    is not the answer to the same call later.
    """

    passes = False

    def __init__(
        self,
        kind: Kind,
        code: str,
        sentence: str,
        *,
        values: Mapping[str, Any] | None = None,
        fields: Mapping[str, list[str]] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        self.told = Sentence(sentence, **(values or {}))
        self.message = str(self.told)
        super().__init__(self.message)
        self.kind = kind
        self.code = code
        self.fields = dict(fields or {})
        self.details = dict(details or {})


class Invalid(DomainError):
    """The input cannot be right, whatever the state of things."""

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "invalid",
        values: Mapping[str, Any] | None = None,
        fields: Mapping[str, list[str]] | None = None,
    ) -> None:
        super().__init__(Kind.INVALID, code, sentence, values=values, fields=fields)


class Conflict(DomainError):
    """Something that exists already stands in the way."""

    def __init__(
        self, code: str, sentence: str, *, values: Mapping[str, Any] | None = None, **details: Any
    ) -> None:
        super().__init__(Kind.CONFLICT, code, sentence, values=values, details=details)


class WrongState(DomainError):
    """The thing exists, but not in a state that allows this."""

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "wrong_state",
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(Kind.WRONG_STATE, code, sentence, values=values)


class NotYet(WrongState):
    """A state that somebody else is about to end: the same call may be made again then."""

    passes = True


class Forbidden(DomainError):
    """The caller is known, and may not."""

    def __init__(
        self, sentence: str, *, code: str = "forbidden", values: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(Kind.FORBIDDEN, code, sentence, values=values)


class NotFound(DomainError):
    """Nothing of that id is the caller's: unknown and foreign give the same answer."""

    def __init__(self, what: str) -> None:
        super().__init__(Kind.NOT_FOUND, "not_found", f"{what} not found")


class LimitReached(DomainError):
    """The plan allows no more of these."""

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "limit_reached",
        values: Mapping[str, Any] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(Kind.LIMIT_REACHED, code, sentence, values=values, details=details)


class QuotaReached(DomainError):
    """What was paid for is used up; more of it takes another plan or another limit."""

    def __init__(
        self, sentence: str, *, code: str = "quota_reached", values: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(Kind.QUOTA_REACHED, code, sentence, values=values)
