"""Documents: send one or a hundred, list, read (FLO-19 to FLO-22, FLO-42 to FLO-44, FLO-50)."""

import logging
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.flowie.openapi import documents as openapi
from config.api.flowie.requests import documents as requests
from config.api.flowie.responses import documents as responses
from config.api.flowie.responses.errors import ErrorEntry
from config.api.flowie.surface import FlowieView, undeparted
from config.api.kit.access import PROGRAMS, Access, to_read
from config.api.kit.paths import row_at
from config.api.kit.problems import problem_from
from peppol.models import Document as Row
from peppol.services.documents import documents
from tenants.errors import DomainError, Kind
from tenants.models import Organization
from tenants.persistence import is_victim

logger = logging.getLogger(__name__)


class SendingView(FlowieView):
    """Shared by what sends: the acting company has to be named, and to be there still."""

    access = {"POST": Access(PROGRAMS, (Ability.DOCUMENTS_SEND,), test_keys=True)}
    needs_company = True
    most_bytes = settings.MOST_BODY_BYTES

    def accept(self, company: Organization, content: Any) -> Row:
        """Accept one document for sending. Raises what `prepare` raises, and WrongState."""
        prepared = requests.prepare(company, content)
        return documents.send(
            company,
            prepared,
            by=self.by,
            environment=self.caller.environment,
            wants_status=content.get("messageStatus") is True,
            fallback=str(content.get("fallbackEmail") or ""),
        )


class Send(SendingView):
    """Accepts a document; it is sent in the background."""

    @extend_schema(**openapi.SEND_DOCUMENT)
    def post(self, request: Any) -> Response:
        sent = self.accept(undeparted(self.acting), self.read_body())
        return Response(responses.Document.of(sent), status=202)


class SendBatch(SendingView):
    """Accepts up to 100 documents, each on its own."""

    @extend_schema(**openapi.SEND_BATCH)
    def post(self, request: Any) -> Response:
        items = self.read(requests.Batch)["documents"]
        company = undeparted(self.acting)
        results = [self._result(company, index, item) for index, item in enumerate(items)]
        return Response(responses.Batched.about(results), status=207)

    def _result(self, company: Organization, index: int, item: Any) -> dict[str, Any]:
        """One item's: each is accepted whole or refused whole (FLO-44)."""
        try:
            sent = self.accept(company, item)
        except Exception as error:  # one item's fault must not be another's
            if is_victim(error):
                raise  # the whole call is made again
            return self._refused(index, error)
        shown = responses.Document.of(sent)
        return responses.BatchResult.of(
            None, index=index, status="accepted", statusCode=202, document=shown
        )

    def _refused(self, index: int, error: Exception) -> dict[str, Any]:
        problem = problem_from(error)
        status = self.surface.status(problem)
        if status >= 500:
            logger.exception("A document of a batch failed.", exc_info=error)
        shown = self.surface.envelope(problem)
        return responses.BatchResult.of(
            None, index=index, status="rejected", statusCode=status, error=shown
        )


class Validate(SendingView):
    """Says whether a document could be sent, and sends nothing."""

    access = {"POST": Access(PROGRAMS, (Ability.DOCUMENTS_WRITE,), test_keys=True)}

    @extend_schema(**openapi.VALIDATE_DOCUMENT)
    def post(self, request: Any) -> Response:
        company, body = undeparted(self.acting), self.read_body()
        asked = requests.called(company, body)
        try:
            found, refused = requests.written(company, asked), []
        except DomainError as refusal:
            found, refused = None, self._errors(refusal)
        return Response(responses.Judged.about(found, refused, requests.standing(company)))

    def _errors(self, refusal: DomainError) -> list[dict[str, Any]]:
        """What is wrong with the document. Raises what is wrong with anything else."""
        if refusal.kind not in (Kind.INVALID, Kind.WRONG_STATE):
            raise refusal
        found: list[dict[str, Any]] = self.surface.envelope(problem_from(refusal)).get("errors", [])
        return found or [ErrorEntry.of(refusal, field="document")]


class ReadingView(FlowieView):
    """Shared by what shows documents, those of deregistered companies too."""

    access = {"GET": to_read(Ability.DOCUMENTS_RECEIVE, kinds=PROGRAMS)}

    def documents(self) -> QuerySet[Row]:
        """Those within reach; who may only receive sees what came in."""
        found = Row.objects.visible_to(self.organization)
        found = found.filter(environment=self.caller.environment)
        found = found.of(self.company) if self.company else found
        return found if self.caller.may(Ability.DOCUMENTS_READ) else found.inbound()

    def document_at(self, document_id: str) -> Row:
        """The row of that id. Raises NotFound for an unknown or foreign id alike."""
        return row_at(self.documents(), document_id, what="Document")


class Documents(ReadingView):
    """A company's documents, newest first."""

    needs_company = True

    @extend_schema(**openapi.LIST_DOCUMENTS)
    def get(self, request: Any) -> Response:
        query = self.read_query(requests.DocumentListing)
        rows, scope = self.documents().filter(wanted(query)), f"{self.acting.pk}:documents"
        return Response(responses.DocumentsPage.of(self.page(rows, query, scope)))


class Document(ReadingView):
    """One document without its content."""

    @extend_schema(**openapi.GET_DOCUMENT)
    def get(self, request: Any, document_id: str) -> Response:
        return Response(responses.Document.of(self.document_at(document_id)))


class Payload(ReadingView):
    """A document's content as it was sent or came in."""

    @extend_schema(**openapi.GET_PAYLOAD)
    def get(self, request: Any, document_id: str) -> HttpResponse:
        row = self.document_at(document_id)
        media = Row.Format(row.format).media_type
        return HttpResponse(_content(row), content_type=media, headers=responses.attached(row))


def _content(row: Row) -> bytes:
    try:
        return row.content()
    except (OSError, ValueError):
        sentence = "The content of this document cannot be read now."
        raise DomainError(Kind.UNAVAILABLE, "payload_unavailable", sentence) from None


def wanted(query: dict[str, Any]) -> Q:
    """What a query asks for, as a filter."""
    columns = {
        "direction": "direction",
        "type": "kind",
        "number": "number",
        "since": "created_at__gte",
        "until": "created_at__lte",
    }
    wanted = Q(**{column: query[name] for name, column in columns.items() if name in query})
    return wanted & Q(state__in=Row.shown_as(query["status"])) if "status" in query else wanted
