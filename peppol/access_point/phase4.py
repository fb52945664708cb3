"""What phase4's access points have in common: how they are called, and their sending reports."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote

import requests
from django.conf import settings
from urllib3.exceptions import NewConnectionError

from peppol import deadlines
from peppol.access_point.client import RefusedByAccessPoint, Unavailable
from peppol.document_types import uri_of
from peppol.sbdh import Envelope
from tenants.outside_text import all_without_secrets, read_json, without_secrets

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


class Phase4Client:
    """One of them over HTTP; each kind says how it is pinged, and how it sends."""

    ping_path = ""
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
        status, body = self._call("GET", self.ping_path)
        if status >= 500 or 300 <= status < 400:
            raise refusal(status, body)

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
            raise RefusedByAccessPoint(f"The access point refused the document: {said(body)}")
        raise refusal(status, body)

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
            with self._session.call(
                method,
                f"{self.base_url}/{path}",
                timeout=self._timeout,
                params=query,
                data=body,
                headers=headers,
            ) as response:
                return response.status_code, deadlines.read_body(response, most=_MOST_BYTES)
        except (requests.RequestException, OSError) as error:
            name = type(error).__name__
            reached = not isinstance(error, requests.ConnectTimeout) and not _refused(error)
            raise Unavailable(
                f"The access point did not answer: {name}.", reached=reached
            ) from error


def shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a report that a person is shown."""
    return {name: report[name] for name in _SHOWN if report.get(name) not in (None, "")}


def _refused(error: Exception) -> bool:
    """Whether there was no connection at all."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(cause, NewConnectionError)


def report_error(report: Mapping[str, Any]) -> str:
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


def refusal(status: int, body: bytes) -> Unavailable:
    """The error that an answer means which the contract does not know: come again later.

    What is no answer of an access point at all counts as silence, and opens the circuit.
    """
    if status in (401, 403):
        return Unavailable("The access point does not accept our token.", silent=False)
    known = status in (404, 408, 429, 500) and not is_page(body)
    return Unavailable(f"The access point answered {status}: {said(body)}", silent=not known)


def is_page(body: bytes) -> bool:
    """Whether something else than an access point speaks: HTML or XML instead of JSON."""
    return body.lstrip().startswith(b"<")


def said(body: bytes) -> str:
    """An answer as a person is shown it, without any secret of ours."""
    text = without_secrets(body.decode("utf-8", "replace"))
    return " ".join(text.split())[:500]


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
