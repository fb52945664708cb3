"""Documents: send one or a hundred, list, read (FLO-19 to FLO-22, FLO-42 to FLO-44, FLO-50)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.flowie import sending, shapes
from config.api.flowie.openapi import operations as doc
from config.api.flowie.requests import bodies, queries
from config.api.flowie.surface import FlowieView, undeparted
from config.api.kit import cursors
from config.api.kit.paths import row_at
from peppol.models import Document as Row
from tenants.errors import DomainError, Kind

_READS = ("documents.read", "receive")
# Invoices carry attachments, and a batch a hundred of them.
_MOST_BYTES = 5 * 2**20


class SendingView(FlowieView):
    """Shared by what sends: the acting company has to be named, and to be there still."""

    serves = ("platform", "company")
    scopes = {"POST": ("send",)}
    needs_company = True
    most_bytes = _MOST_BYTES

    def whose(self) -> dict[str, Any]:
        """In whose name, and for trying out or for real."""
        return {"by": self.by, "environment": self.caller.environment}


class Send(SendingView):
    """Accepts a document; it is sent in the background."""

    @extend_schema(**doc.SEND_DOCUMENT)
    def post(self, request: Any) -> Response:
        content = self.read_body()
        sent = sending.send(undeparted(self.acting), content, **self.whose())
        return Response(shapes.document(sent), status=202)


class SendBatch(SendingView):
    """Accepts up to 100 documents, each on its own."""

    @extend_schema(**doc.SEND_BATCH)
    def post(self, request: Any) -> Response:
        items = self.read(bodies.Batch)["documents"]
        results = sending.send_all(undeparted(self.acting), items, **self.whose())
        accepted = sum(result["status"] == "accepted" for result in results)
        shown = {"accepted": accepted, "rejected": len(results) - accepted, "results": results}
        return Response(shown, status=207)


class Validate(SendingView):
    """Says whether a document could be sent, and sends nothing."""

    scopes = {"POST": ("documents.write", "send")}

    @extend_schema(**doc.VALIDATE_DOCUMENT)
    def post(self, request: Any) -> Response:
        found = sending.draft(undeparted(self.acting), self.read_body())
        return Response(shapes.draft(found))


class ReadingView(FlowieView):
    """Shared by what shows documents, those of deregistered companies too."""

    serves = ("platform", "company")
    scopes = {"GET": _READS}

    def documents(self) -> QuerySet[Row]:
        """Those within reach; who may only receive sees what came in."""
        found = Row.objects.visible_to(self.organization)
        found = found.filter(environment=self.caller.environment)
        found = found.of(self.company) if self.company else found
        return found if self.caller.allows("documents.read") else found.inbound()

    def document_at(self, document_id: str) -> Row:
        """One of them. Raises NotFound for an unknown or foreign id alike."""
        return row_at(self.documents(), document_id, what="Document")


class Documents(ReadingView):
    """A company's documents, newest first."""

    needs_company = True

    @extend_schema(**doc.LIST_DOCUMENTS)
    def get(self, request: Any) -> Response:
        query = self.read_query(queries.DocumentListing)
        rows, scope = self.documents().filter(_wanted(query)), f"{self.acting.pk}:documents"
        page = cursors.page(rows, limit=query["limit"], cursor=query["cursor"], scope=scope)
        return Response(shapes.listing("documents", page, shapes.document))


class Document(ReadingView):
    """One document without its content."""

    @extend_schema(**doc.GET_DOCUMENT)
    def get(self, request: Any, document_id: str) -> Response:
        return Response(shapes.document(self.document_at(document_id)))


class Payload(ReadingView):
    """A document's content as it was sent or came in."""

    @extend_schema(**doc.GET_PAYLOAD)
    def get(self, request: Any, document_id: str) -> HttpResponse:
        row = self.document_at(document_id)
        media = Row.Format(row.format).media_type
        return HttpResponse(_content(row), content_type=media, headers=shapes.attached(row))


def _content(row: Row) -> bytes:
    try:
        return row.content()
    except (OSError, ValueError):
        sentence = "The content of this document cannot be read now."
        raise DomainError(Kind.UNAVAILABLE, "payload_unavailable", sentence) from None


def _wanted(query: dict[str, Any]) -> Q:
    columns = {
        "direction": "direction",
        "type": "kind",
        "status": "state",
        "number": "number",
        "since": "created_at__gte",
        "until": "created_at__lte",
    }
    return Q(**{column: query[name] for name, column in columns.items() if name in query})
