"""A tenant's documents: drafts, what it sent, what it received."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http.multipartparser import MultiPartParserError
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.responses.documents import (
    KINDS,
    DocumentAnswer,
    DocumentDeletedAnswer,
    DocumentFileAnswer,
    DocumentPageAnswer,
    DocumentTimelineAnswer,
    Judgement,
    Letter,
    Page,
    UblValidationAnswer,
    content_of,
)
from config.api.einvoice.tenant.surface import TenantView
from config.api.kit.access import COMPANIES, Access, to_read
from config.api.kit.bodies import TooLarge
from config.api.kit.paths import id_of
from peppol.invoices import reading
from peppol.models import Document, DocumentDraft
from peppol.rules import judging
from peppol.services.documents import drafts
from tenants.errors import Conflict, Invalid, NotFound, WrongState

_READS = to_read(Ability.DOCUMENTS_RECEIVE, Ability.PLATFORM_ACT, kinds=COMPANIES)
_KEEPS = Access(COMPANIES, (Ability.DOCUMENTS_WRITE, Ability.PLATFORM_ACT), test_keys=True)
_SENDS = Access(COMPANIES, (Ability.DOCUMENTS_SEND, Ability.PLATFORM_ACT), test_keys=True)
_KINDS = (Document.Kind.INVOICE, Document.Kind.CREDIT_NOTE)
_ORDER = {
    "created_at": "id",
    "invoice_date": "issued_on",
    "invoice_id": "number",
    "invoice_total": "amount",
}


class DocumentsView(TenantView):
    """Shared by all that has to do with documents."""

    access = {"GET": _READS, "POST": _KEEPS, "DELETE": _KEEPS}

    def mine(self, rows: Any) -> Any:
        """Those of the tenant among `rows`; a test key sees what is for trying out."""
        return self.caller.reached(rows.of(self.organization))

    def draft(self, document_id: str) -> DocumentDraft | None:
        """The tenant's draft of that id, if there is one."""
        found: DocumentDraft | None
        found = self.mine(DocumentDraft.objects).filter(pk=id_of(document_id)).first()
        return found

    def document(self, document_id: str) -> Document | None:
        """What the tenant sent or received under that id."""
        rows = self.mine(Document.objects).filter(kind__in=_KINDS)
        found: Document | None = rows.filter(pk=id_of(document_id)).first()
        return found

    def letter(self, document_id: str) -> Letter:
        """The draft or document of that id. Raises NotFound."""
        found = self.draft(document_id) or self.document(document_id)
        if found is None:
            raise NotFound("Document")
        return found

    def only_draft(self, document_id: str) -> DocumentDraft:
        """The draft. Raises WrongState (`not_a_draft`) for what was sent or received."""
        found = self.draft(document_id)
        if found is None:
            self.letter(document_id)
            raise WrongState("Document is not in draft state", code="not_a_draft")
        return found

    def judged(self, name: str, root: Any) -> Any:
        """What the rules that are asked for say. Raises WrongState where there are none."""
        is_next = self.read_query(requests.RulesQuery)["rules"] == "next"
        found = judging.judge(root, next_set=is_next)
        return UblValidationAnswer.of(Judgement(name, found.breaches))

    def uploaded(self) -> tuple[str, bytes]:
        """The name and content of the `file` of a form, or the body. Raises Invalid, TooLarge."""
        length = self.request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.MOST_BODY_BYTES:
            raise TooLarge
        plain: Any = self.request._request
        if not (plain.content_type or "").startswith("multipart/"):
            return "", plain.body
        try:
            file = plain.FILES.get("file")
        except (MultiPartParserError, SuspiciousOperation, OSError, ValueError) as error:
            raise Invalid(f"The form cannot be read: {error}"[:200], code="not_xml") from None
        if file is None:
            raise Invalid("The form has no file.", code="not_xml")
        return str(file.name), file.read()


class UblDocuments(DocumentsView):
    """Takes UBL and keeps it as a draft."""

    @extend_schema(**doc.CREATE_FROM_UBL)
    def post(self, request: Any) -> Response:
        row = drafts.keep(
            self.organization,
            self.uploaded()[1],
            by=self.by,
            environment=self.caller.environment_of(self.organization),
        )
        return Response(DocumentAnswer.whole(row), status=201)


class SingleDocument(DocumentsView):
    """One document or draft."""

    @extend_schema(**doc.GET_DOCUMENT)
    def get(self, request: Any, document_id: str) -> Response:
        return Response(DocumentAnswer.whole(self.letter(document_id)))

    @extend_schema(**doc.DELETE_DOCUMENT)
    def delete(self, request: Any, document_id: str) -> Response:
        drafts.discard(self.only_draft(document_id), by=self.by)
        return Response(DocumentDeletedAnswer.of(None))


class SendDocument(DocumentsView):
    """Sends a draft; the network follows."""

    access = {"POST": _SENDS}

    @extend_schema(**doc.SEND_DOCUMENT)
    def post(self, request: Any, document_id: str) -> Response:
        row, asked = self.only_draft(document_id), self.read_query(requests.Routing)
        _check_sender(row, asked["sender"])
        sent = drafts.send(row, receiver=asked["receiver"], by=self.by)
        return Response(DocumentAnswer.whole(sent))


class ValidateDocument(DocumentsView):
    """Tells what the official rules say of a document that is there."""

    @extend_schema(**doc.VALIDATE_DOCUMENT)
    def post(self, request: Any, document_id: str) -> Response:
        row = self.letter(document_id)
        return Response(self.judged("", reading.parse(content_of(row))))


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


class ListView(DocumentsView):
    """A page of documents, chosen and sorted by the query."""

    schema = doc.ListSchema()
    direction: ClassVar[str] = ""
    kinds: ClassVar[tuple[str, ...]] = _KINDS

    def rows(self) -> Any:
        """What is listed."""
        found = self.mine(Document.objects).filter(kind__in=self.kinds)
        return found.filter(direction=self.direction)

    @extend_schema(**doc.LIST_DOCUMENTS)
    def get(self, request: Any) -> Response:
        asked = self.read_query(requests.DocumentsQuery)
        page = _page(_sorted(_chosen(self.rows(), asked), asked), asked)
        return Response(DocumentPageAnswer.of(page))


class Inbox(ListView):
    """What the tenant received."""

    direction = Document.Direction.INBOUND


class InboxInvoices(Inbox):
    """Invoices among it."""

    kinds = (Document.Kind.INVOICE,)


class InboxCreditNotes(Inbox):
    """Credit notes among it."""

    kinds = (Document.Kind.CREDIT_NOTE,)


class Outbox(ListView):
    """What the tenant sent."""

    direction = Document.Direction.OUTBOUND


class Drafts(ListView):
    """What waits to be sent."""

    def rows(self) -> Any:
        # What is shown of each is in its columns; what it contains is not read for a list.
        return self.mine(DocumentDraft.objects).defer("content")


class UblValidation(DocumentsView):
    """Tells what the official rules say of a UBL document, and keeps nothing."""

    @extend_schema(**doc.VALIDATE_UBL)
    def post(self, request: Any) -> Response:
        try:
            name, content = self.uploaded()
            root = reading.parse(content)
            reading.header(root)
        except Invalid as refusal:
            raise Invalid(refusal.message, code="invalid_file") from None
        return Response(self.judged(name, root), status=201)


def _check_sender(row: DocumentDraft, sender: str) -> None:
    if sender and sender.lower() != row.sender.lower():
        sentence = f"The document is sent by {row.sender}, not by {sender}."
        raise Conflict("foreign_sender", sentence)


def _chosen(rows: Any, asked: dict[str, Any]) -> Any:
    """The rows that the query asks for."""
    if "type" in asked:
        kind, self_billed = KINDS.get(asked["type"], ("none", False))
        rows = rows.filter(kind=kind)
        # A draft is what its UBL says, which a list does not read.
        rows = rows if rows.model is DocumentDraft else rows.filter(self_billed=self_billed)
    wanted = {
        "sender__icontains": asked.get("sender"),
        "receiver__icontains": asked.get("receiver"),
        "issued_on__gte": asked.get("date_from"),
        "issued_on__lte": asked.get("date_to"),
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    text = asked.get("search")
    if not text:
        return rows
    return rows.filter(
        Q(number__icontains=text) | Q(sender__icontains=text) | Q(receiver__icontains=text)
    )


def _sorted(rows: Any, asked: dict[str, Any]) -> Any:
    mark = "" if asked["sort_order"] == "asc" else "-"
    return rows.order_by(mark + _ORDER.get(asked["sort_by"], "id"), f"{mark}id")


def _page(rows: Any, asked: dict[str, Any]) -> Page:
    number, size = asked["page"], asked["page_size"]
    return Page(list(rows[(number - 1) * size : number * size]), rows.count(), number, size)
