"""What the rest of the house needs of an access point, whichever it is: calls, values, refusals.

Submitting is not idempotent: whoever submits asks for the status first, unless it is certain that
nothing was submitted before. Which access point it is, and how it is spoken to, `dialects` knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, Self

from peppol.sbdh import Envelope


class AccessPointError(Exception):
    """A call did not do what it should.

    `message` is a sentence of ours and `code` names its kind: both are for everybody. What the
    access point itself said is `answer`, for the operator alone.
    """

    code = "access_point_error"

    def __init__(self, message: str, *, answer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.answer = answer

    @property
    def in_full(self) -> str:
        """What the operator is told."""
        return f"{self.message} {self.answer}".strip()


class Unavailable(AccessPointError):
    """The access point did not answer properly: try again later.

    `silent` means that nobody answered; then nobody knows what became of a submission, unless
    it was never `reached`.
    """

    code = "access_point_unavailable"

    def __init__(
        self, message: str, *, silent: bool = True, reached: bool = True, answer: str = ""
    ) -> None:
        super().__init__(message, answer=answer)
        self.silent = silent
        self.reached = reached


class NotLetIn(Unavailable):
    """The access point takes nothing from this installation: its token is not accepted there.

    That is no fault of a document: all of them wait until it is over.
    """

    code = "access_point_out_of_order"

    def __init__(self, message: str, *, answer: str = "") -> None:
        super().__init__(message, silent=False, reached=False, answer=answer)


class RefusedByAccessPoint(AccessPointError):
    """The access point says no, and will say no again."""

    code = "access_point_refused"


class Progress(Enum):
    """How far a document is on its way."""

    UNDER_WAY = "under way"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Status:
    """What the access point knows of a document; `response` is the receiver's side (MLS).

    `error` is a sentence of ours, `code` its kind, and `answer` what the access point said.
    """

    progress: Progress
    error: str = ""
    code: str = ""
    answer: str = ""
    response: str = ""
    response_pending: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


class AccessPointClient(Protocol):
    """An access point and our token there. Use it as a context manager: it keeps connections.

    Every call may raise AccessPointError, and takes no longer than `ACCESS_POINT_TIMEOUT` allows.
    """

    @property
    def base_url(self) -> str:
        """Its address, by which its circuit breaker knows it."""

    @property
    def keeps_status(self) -> bool:
        """Whether it can be asked what became of a document."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def submit(self, envelope: Envelope, *, reference: str, organization: str) -> Status:
        """Hand over a document; `reference` and `organization` are noted with it, if it can.

        Raises Unavailable or RefusedByAccessPoint.
        """

    def status(self, instance_id: str) -> Status | None:
        """What became of a document; None when the access point has never heard of it."""

    def report_country(self, instance_id: str, country: str) -> None:
        """Say, after an asynchronous forward, in which country the receiver is (C4)."""

    def statistics(self, kind: str, year: int, month: int) -> bytes:
        """The report of a month to OpenPeppol, `eusr` or `tsr`, made of what went through it."""

    def ping(self) -> None:
        """A call that changes nothing, to see whether anybody is there."""

    def knock(self) -> None:
        """A call that changes nothing, to see whether our token is accepted."""
