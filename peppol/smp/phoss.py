"""phoss SMP's own REST interface, by which it is told what to publish.

How refusals are sorted follows its map of statuses: a 500 says what went wrong only in its text.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Self
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_noop

from peppol import deadlines
from peppol.identifiers import DocumentType, ParticipantId
from peppol.smp import documents, trust
from peppol.smp.client import (
    ApEndpoint,
    BusinessCard,
    InvalidXml,
    NotOwner,
    OutOfOrder,
    RefusedBySmp,
    RegisteredElsewhere,
    SmpError,
    Unavailable,
)
from peppol.smp.queries import PublicSmp, is_containers_page, is_page, path_of
from tenants.outside_text import for_operator, read_json

# A participant and a document type that nobody has.
_NOBODY = "iso6523-actorid-upis::9999:gatehouse-probe"
_NOTHING = "busdox-docid-qns::gatehouse-probe"
_NO_KEY = gettext_noop("The SMP started the migration without giving its key.")
_LOST = gettext_noop("The SMP does not know the participant it has just taken.")
_INVALID = gettext_noop("The SMP found what it was given invalid. The operator knows.")
_NOT_OWNER = gettext_noop("At the SMP this identifier belongs to somebody else.")
_NOT_LET_IN = gettext_noop("The SMP does not let this installation in.")
_NOT_WRITING = gettext_noop("The SMP takes no changes at the moment.")
_ELSEWHERE = gettext_noop("The participant is registered at another SMP.")
_PROPERTIES_SINCE = (8, 1)
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
        self.login = username
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
        try:
            self._put(path_of(pid, "services", document_type.uri), body)
        except RefusedBySmp as refusal:
            if refusal.status != 404:
                raise
            # Somebody else said that the participant was taken: a proxy, or an SMP that lost it.
            raise Unavailable(_LOST, silent=False, answer=refusal.answer) from refusal

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
            raise Unavailable(_NO_KEY)
        return key

    def cancel_migration(self, pid: ParticipantId) -> None:
        self._call("PUT", f"migration/outbound/cancel/{path_of(pid)}")

    def finish_migration(self, pid: ParticipantId) -> None:
        self._call("PUT", f"migration/outbound/finalize/{path_of(pid)}")

    def own_service_group_ids(self) -> Iterator[str]:
        path = f"list/{quote(self.login, safe='')}"
        for href in self._listed(path, "{*}ServiceGroupReference", "href"):
            yield documents.participant_in(href)

    # --- The rest -------------------------------------------------------------------------------
    def put_property(self, pid: ParticipantId, name: str, value: str) -> None:
        path = f"{path_of(pid)}/customproperties/private/{quote(name, safe='')}"
        self._call("PUT", path, value.encode(), content_type="text/plain")

    def shown_property(self, pid: ParticipantId, name: str) -> str | None:
        body = self._get(f"{path_of(pid)}/customproperties/{quote(name, safe='')}")
        return None if body is None else body.decode("utf-8", "replace").strip()

    def keeps_properties(self) -> bool:
        with suppress(RefusedBySmp, ValueError):
            told = read_json(self._call("GET", "smp-status/"))
            version = re.match(r"(\d+)\.(\d+)", str(told.get("version.smp", "")))
            return version is not None and tuple(map(int, version.groups())) >= _PROPERTIES_SINCE
        return False

    def ping(self) -> None:
        with suppress(RefusedBySmp):
            self._call("GET", "smp-status/", timeout=deadlines.PROBE)

    def knock(self) -> None:
        # Who may write is told that there is nothing to delete.
        with suppress(RefusedBySmp):
            path = "/".join(quote(part, safe="") for part in (_NOBODY, "services", _NOTHING))
            self._call("DELETE", path, timeout=deadlines.PROBE)

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
        answer = f"{status} {for_operator(text)}".strip()
        if status == 500 and method == "PUT" and (not text or is_containers_page(text)):
            return InvalidXml(_INVALID, status, answer=answer)
        if status == 500 and "SML" in text and "already" in text.lower():
            return RegisteredElsewhere(_ELSEWHERE, answer=answer)
        if status == 403 and "does not own" in text:
            return NotOwner(_NOT_OWNER, status, answer=answer)
        # A proxy's page is no answer of the SMP's, whatever its status.
        if status in (401, 403) and (is_containers_page(text) or not is_page(text)):
            return OutOfOrder(_NOT_LET_IN, "credentials", answer=answer)
        if status == 412 and "writable" in text.lower():
            return OutOfOrder(_NOT_WRITING, "writing", answer=answer)
        return super()._refusal(method, status, text)
