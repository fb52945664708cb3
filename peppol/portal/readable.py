"""Documents to read: on their page, as PDF, and the files that are inside of them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import get_language

from peppol.models import Document
from peppol.readable import attachments, documents, page
from peppol.readable.parts import Attachment
from tenants.access.gate import Right, takes
from tenants.errors import DomainError, NotFound
from tenants.ui.downloads import Downloads, attached

# A picture or a text shows nothing but itself; a PDF needs the browser's own viewer.
_SHOWN_BY_VIEWER = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"


class ReadableDocuments(Downloads):
    """A page of documents that shows what they say. Goes before the page's own class."""

    downloads: tuple[str, ...] = ("payload", "pdf")

    class Media:
        css = {"all": ["gatehouse/sheet.css"]}

    def get_urls(self) -> list[Any]:
        attachment = path(
            "<path:object_id>/attachment/<int:place>/<str:way>/",
            self.admin_site.admin_view(self._attachment),
            name=f"{self.opts.app_label}_{self.opts.model_name}_attachment",
        )
        return [attachment, *super().get_urls()]

    def page_context(self, row: Document) -> dict[str, Any]:
        """With the document's sheet, where it can be read."""
        context: dict[str, Any] = super().page_context(row)
        sheet = documents.lay_out(row)
        if sheet is None:
            return context
        links = {one.place: self._links(row, one) for one in sheet.attachments if one.is_inside}
        return {**context, **page.context(sheet, links)}

    def give_pdf(self, row: Document) -> HttpResponseBase:
        """Download the document on paper, in the reader's language."""
        try:
            content = documents.write_pdf(row, language=get_language() or "en")
        except DomainError:
            raise Http404 from None
        name = f"{row.get_kind_display().lower()}-{row.number or row.pk}.pdf"
        return attached(iter([content]), name, "application/pdf")

    @takes(Right.SEE)
    def _attachment(
        self, request: HttpRequest, object_id: str, place: int, way: str
    ) -> HttpResponseBase:
        row = self.row(request, object_id)
        if row is None or request.method not in ("GET", "HEAD"):
            raise Http404
        try:
            found, content = documents.attachment(row, place)
        except NotFound:
            raise Http404 from None
        kind = attachments.shown_as(content, found.media_type) if way == "view" else ""
        if kind:
            return shown(content.bytes(), kind)
        return attached(content.file(), found.title, "application/octet-stream")

    def _links(self, row: Document, one: Attachment) -> tuple[str, str]:
        stem = f"{self.opts.app_label}_{self.opts.model_name}_attachment"

        def link(way: str) -> str:
            return reverse(f"{self.admin_site.name}:{stem}", args=[row.pk, one.place, way])

        return link("view") if one.media_type in attachments.SHOWN else "", link("download")


def shown(content: bytes, kind: str) -> HttpResponse:
    """What a stranger wrote, for the browser to show as exactly that kind and nothing else."""
    policy = _SHOWN_BY_VIEWER if kind == "application/pdf" else "default-src 'none'; sandbox"
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": "inline",
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
