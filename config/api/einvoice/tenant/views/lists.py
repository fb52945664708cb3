"""A tenant's lists of documents: received, sent, waiting to be sent, and all of them."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.invoices import drafting
from config.api.einvoice.tenant.responses.attachments import Letter
from config.api.einvoice.tenant.responses.documents import (
    KINDS,
    OUR_STATES,
    CreatedDocumentAnswer,
    DocumentPageAnswer,
    Page,
    RemarkAnswer,
)
from config.api.einvoice.tenant.views.documents import DocumentsView
from peppol.models import Document, DocumentDraft

_DRAFT, _IN_DRAFTS = "DRAFT", ("DRAFT", "TRANSIT", "FAILED")
_IS_THEIRS = When(self_billed=True, then="sender_name")
_ORDER: dict[str, Any] = {
    "invoice_date": F("issued_on"),
    "invoice_id": F("number"),
    "invoice_total": F("amount"),
    "customer_name": Case(_IS_THEIRS, default="receiver_name"),
    "vendor_name": Case(When(self_billed=True, then="receiver_name"), default="sender_name"),
}
_SEARCHED = ("number", "sender", "receiver", "sender_name", "receiver_name")
Rows = QuerySet[Any]


class ListView(DocumentsView):
    """A page of documents, chosen and sorted by the query."""

    schema = doc.ListSchema()
    query: ClassVar[Any] = requests.DocumentsQuery
    direction: ClassVar[str] = ""
    kinds: ClassVar[tuple[str, ...]] = ()

    def sources(self, asked: dict[str, Any]) -> Sequence[Rows]:
        """What is listed: documents, drafts, or both of them."""
        rows = self.documents().filter(direction=self.direction)
        return [rows.filter(kind__in=self.kinds) if self.kinds else rows]

    @extend_schema(**doc.LIST_DOCUMENTS)
    def get(self, request: Any) -> Response:
        asked = self.read_query(self.query)
        found = [_chosen(rows, asked) for rows in self.sources(asked)]
        return Response(DocumentPageAnswer.of(_page(found, asked)))


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
    """What waits to be sent, is under way, or did not arrive."""

    query = requests.StatesQuery

    def sources(self, asked: dict[str, Any]) -> Sequence[Rows]:
        states = [asked["state"]] if "state" in asked else _IN_DRAFTS
        return _in_states(states, self.documents().outbound(), self.drafts())

    @extend_schema(**doc.LIST_BY_STATE)
    def get(self, request: Any) -> Response:
        return super().get(request)


class Documents(ListView):
    """Everything, whichever way it went and however far it is; and where a draft is made."""

    query = requests.AllDocumentsQuery
    most_bytes = settings.MOST_BODY_BYTES

    def sources(self, asked: dict[str, Any]) -> Sequence[Rows]:
        states = [asked["state"]] if "state" in asked else [_DRAFT, *OUR_STATES]
        documents, drafts = self.documents(), self.drafts()
        if "direction" in asked:
            documents = documents.filter(direction=asked["direction"].lower())
            drafts = drafts if asked["direction"] == "OUTBOUND" else drafts.none()
        return _in_states(states, documents, drafts)

    @extend_schema(**doc.LIST_ALL)
    def get(self, request: Any) -> Response:
        return super().get(request)

    @extend_schema(**doc.CREATE_DOCUMENT)
    def post(self, request: Any) -> Response:
        with_pdf = self.read_query(requests.Creation)["construct_pdf"]
        drafted = drafting.draft(self.organization, self.read_body(), with_pdf=with_pdf)
        row = self.kept(drafted.content)
        warnings = RemarkAnswer.of_each(drafted.remarks)
        return Response(CreatedDocumentAnswer.whole(row, warnings=warnings), status=201)


def _in_states(states: Iterable[str], documents: Rows, drafts: Rows) -> Sequence[Rows]:
    """Those of each in these states; a draft is in one of its own."""
    ours = [state for name in states for state in OUR_STATES.get(name, ())]
    found = [documents.filter(state__in=ours)] if ours else []
    return [*found, *([drafts] if _DRAFT in states else [])] or [drafts.none()]


def _chosen(rows: Rows, asked: dict[str, Any]) -> Rows:
    """The rows that the query asks for."""
    if "type" in asked:
        kind, self_billed = KINDS.get(asked["type"], ("none", False))
        rows = rows.filter(kind=kind, self_billed=self_billed)
    wanted = {
        "sender__icontains": asked.get("sender"),
        "receiver__icontains": asked.get("receiver"),
        "issued_on__gte": asked.get("date_from"),
        "issued_on__lte": asked.get("date_to"),
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    text = asked.get("search")
    anywhere = Q()
    for name in _SEARCHED if text else ():
        anywhere |= Q(**{f"{name}__icontains": text})
    return rows.filter(anywhere)


def _page(sources: Sequence[Rows], asked: dict[str, Any]) -> Page:
    """A page of one table, or of both in one order."""
    number, size = asked["page"], asked["page_size"]
    by = _ORDER.get(asked["sort_by"], F("pk"))
    first, *others = [rows.annotate(by=by).order_by().values_list("by", "pk") for rows in sources]
    keys: Rows = first.union(*others, all=True) if others else first
    mark = "" if asked["sort_order"] == "asc" else "-"
    wanted = keys.order_by(f"{mark}by", f"{mark}pk")[(number - 1) * size : number * size]
    ids = [id for _, id in wanted]
    known: dict[Any, Letter] = {}
    for rows in sources:
        # What a draft contains is not read for a list.
        plain = rows.defer("content") if rows.model is DocumentDraft else rows
        known |= plain.in_bulk(ids)
    return Page([known[id] for id in ids if id in known], keys.count(), number, size)
