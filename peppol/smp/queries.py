"""What every SMP answers to anybody: Peppol prescribes its queries, whoever made it.

Every call has its time outs and every answer its limit, but for the list of all participants,
which is never held as a whole.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self
from urllib.parse import quote

import requests
from django.utils.translation import gettext_noop
from lxml import etree

from peppol import deadlines
from peppol.identifiers import DocumentType, ParticipantId
from peppol.smp import documents, signatures
from peppol.smp.client import BusinessCard, Metadata, RefusedBySmp, SmpError, Unavailable, Untrusted
from tenants.outside_text import for_operator

_MOST_BYTES = 2 * 1024 * 1024
# By the contract, a no that is one when it is asked again too.
_FINAL = (400, 403, 404, 412, 415)
_SENTENCES = {
    400: gettext_noop("The SMP does not accept what it was given."),
    403: gettext_noop("The SMP does not allow this."),
    404: gettext_noop("The SMP does not know what it was asked about."),
    412: gettext_noop("The SMP does not do this: it is switched off there."),
    415: gettext_noop("The SMP does not accept what it was given."),
}
_SILENT = gettext_noop("The SMP does not answer.")
_TROUBLED = gettext_noop("The SMP met a difficulty of its own.")
_UNREADABLE = gettext_noop("The SMP's answer cannot be read.")
_TOO_LARGE = gettext_noop("The SMP's answer is larger than can be read.")
_UNTRUSTED = gettext_noop("The signature of the SMP's answer does not hold.")
_ABOUT_ANOTHER = gettext_noop("The SMP answered about something else than it was asked.")
_SML = gettext_noop("The SMP could not reach the network's register of SMPs (SML).")
_CONTAINERS = re.compile("HTTP Status [0-9]{3}|Apache Tomcat")
# The list of all participants is read as it comes in, for so many seconds.
_LISTING = 200.0


class PublicSmp:
    """Any SMP of the network, as everybody may ask it. Not for use by several threads at once.

    `anchors` are certificates, as PEM, that its signatures have to lead to. Where `addresses` are
    given, these are dialled, and its name is not looked up. What is not there is None. Every call
    may raise SmpError.
    """

    def __init__(
        self,
        base_url: str,
        *,
        anchors: list[bytes] | None = None,
        timeout: tuple[float, float] = (3.0, 10.0),
        addresses: Sequence[str] = (),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._anchors = anchors or []
        self._timeout = timeout
        self._session = deadlines.Calls(addresses)
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def service_group(self, pid: ParticipantId) -> list[str] | None:
        """The document types of a participant; None when the SMP does not know it."""
        body = self._get(path_of(pid))
        return None if body is None else documents.read_references(self._parse(body))

    def service_metadata(self, pid: ParticipantId, document_type: DocumentType) -> Metadata | None:
        """What the SMP shows of a document type, its signature verified; None if nothing.

        Raises Untrusted when the signature or the identifiers do not hold.
        """
        body = self._get(path_of(pid, "services", document_type.uri))
        if body is None:
            return None
        root = self._parse(body)
        try:
            signatures.verify(root, self._anchors)
            metadata = documents.read_metadata(root, (pid, document_type.uri))
        except (signatures.NotSigned, documents.NotXml) as error:
            raise Untrusted(_UNTRUSTED, answer=str(error)) from error
        same = metadata.participant.canonical() == pid.canonical()
        if not same or metadata.document_type != document_type.uri:
            raise Untrusted(_ABOUT_ANOTHER)
        return metadata

    def business_card(self, pid: ParticipantId) -> BusinessCard | None:
        """The business card; None when there is none."""
        body = self._get(f"businesscard/{path_of(pid)}")
        return None if body is None else documents.read_card(self._parse(body))

    # --- HTTP -----------------------------------------------------------------------------------
    def _get(self, path: str) -> bytes | None:
        try:
            return self._call("GET", path)
        except RefusedBySmp as refusal:
            if refusal.status == 404:
                return None
            raise

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        query: dict[str, str] | None = None,
        content_type: str = "text/xml",
        timeout: tuple[float, float] | None = None,
    ) -> bytes:
        with self._asked(method, path, body, query, content_type, timeout) as response:
            return self._body(method, response)

    def _listed(self, path: str, tag: str, attribute: str = "") -> Iterator[str]:
        """The texts, or an attribute, of the elements `tag` of an answer of any length, as it
        comes in."""
        with self._asked("GET", path) as response:
            if response.status_code in (204, 404):
                return
            if response.status_code != 200:
                self._body("GET", response)
            try:
                yield from documents.texts(
                    deadlines.pieces(response, seconds=_LISTING), tag, attribute
                )
            except documents.NotXml as error:
                raise Unavailable(_UNREADABLE, answer=str(error)) from error

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        query: dict[str, str] | None = None,
        content_type: str = "",
        timeout: tuple[float, float] | None = None,
    ) -> Iterator[requests.Response]:
        try:
            with self._session.call(
                method,
                f"{self.base_url}/{path}",
                params=query,
                data=body,
                headers={"Content-Type": content_type} if body is not None else {},
                timeout=timeout or self._timeout,
            ) as response:
                yield response
        except (requests.RequestException, OSError) as error:
            raise Unavailable(_SILENT, answer=type(error).__name__) from error

    def _body(self, method: str, response: requests.Response) -> bytes:
        content = deadlines.read_body(response, most=_MOST_BYTES)
        if len(content) > _MOST_BYTES:
            raise Unavailable(_TOO_LARGE)
        if response.status_code in (200, 204):
            return bytes(content)
        text = content.decode("utf-8", "replace").strip()
        raise self._refusal(method, response.status_code, text)

    def _refusal(self, method: str, status: int, text: str) -> SmpError:
        """Sort an answer that is no success by what it means.

        A no for good is only what the contract names so, said by the SMP itself. What else
        answers (a redirect, a proxy's page, a status that no SMP has) is no answer of an SMP: it
        is asked again, and the circuit opens.
        """
        answer = f"{status} {for_operator(text)}".strip()
        strange = is_page(text) and not is_containers_page(text)
        if status in _FINAL and not strange:
            return RefusedBySmp(_SENTENCES[status], status, answer=answer)
        known = status in (408, 429) or (status >= 500 and status not in (502, 503, 504))
        silent = strange or not known
        if not silent and "SML" in text:
            return Unavailable(_SML, silent=False, answer=answer)
        return Unavailable(_SILENT if silent else _TROUBLED, silent=silent, answer=answer)

    def _parse(self, body: bytes) -> etree._Element:
        try:
            return documents.parse_xml(body)
        except documents.NotXml as error:
            raise Unavailable(_UNREADABLE, answer=str(error)) from error


def is_containers_page(text: str) -> bool:
    """Whether the container that SMPs run in speaks where the SMP itself said nothing."""
    return is_page(text) and _CONTAINERS.search(text) is not None


def is_page(text: str) -> bool:
    """Whether what was answered is a page for people."""
    return text[:200].lstrip().lower().startswith(("<!doctype html", "<html"))


def path_of(pid: ParticipantId, *rest: str) -> str:
    """Where an SMP has a participant, or something of it."""
    return "/".join(quote(part, safe="") for part in (pid.uri, *rest))
