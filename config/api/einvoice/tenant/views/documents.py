"""A tenant's documents: drafts, what it sent, what it received."""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.responses.attachments import Letter
from config.api.einvoice.tenant.responses.documents import (
    DocumentAnswer,
    DocumentDeletedAnswer,
    DocumentFileAnswer,
    DocumentTimelineAnswer,
)
from config.api.einvoice.tenant.surface import TenantView
from config.api.kit.access import COMPANIES, Access, to_read
from config.api.kit.bodies import TooLarge
from config.api.kit.paths import id_of
from peppol.models import Document, DocumentDraft
from peppol.models.document_drafts import DocumentDraftQuerySet
from peppol.models.document_rows import DocumentQuerySet
from peppol.rules import judging
from peppol.rules.findings import Judgement as RuleJudgement
from peppol.services.documents import drafts
from tenants.errors import Invalid, NotFound, WrongState

_READS = to_read(Ability.DOCUMENTS_RECEIVE, Ability.PLATFORM_ACT, kinds=COMPANIES)
_KEEPS = Access(COMPANIES, (Ability.DOCUMENTS_WRITE, Ability.PLATFORM_ACT), test_keys=True)
# Who has one of these sees more than what came in.
_WHOLE = (
    Ability.DOCUMENTS_READ,
    Ability.DOCUMENTS_WRITE,
    Ability.DOCUMENTS_SEND,
    Ability.PLATFORM_ACT,
)
_SENDS = Access(COMPANIES, (Ability.DOCUMENTS_SEND, Ability.PLATFORM_ACT), test_keys=True)
_KINDS = (Document.Kind.INVOICE, Document.Kind.CREDIT_NOTE)


class Upload(NamedTuple):
    """A file that was sent: its name, what is in it, and what it is said to be."""

    name: str
    content: bytes
    type: str


class DocumentsView(TenantView):
    """Shared by all that has to do with documents."""

    access = {"GET": _READS, "POST": _KEEPS, "DELETE": _KEEPS}

    def drafts(self) -> DocumentDraftQuerySet:
        """The tenant's; none for whoever may only receive."""
        found = self.caller.reached(DocumentDraft.objects.of(self.organization))
        return found if self.caller.may(*_WHOLE) else found.none()

    def documents(self) -> DocumentQuerySet:
        """What the tenant sent and received; who may only receive sees what came in."""
        rows = Document.objects.of(self.organization).filter(kind__in=_KINDS)
        found = self.caller.reached(rows)
        return found if self.caller.may(*_WHOLE) else found.inbound()

    def draft(self, document_id: str) -> DocumentDraft | None:
        """The tenant's draft of that id, if there is one."""
        return self.drafts().filter(pk=id_of(document_id)).first()

    def document(self, document_id: str) -> Document | None:
        """What the tenant sent or received under that id."""
        return self.documents().filter(pk=id_of(document_id)).first()

    def letter(self, document_id: str) -> Letter:
        """The draft or document of that id. Raises NotFound."""
        found = self.draft(document_id) or self.document(document_id)
        if found is None:
            raise NotFound("Document")
        return found

    def kept_for_good(self, document_id: str) -> WrongState:
        """What is said of a document that was sent or received. Raises NotFound for another."""
        self.letter(document_id)
        return WrongState("Document is not in draft state", code="kept_for_good")

    def only_draft(self, document_id: str) -> DocumentDraft:
        """The draft. Raises WrongState (`not_a_draft`) for what was sent or received."""
        found = self.draft(document_id)
        if found is None:
            self.letter(document_id)
            raise WrongState("Document is not in draft state", code="not_a_draft")
        return found

    def judged(self, root: Any) -> RuleJudgement:
        """What the rules that are asked for say. Raises WrongState where there are none."""
        is_next = self.read_query(requests.RulesQuery)["rules"] == "next"
        return judging.judge(root, next_set=is_next)

    def kept(self, content: bytes) -> DocumentDraft:
        """A draft of that content, in the caller's environment."""
        where = self.caller.environment_of(self.organization)
        return drafts.keep(self.organization, content, by=self.by, environment=where)

    def upload(self) -> Upload:
        """The `file` of a form, or the body. Raises Invalid, TooLarge."""
        length = self.request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.MOST_BODY_BYTES:
            raise TooLarge
        plain: Any = self.request._request
        if not (plain.content_type or "").startswith("multipart/"):
            return Upload("", plain.body, plain.content_type or "")
        try:
            file = plain.FILES.get("file")
        except (MultiPartParserError, SuspiciousOperation, OSError, ValueError) as error:
            raise Invalid(f"The form cannot be read: {error}"[:200], code="not_xml") from None
        if file is None:
            raise Invalid("The form has no file.", code="not_xml")
        return Upload(str(file.name), file.read(), file.content_type or "")


class UblDocuments(DocumentsView):
    """Takes UBL and keeps it as a draft."""

    @extend_schema(**doc.CREATE_FROM_UBL)
    def post(self, request: Any) -> Response:
        return Response(DocumentAnswer.whole(self.kept(self.upload().content)), status=201)


class SingleDocument(DocumentsView):
    """One document or draft."""

    @extend_schema(**doc.GET_DOCUMENT)
    def get(self, request: Any, document_id: str) -> Response:
        return Response(DocumentAnswer.whole(self.letter(document_id)))

    @extend_schema(**doc.DELETE_DOCUMENT)
    def delete(self, request: Any, document_id: str) -> Response:
        if not (found := self.draft(document_id)):
            raise self.kept_for_good(document_id)
        drafts.discard(found, by=self.by)
        return Response(DocumentDeletedAnswer.of(None))


class SendDocument(DocumentsView):
    """Sends a draft; the network follows."""

    access = {"POST": _SENDS}

    @extend_schema(**doc.SEND_DOCUMENT)
    def post(self, request: Any, document_id: str) -> Response:
        row, asked = self.only_draft(document_id), self.read_query(requests.Routing)
        email = asked.pop("email")
        return Response(DocumentAnswer.whole(drafts.send(row, **asked, fallback=email, by=self.by)))


class DocumentUbl(DocumentsView):
    """Where a document's UBL is."""

    @extend_schema(**doc.GET_UBL)
    def get(self, request: Any, document_id: str) -> Response:
        return Response(DocumentFileAnswer.of(self.letter(document_id)))


class DocumentTimeline(DocumentsView):
    """What happened to a document."""

    @extend_schema(**doc.GET_TIMELINE)
    def get(self, request: Any, document_id: str) -> Response:
        return Response(DocumentTimelineAnswer.of(self.letter(document_id)))
