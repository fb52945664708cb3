"""What phase4's access points have in common: how they are called, and their sending reports."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote

import requests
from django.conf import settings
from django.utils.translation import gettext_noop
from urllib3.exceptions import NewConnectionError

from peppol import deadlines
from peppol.access_point.client import (
    NotLetIn,
    Progress,
    RefusedByAccessPoint,
    Status,
    Unavailable,
)
from peppol.document_types import uri_of
from peppol.sbdh import Envelope
from tenants.outside_text import all_without_secrets, for_operator, read_json

_MOST_BYTES = 1024 * 1024
# A line for every provider, country and document type that something went to or came from.
_MOST_OF_A_REPORT = 30 * 1024 * 1024
_CONNECT_TIMEOUT = 3.0
FAILED = gettext_noop("The access point could not deliver the document.")
_REFUSED = gettext_noop("The access point does not accept the document.")
_SILENT = gettext_noop("The access point does not answer.")
_TROUBLED = gettext_noop("The access point met a difficulty of its own.")
_NOT_LET_IN = gettext_noop("The access point does not let this installation in.")
# Whose matter it is, where more is known than that it failed.
RECEIVERS = ("receiver_not_found", "receiver_refused")
# What a report may tell of a failure, the most telling first: our sentence, and its code.
_FAILURES = {
    "lookupError": (
        gettext_noop(
            "On the network the receiver was not found, or does not take this kind of document."
        ),
        "receiver_not_found",
    ),
    "as4ResponseErrors": (
        gettext_noop("The receiver's access point did not accept the document."),
        "receiver_refused",
    ),
    "sendingResult": (FAILED, "transmission_failed"),
    "sendingException": (FAILED, "transmission_failed"),
}
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


class Phase4Client:
    """One of them over HTTP; each kind says how it is pinged, and how it sends."""

    ping_path = ""
    knock_path = "api/outbound/status/gatehouse-probe"
    # Where its reports to OpenPeppol are.
    reports_path = ""
    # By its contract, an answer of one of these statuses that is a sentence is a no for good.
    final_statuses: tuple[int, ...] = ()

    def __init__(self, base_url: str, *, token: str, timeout: float) -> None:
        self.base_url = base_url
        self._timeout = (_CONNECT_TIMEOUT, timeout)
        self._session = deadlines.Calls()
        self._session.trust_env = False
        self._session.headers["X-Token"] = token

    @classmethod
    def from_settings(cls, base_url: str) -> Self:
        """The one at `base_url`, with the installation's token and time out."""
        return cls(
            base_url, token=settings.ACCESS_POINT_TOKEN, timeout=settings.ACCESS_POINT_TIMEOUT
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ping(self) -> None:
        status, body = self._call("GET", self.ping_path, timeout=deadlines.PROBE)
        if status >= 500 or 300 <= status < 400:
            raise refusal(status, body)

    def knock(self) -> None:
        """Ask for what nobody has: who is let in is told that it is not there."""
        status, body = self._call("GET", self.knock_path, timeout=deadlines.PROBE)
        if status not in (200, 400, 404, 405):
            raise refusal(status, body)

    def statistics(self, kind: str, year: int, month: int) -> bytes:
        path = f"{self.reports_path}create-{kind}/{year}/{month}"
        status, body = self._call("GET", path, most=_MOST_OF_A_REPORT)
        if status != 200 or b"StatisticsReport" not in body:
            raise refusal(status, body)
        return body

    def _send(self, root: str, envelope: Envelope, query: Mapping[str, str]) -> Mapping[str, Any]:
        """Hand a document over at `root` and return the report.

        Raises Unavailable or RefusedByAccessPoint.
        """
        parts = (
            f"iso6523-actorid-upis::{envelope.sender}",
            f"iso6523-actorid-upis::{envelope.receiver}",
            uri_of(envelope.document_type),
            f"cenbii-procid-ubl::{envelope.process}",
            envelope.country_c1,
        )
        query = {"sbdhInstanceID": envelope.instance_id, **query}
        if envelope.media_type != "application/xml":
            query["payloadMimeType"] = envelope.media_type
        status, body = self._call(
            "POST",
            "/".join((root, *(quote(part, safe="") for part in parts))),
            query=query,
            body=envelope.content,
            content_type=envelope.media_type,
        )
        report = read_object(body)
        if status in (200, 422) and report and isinstance(report.get("overallSuccess"), bool):
            return report
        if status in self.final_statuses and _is_sentence(body):
            raise RefusedByAccessPoint(_REFUSED, answer=f"{status} {said(body)}")
        raise refusal(status, body)

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str = "",
        timeout: tuple[float, float] | None = None,
        most: int = _MOST_BYTES,
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": content_type} if content_type else {}
        try:
            with self._session.call(
                method,
                f"{self.base_url}/{path}",
                timeout=timeout or self._timeout,
                params=query,
                data=body,
                headers=headers,
            ) as response:
                return response.status_code, deadlines.read_body(response, most=most)
        except (requests.RequestException, OSError) as error:
            name = type(error).__name__
            reached = not isinstance(error, requests.ConnectTimeout) and not _refused(error)
            raise Unavailable(_SILENT, reached=reached, answer=name) from error


def shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a report that a person is shown."""
    return {name: report[name] for name in _SHOWN if report.get(name) not in (None, "")}


def _refused(error: Exception) -> bool:
    """Whether there was no connection at all."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(cause, NewConnectionError)


def failure(progress: Progress, report: Mapping[str, Any]) -> Status:
    """What a sending report comes to that tells of no success."""
    for name, (sentence, code) in _FAILURES.items():
        found = report.get(name)
        if isinstance(found, list) and found:
            first = found[0]
            found = first.get("description") if isinstance(first, Mapping) else first
        if isinstance(found, Mapping):
            found = found.get("message")
        if found:
            answer = for_operator(str(found))
            return Status(progress, sentence, code, answer, details=shown(report))
    return Status(progress, FAILED, "transmission_failed", details=shown(report))


def refusal(status: int, body: bytes) -> Unavailable:
    """The error that an answer means which the contract does not know: come again later.

    What is no answer of an access point at all counts as silence, and opens the circuit.
    """
    answer = f"{status} {said(body)}".strip()
    if status in (401, 403) and not is_page(body):
        return NotLetIn(_NOT_LET_IN, answer=answer)
    known = status in (404, 408, 429, 500) and not is_page(body)
    return Unavailable(_TROUBLED if known else _SILENT, silent=not known, answer=answer)


def is_page(body: bytes) -> bool:
    """Whether something else than an access point speaks: HTML or XML instead of JSON."""
    return body.lstrip().startswith(b"<")


def said(body: bytes) -> str:
    """An answer as the operator is shown it, without any secret of ours."""
    return for_operator(body.decode("utf-8", "replace"))


def _is_sentence(body: bytes) -> bool:
    try:
        found = read_json(body)
    except ValueError:
        return False
    return isinstance(found, str)


def read_object(body: bytes) -> dict[str, Any] | None:
    """The object of a JSON answer, without any secret of ours; None when it is none."""
    try:
        found = read_json(body)
    except ValueError:
        return None
    return all_without_secrets(found) if isinstance(found, dict) else None
