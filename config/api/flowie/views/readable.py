"""Documents to read: as a page, on paper, and the files that are inside of them."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import override
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.flowie.openapi import readable as openapi
from config.api.flowie.requests import documents as requests
from config.api.flowie.responses import readable as responses
from config.api.flowie.views.documents import ReadingView, wanted
from peppol import archive
from peppol.readable import documents, page
from tenants.errors import NotFound
from tenants.ids import spell


class Html(ReadingView):
    """What a document says, as a page that fetches nothing."""

    @extend_schema(**openapi.GET_HTML)
    def get(self, request: Any, document_id: str) -> HttpResponse:
        row, language = self.document_at(document_id), self._language()
        with override(language):
            content = documents.write_page(row)
        return _file(content, "text/html; charset=utf-8", page.policy(), language)

    def _language(self) -> str:
        return str(self.read_query(requests.Reading)["language"])


class Pdf(Html):
    """What a document says, on paper."""

    @extend_schema(**openapi.GET_PDF)
    def get(self, request: Any, document_id: str) -> HttpResponse:
        row, language = self.document_at(document_id), self._language()
        with override(language):
            content = documents.write_pdf(row, language=language)
        name = f"{spell('doc', row.pk)}.pdf"
        return _file(content, "application/pdf", "default-src 'none'", language, name=name)


class Attachments(ReadingView):
    """The files that go with a document."""

    @extend_schema(**openapi.LIST_ATTACHMENTS)
    def get(self, request: Any, document_id: str) -> Response:
        found = documents.attachments_of(self.document_at(document_id))
        return Response(responses.Attachments.of(found))


class Archive(ReadingView):
    """The documents of a company in one file, with their digests."""

    needs_company = True

    @extend_schema(**openapi.GET_ARCHIVE)
    def get(self, request: Any) -> HttpResponse:
        chosen = self.documents().filter(wanted(self.read_query(requests.DocumentSelection)))
        packed = archive.pack(chosen.order_by("id")[: archive.MOST_DOCUMENTS + 1])
        return _file(packed.bytes(), "application/zip", "default-src 'none'", name="documents.zip")


class AttachmentContent(ReadingView):
    """One of the files that are inside of a document."""

    @extend_schema(**openapi.GET_ATTACHMENT)
    def get(self, request: Any, document_id: str, place: str) -> HttpResponse:
        row = self.document_at(document_id)
        if not place.isdecimal() or len(place) > 4:
            raise NotFound("Attachment")
        content = documents.attachment(row, int(place))[1]
        return _file(
            content.bytes(), "application/octet-stream", "default-src 'none'; sandbox", name="file"
        )


def _file(
    content: bytes, media_type: str, policy: str, language: str = "", *, name: str = ""
) -> HttpResponse:
    """A file of a stranger's words: never taken for anything but what it is called."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Security-Policy"] = policy
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    if language:
        answer["Content-Language"] = language
    if name:
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
