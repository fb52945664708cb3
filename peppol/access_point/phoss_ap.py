"""A client of an access point's REST interface, as phoss-ap and phase4's standalone speak it.

Submitting is not idempotent there: whoever submits asks for the status first, unless it is
certain that nothing was submitted before. A 422 of phoss-ap is no end: it tries again by itself,
and the status says how that went.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import requests
from django.conf import settings
from urllib3.exceptions import NewConnectionError

from peppol.sbdh import Envelope

_MOST_BYTES = 1024 * 1024
_CONNECT_TIMEOUT = 3.0
# Of a report, what is shown to a person; stack traces never are.
_SHOWN = (
    "as4MessageId",
    "as4ConversationId",
    "c3EndpointUrl",
    "c3CertSubjectCN",
    "c3CertCheckResult",
    "sendingResult",
    "overallDurationMillis",
)


class AccessPointError(Exception):
    """A call did not do what it should."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unavailable(AccessPointError):
    """The access point did not answer properly: try again later.

    `silent` means that nobody answered; then nobody knows what became of a submission, unless
    it was never `reached`.
    """

    def __init__(self, message: str, *, silent: bool = True, reached: bool = True) -> None:
        super().__init__(message)
        self.silent = silent
        self.reached = reached


class Refused(AccessPointError):
    """The access point says no, and will say no again."""


class Progress(Enum):
    """How far a document is on its way."""

    UNDER_WAY = "under way"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Status:
    """What the access point knows of a document; `response` is the receiver's side (MLS)."""

    progress: Progress
    error: str = ""
    response: str = ""
    response_pending: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


class AccessPointClient:
    """The access point over HTTP. Use it as a context manager: it keeps connections."""

    def __init__(self, base_url: str, *, token: str, dialect: str, timeout: float) -> None:
        self.base_url = base_url
        self.dialect = dialect
        self._timeout = (_CONNECT_TIMEOUT, timeout)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["X-Token"] = token

    @classmethod
    def from_settings(cls) -> "AccessPointClient":
        return cls(
            settings.ACCESS_POINT_URL,
            token=settings.ACCESS_POINT_TOKEN,
            dialect=settings.ACCESS_POINT_DIALECT,
            timeout=settings.ACCESS_POINT_TIMEOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    @property
    def keeps_status(self) -> bool:
        """Whether it can be asked what became of a document."""
        return self.dialect == "phoss_ap"

    def submit(self, envelope: Envelope, *, reference: str, organization: str) -> Status:
        """Hand over a document; `reference` and `organization` come back in its status.

        Raises Unavailable or Refused.
        """
        parts = (
            f"iso6523-actorid-upis::{envelope.sender}",
            f"iso6523-actorid-upis::{envelope.receiver}",
            f"busdox-docid-qns::{envelope.document_type}",
            f"cenbii-procid-ubl::{envelope.process}",
            envelope.country_c1,
        )
        root = "api/outbound/submit" if self.keeps_status else "sendas4"
        query = {"sbdhInstanceID": envelope.instance_id}
        if self.keeps_status:
            query |= {"custom1": reference, "custom2": organization}
        if envelope.media_type != "application/xml":
            query["payloadMimeType"] = envelope.media_type
        status, body = self._call(
            "POST",
            "/".join((root, *(quote(part, safe="") for part in parts))),
            query=query,
            body=envelope.content,
            content_type=envelope.media_type,
        )
        if status not in (200, 422):
            raise _refusal(status, body)
        report = _object(body)
        if report is None:
            raise Refused(f"The access point refused the document: {_said(body)}")
        return self._progress(report)

    def status(self, instance_id: str) -> Status | None:
        """What became of a document; None when the access point has never heard of it."""
        path = f"api/outbound/status/{quote(instance_id, safe='')}"
        status, body = self._call("GET", path, query={"includeArchive": "true"})
        if status == 404:
            return None
        row = _object(body)
        if status != 200 or row is None:
            raise _refusal(status, body)
        mls = str(row.get("mlsStatus") or "")
        return Status(
            progress=_PROGRESS.get(str(row.get("status")), Progress.UNDER_WAY),
            error=str(row.get("errorDetails") or ""),
            response=_RESPONSES.get(mls, ""),
            response_pending=mls == "pending",
        )

    def report_country(self, instance_id: str, country: str) -> None:
        """Say, after an asynchronous forward, in which country the receiver is (C4)."""
        status, body = self._call(
            "POST",
            "api/inbound/report",
            query={"sbdhInstanceID": instance_id, "c4CountryCode": country},
        )
        # 400: it was said before.
        if status not in (200, 400):
            raise _refusal(status, body)

    def ping(self) -> None:
        """A call that changes nothing, to see whether anybody is there."""
        path = "management/status" if self.keeps_status else "phase4ping"
        status, body = self._call("GET", path)
        if status >= 500:
            raise _refusal(status, body)

    def _progress(self, report: Mapping[str, Any]) -> Status:
        shown = {name: report[name] for name in _SHOWN if report.get(name) not in (None, "")}
        if report.get("overallSuccess") is True:
            return Status(Progress.SENT, details=shown, response_pending=self.keeps_status)
        progress = Progress.UNDER_WAY if self.keeps_status else Progress.FAILED
        return Status(progress, error=_report_error(report), details=shown)

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str = "",
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": content_type} if content_type else {}
        try:
            with self._session.request(
                method,
                f"{self.base_url}/{path}",
                params=query,
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = response.raw.read(_MOST_BYTES, decode_content=True)
                return response.status_code, bytes(content)
        except (requests.RequestException, OSError) as error:
            name = type(error).__name__
            reached = not isinstance(error, requests.ConnectTimeout) and not _refused(error)
            raise Unavailable(
                f"The access point did not answer: {name}.", reached=reached
            ) from error


_PROGRESS = {
    "sent": Progress.SENT,
    "permanently_failed": Progress.FAILED,
    "rejected": Progress.FAILED,
}
_RESPONSES = {"received_ap": "received", "received_ab": "accepted", "received_re": "rejected"}


def _refused(error: Exception) -> bool:
    """Whether there was no connection at all."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(cause, NewConnectionError)


def _report_error(report: Mapping[str, Any]) -> str:
    """The most telling sentence of a sending report."""
    for name in ("lookupError", "as4ResponseErrors", "sendingResult"):
        found = report.get(name)
        if isinstance(found, list) and found:
            first = found[0]
            found = first.get("description") if isinstance(first, Mapping) else first
        if found:
            return str(found)[:1000]
    exception = report.get("sendingException")
    if isinstance(exception, Mapping) and exception.get("message"):
        return str(exception["message"])[:1000]
    return "The access point could not deliver the document."


def _refusal(status: int, body: bytes) -> AccessPointError:
    said = f"The access point answered {status}: {_said(body)}"
    if status >= 500 or status in (404, 408, 429):
        return Unavailable(said, silent=status in (502, 503, 504))
    if status in (401, 403):
        return Unavailable("The access point does not accept our token.", silent=False)
    return Refused(said)


def _said(body: bytes) -> str:
    return " ".join(body.decode("utf-8", "replace").split())[:500]


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
