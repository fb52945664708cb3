"""Invoices and the transactions that carry them (GOR-07 to GOR-14)."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.goroute import requests, responses
from config.api.goroute.openapi import operations as doc
from config.api.goroute.responses import transactions
from config.api.goroute.surface import GoRouteView
from config.api.kit.access import PROGRAMS, WORKING, Access, to_read
from config.api.kit.paths import row_at
from peppol.models import Document
from peppol.services.documents import documents, intake
from tenants.errors import NotFound

SENDING = Access(
    PROGRAMS, (Ability.DOCUMENTS_SEND, Ability.PLATFORM_ACT), test_keys=True, states=WORKING
)
_INVOICES = (Document.Kind.INVOICE, Document.Kind.CREDIT_NOTE)


class DocumentsView(GoRouteView):
    """Shared by what shows documents of the target."""

    access = {"GET": to_read(Ability.DOCUMENTS_RECEIVE, Ability.PLATFORM_ACT, kinds=PROGRAMS)}

    def documents(self) -> Any:
        """Those of the target: a test key sees test documents, who may only receive what came."""
        found = self.caller.reached(Document.objects.of(self.target))
        whole = self.caller.may(Ability.DOCUMENTS_READ, Ability.PLATFORM_ACT)
        return found if whole else found.inbound()

    def wanted(self) -> dict[str, Any]:
        """What the query asks for, as a filter."""
        asked = self.read_query(requests.DocumentFilter)
        wanted = {"direction": asked["direction"]} if "direction" in asked else {}
        if "status" in asked:
            wanted["state__in"] = Document.shown_as(asked["status"])
        return wanted


class Invoices(DocumentsView):
    """Invoices and credit notes that the target sent and received, newest first."""

    listed = "invoices"
    most_bytes = settings.MOST_BODY_BYTES
    access = {**DocumentsView.access, "POST": SENDING}

    @extend_schema(**doc.LIST_INVOICES)
    def get(self, request: Any, **path: str) -> Response:
        rows = self.documents().filter(kind__in=_INVOICES)
        page = self.page(rows, **self.wanted())
        return Response(responses.InvoicesPage.of(page))

    @extend_schema(**doc.SEND_INVOICE)
    def post(self, request: Any, **path: str) -> Response:
        organization, body = self.target, self.read_body()
        draft = intake.from_json(organization, body, kind=_kind_of(body), lenient=True)
        row = documents.send(organization, draft, environment=self.environment, by=self.by)
        return Response(responses.InvoiceShown.of(row), status=201)


class InvoiceDetails(DocumentsView):
    """One invoice or credit note, with its content as it was sent or received."""

    @extend_schema(**doc.GET_INVOICE)
    def get(self, request: Any, **path: str) -> Response:
        rows = self.documents().filter(kind__in=_INVOICES)
        row = row_at(rows, path["invoice_id"], what="Invoice")
        return Response(responses.InvoiceWithContent.of(row, content=_content(row)))


class Transactions(DocumentsView):
    """The journeys of the target's documents, newest first."""

    listed = "transactions"

    @extend_schema(**doc.LIST_TRANSACTIONS)
    def get(self, request: Any, **path: str) -> Response:
        page = self.page(self.documents(), **self.wanted())
        return Response(transactions.TransactionsPage.of(page))


class TransactionDetails(DocumentsView):
    """One document's journey."""

    @extend_schema(**doc.GET_TRANSACTION)
    def get(self, request: Any, **path: str) -> Response:
        rows = self.documents()
        row = row_at(rows, path["transaction_id"], what="Transaction")
        return Response(transactions.TransactionShown.of(row))


def _kind_of(body: Any) -> str:
    said = str(body.get("type", "")).lower() if isinstance(body, dict) else ""
    return Document.Kind.CREDIT_NOTE if "credit" in said else Document.Kind.INVOICE


def _content(row: Document) -> str:
    """What the document says. Raises NotFound when the storage does not have it any more."""
    try:
        return row.content().decode(errors="replace")
    except OSError:
        raise NotFound("Content") from None
