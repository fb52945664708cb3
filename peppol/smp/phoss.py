"""A client of an SMP's REST interface, as phoss SMP speaks it.

Refusals are sorted by what they mean to a registration: permanent, worth a retry, our own
mistake, or registered elsewhere. Every call has its time outs and every answer its limit.
"""

from contextlib import suppress
from urllib.parse import quote

import requests
from django.conf import settings
from lxml import etree

from peppol.identifiers import DocumentType, ParticipantId
from peppol.smp import documents, signatures, trust
from peppol.smp.documents import ApEndpoint, BusinessCard, Contact, Entity, Metadata

__all__ = [
    "ApEndpoint",
    "BusinessCard",
    "Contact",
    "Entity",
    "InvalidXml",
    "Metadata",
    "Refused",
    "RegisteredElsewhere",
    "SmpClient",
    "SmpError",
    "Unavailable",
    "Untrusted",
]

_MOST_BYTES = 2 * 1024 * 1024


class SmpError(Exception):
    """A call did not do what it should."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unavailable(SmpError):
    """The SMP or the SML behind it did not answer properly: try again later.

    `silent` means that nobody answered at all, or only a gateway in front of a dead SMP did.
    """

    def __init__(self, message: str, *, silent: bool = True) -> None:
        super().__init__(message)
        self.silent = silent


class Refused(SmpError):
    """The SMP says no, and will say no again. `status` is its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class InvalidXml(Refused):
    """The SMP found the XML we sent invalid: a mistake of ours."""


class RegisteredElsewhere(SmpError):
    """The participant belongs to another SMP; it takes a migration key to move it."""


class Untrusted(SmpError):
    """The answer is not signed by whom we trust, or is about something else."""


class SmpClient:
    """One SMP and our credentials there. Not for use by several threads at once."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str = "",
        username: str = "",
        password: str = "",
        anchors: list[bytes] | None = None,
        timeout: tuple[float, float] = (3.0, 10.0),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._anchors = anchors or []
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        elif username:
            self._session.auth = (username, password)

    def __enter__(self) -> "SmpClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    @classmethod
    def from_settings(cls) -> "SmpClient":
        """The installation's SMP."""
        return cls(
            settings.SMP_URL,
            token=settings.SMP_TOKEN,
            username=settings.SMP_USERNAME,
            password=settings.SMP_PASSWORD,
            anchors=trust.anchors(),
            timeout=(settings.SMP_CONNECT_TIMEOUT, settings.SMP_READ_TIMEOUT),
        )

    # --- The participant ------------------------------------------------------------------------
    def service_group(self, pid: ParticipantId) -> list[str] | None:
        """The document types of a participant; None when the SMP does not know it."""
        body = self._get(_path(pid))
        return None if body is None else documents.read_references(self._parse(body))

    def create_service_group(self, pid: ParticipantId, *, in_sml: bool = True) -> None:
        """Create a participant. Look first: on an existing one this resets owner and properties.

        Without `in_sml` the SML is left alone, to repair what only it remembers.
        """
        self._put(_path(pid), documents.service_group(pid), {} if in_sml else _NOT_IN_SML_CREATE)

    def delete_service_group(self, pid: ParticipantId, *, in_sml: bool = True) -> None:
        """Delete a participant and all it has; one that is not there counts as deleted."""
        self._delete(_path(pid), {} if in_sml else _NOT_IN_SML_DELETE)

    def service_group_ids(self) -> list[str]:
        """All participants of the SMP as `scheme::value`, for reconciliation."""
        body = self._get("servicegroupids/all") or b"<none/>"
        return [(e.text or "").strip() for e in self._parse(body).iterfind("servicegroupid")]

    # --- What it receives -----------------------------------------------------------------------
    def put_service_metadata(
        self, pid: ParticipantId, document_type: DocumentType, endpoint: ApEndpoint
    ) -> None:
        """Register a document type with all its processes, in place of what was there."""
        body = documents.service_metadata(pid, document_type, endpoint)
        self._put(_path(pid, "services", document_type.uri), body)

    def service_metadata(self, pid: ParticipantId, document_type: DocumentType) -> Metadata | None:
        """What the SMP shows of a document type, its signature verified; None if nothing.

        Raises Untrusted when the signature or the identifiers do not hold.
        """
        body = self._get(_path(pid, "services", document_type.uri))
        if body is None:
            return None
        root = self._parse(body)
        try:
            signatures.verify(root, self._anchors)
        except signatures.NotSigned as error:
            raise Untrusted(str(error)) from error
        try:
            metadata = documents.read_metadata(root)
        except documents.NotXml as error:
            raise Untrusted(str(error)) from error
        same = metadata.participant.canonical() == pid.canonical()
        if not same or metadata.document_type != document_type.uri:
            raise Untrusted("The SMP answered about something else than it was asked.")
        return metadata

    def delete_service_metadata(self, pid: ParticipantId, document_type: DocumentType) -> None:
        """Stop receiving a document type."""
        self._delete(_path(pid, "services", document_type.uri))

    # --- The business card ----------------------------------------------------------------------
    def put_business_card(self, pid: ParticipantId, card: BusinessCard) -> None:
        """Set the business card, in place of what was there."""
        self._put(f"businesscard/{_path(pid)}", documents.business_card(pid, card))

    def business_card(self, pid: ParticipantId) -> BusinessCard | None:
        """The business card; None when there is none."""
        body = self._get(f"businesscard/{_path(pid)}")
        return None if body is None else documents.read_card(self._parse(body))

    def delete_business_card(self, pid: ParticipantId) -> None:
        """Remove the business card; one that is not there counts as removed."""
        self._delete(f"businesscard/{_path(pid)}")

    def push_business_card(self, pid: ParticipantId) -> None:
        """Have the Directory read the card again."""
        self._call("POST", f"businesscard/{_path(pid)}/push")

    # --- Moving between SMPs --------------------------------------------------------------------
    def migrate_in(self, pid: ParticipantId, key: str) -> None:
        """Take over a participant from another SMP. Its metadata has to follow at once."""
        self._put("migration/inbound", documents.migration(pid, key))

    def start_migration(self, pid: ParticipantId) -> str:
        """Prepare a participant's move to another SMP and return the key for the other side."""
        body = self._call("PUT", f"migration/outbound/start/{_path(pid)}")
        key = self._parse(body).findtext("migrationKey")
        if not key:
            raise Unavailable("The SMP started the migration without giving its key.")
        return key

    def cancel_migration(self, pid: ParticipantId) -> None:
        """Forget about the move here; the SML still holds the key."""
        self._call("PUT", f"migration/outbound/cancel/{_path(pid)}")

    def finish_migration(self, pid: ParticipantId) -> None:
        """Give the participant up here once the other side has taken it."""
        self._call("PUT", f"migration/outbound/finalize/{_path(pid)}")

    # --- The rest -------------------------------------------------------------------------------
    def put_property(self, pid: ParticipantId, name: str, value: str) -> None:
        """Attach a private property to the participant, such as our organization's id."""
        path = f"{_path(pid)}/customproperties/private/{quote(name, safe='')}"
        self._call("PUT", path, value.encode(), content_type="text/plain")

    def ping(self) -> None:
        """A call that changes nothing. Raises Unavailable if nobody is there to refuse it."""
        with suppress(Refused):
            self._call("GET", "smp-status/")

    # --- HTTP -----------------------------------------------------------------------------------
    def _get(self, path: str) -> bytes | None:
        try:
            return self._call("GET", path)
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise

    def _put(self, path: str, body: bytes, query: dict[str, str] | None = None) -> None:
        self._call("PUT", path, body, query=query)

    def _delete(self, path: str, query: dict[str, str] | None = None) -> None:
        try:
            self._call("DELETE", path, query=query)
        except Refused as refusal:
            if refusal.status != 404:
                raise

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        query: dict[str, str] | None = None,
        content_type: str = "text/xml",
    ) -> bytes:
        try:
            with self._session.request(
                method,
                f"{self.base_url}/{path}",
                params=query,
                data=body,
                headers={"Content-Type": content_type} if body is not None else {},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = response.raw.read(_MOST_BYTES + 1, decode_content=True)
        except (requests.RequestException, OSError) as error:
            raise Unavailable(f"The SMP did not answer: {type(error).__name__}.") from error
        if len(content) > _MOST_BYTES:
            raise Unavailable("The SMP's answer is larger than 2 MB.")
        if response.status_code in (200, 204):
            return bytes(content)
        raise _refusal(method, response.status_code, content.decode("utf-8", "replace").strip())

    def _parse(self, body: bytes) -> etree._Element:
        try:
            return documents.parse_xml(body)
        except documents.NotXml as error:
            raise Unavailable(f"The SMP's answer cannot be read. {error}") from error


_NOT_IN_SML_CREATE = {"create-in-sml": "false"}
_NOT_IN_SML_DELETE = {"delete-in-sml": "false"}


def _refusal(method: str, status: int, text: str) -> SmpError:
    """Sort an answer that is no success by what it means (reference: phoss SMP, status map)."""
    said = f"The SMP answered {status}{': ' + text[:500] if text else ''}."
    if status == 500 and method == "PUT" and not text:
        return InvalidXml("The SMP found the XML invalid.", status)
    if status == 500 and "SML" in text and "already" in text.lower():
        return RegisteredElsewhere("The participant is registered at another SMP.")
    if status >= 500 or status in (408, 429):
        return Unavailable(said, silent=status in (502, 503, 504))
    return Refused(said, status)


def _path(pid: ParticipantId, *rest: str) -> str:
    return "/".join(quote(part, safe="") for part in (pid.uri, *rest))
