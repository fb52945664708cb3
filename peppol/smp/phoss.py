"""phoss SMP's own REST interface, by which it is told what to publish.

How refusals are sorted follows its map of statuses: a 500 says what went wrong only in its text.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Self
from urllib.parse import quote

from django.conf import settings

from peppol.identifiers import DocumentType, ParticipantId
from peppol.smp import documents, trust
from peppol.smp.client import (
    ApEndpoint,
    BusinessCard,
    InvalidXml,
    RefusedBySmp,
    RegisteredElsewhere,
    SmpError,
    Unavailable,
)
from peppol.smp.queries import PublicSmp, is_containers_page, path_of

_NOT_IN_SML_CREATE = {"create-in-sml": "false"}
_NOT_IN_SML_DELETE = {"delete-in-sml": "false"}


class PhossSmp(PublicSmp):
    """A phoss SMP and our credentials there. What its calls promise, `client.SmpClient` says."""

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
        super().__init__(base_url, anchors=anchors, timeout=timeout)
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        elif username:
            self._session.auth = (username, password)

    @classmethod
    def from_settings(cls, base_url: str) -> Self:
        """The one at `base_url`, with the installation's credentials and time outs."""
        return cls(
            base_url,
            token=settings.SMP_TOKEN,
            username=settings.SMP_USERNAME,
            password=settings.SMP_PASSWORD,
            anchors=trust.anchors(),
            timeout=(settings.SMP_CONNECT_TIMEOUT, settings.SMP_READ_TIMEOUT),
        )

    # --- The participant ------------------------------------------------------------------------
    def create_service_group(self, pid: ParticipantId, *, in_sml: bool = True) -> None:
        self._put(path_of(pid), documents.service_group(pid), {} if in_sml else _NOT_IN_SML_CREATE)

    def delete_service_group(self, pid: ParticipantId, *, in_sml: bool = True) -> None:
        self._delete(path_of(pid), {} if in_sml else _NOT_IN_SML_DELETE)

    def service_group_ids(self) -> Iterator[str]:
        return self._listed("servicegroupids/all", "servicegroupid")

    # --- What it receives -----------------------------------------------------------------------
    def put_service_metadata(
        self, pid: ParticipantId, document_type: DocumentType, endpoint: ApEndpoint
    ) -> None:
        body = documents.service_metadata(pid, document_type, endpoint)
        self._put(path_of(pid, "services", document_type.uri), body)

    def delete_service_metadata(self, pid: ParticipantId, document_type: DocumentType) -> None:
        self._delete(path_of(pid, "services", document_type.uri))

    # --- The business card ----------------------------------------------------------------------
    def put_business_card(self, pid: ParticipantId, card: BusinessCard) -> None:
        self._put(f"businesscard/{path_of(pid)}", documents.business_card(pid, card))

    def delete_business_card(self, pid: ParticipantId) -> None:
        self._delete(f"businesscard/{path_of(pid)}")

    def push_business_card(self, pid: ParticipantId) -> None:
        self._call("POST", f"businesscard/{path_of(pid)}/push")

    # --- Moving between SMPs --------------------------------------------------------------------
    def migrate_in(self, pid: ParticipantId, key: str) -> None:
        self._put("migration/inbound", documents.migration(pid, key))

    def start_migration(self, pid: ParticipantId) -> str:
        body = self._call("PUT", f"migration/outbound/start/{path_of(pid)}")
        key = self._parse(body).findtext("migrationKey")
        if not key:
            raise Unavailable("The SMP started the migration without giving its key.")
        return key

    def cancel_migration(self, pid: ParticipantId) -> None:
        self._call("PUT", f"migration/outbound/cancel/{path_of(pid)}")

    def finish_migration(self, pid: ParticipantId) -> None:
        self._call("PUT", f"migration/outbound/finalize/{path_of(pid)}")

    # --- The rest -------------------------------------------------------------------------------
    def put_property(self, pid: ParticipantId, name: str, value: str) -> None:
        path = f"{path_of(pid)}/customproperties/private/{quote(name, safe='')}"
        self._call("PUT", path, value.encode(), content_type="text/plain")

    def ping(self) -> None:
        with suppress(RefusedBySmp):
            self._call("GET", "smp-status/")

    # --- HTTP -----------------------------------------------------------------------------------
    def _put(self, path: str, body: bytes, query: dict[str, str] | None = None) -> None:
        self._call("PUT", path, body, query=query)

    def _delete(self, path: str, query: dict[str, str] | None = None) -> None:
        try:
            self._call("DELETE", path, query=query)
        except RefusedBySmp as refusal:
            if refusal.status != 404:
                raise

    def _refusal(self, method: str, status: int, text: str) -> SmpError:
        if status == 500 and method == "PUT" and (not text or is_containers_page(text)):
            return InvalidXml("The SMP found the XML invalid.", status)
        if status == 500 and "SML" in text and "already" in text.lower():
            return RegisteredElsewhere("The participant is registered at another SMP.")
        return super()._refusal(method, status, text)
