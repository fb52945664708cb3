"""The page on which a company sees its latest documents; to open it is the link's use."""

import re

from django.http import Http404, HttpResponse
from django.utils.translation import get_language

from peppol.models import Document
from peppol.readable import documents
from peppol.services.client_purposes import INVOICES
from tenants import ids
from tenants.errors import DomainError
from tenants.ui.downloads import attached
from tenants.web.client_pages import ClientPage, serves

_SHOWN = 100
_PDF = re.compile(r"([0-9a-f-]{36})\.pdf")


@serves(INVOICES)
class InvoicesPage(ClientPage):
    """The list, and each document on paper."""

    template = "client/invoices.html"

    def answer(self, rest: str) -> HttpResponse:
        if self.request.method not in ("GET", "HEAD"):
            raise Http404
        rows = Document.objects.of(self.company).order_by("-id")
        if not rest:
            return self.show(self.template, {"documents": rows[:_SHOWN]})
        named = _PDF.fullmatch(rest)
        id = ids.read(named[1]) if named else None
        row = rows.filter(pk=id).first() if id else None
        if row is None:
            raise Http404
        try:
            content = documents.write_pdf(row, language=get_language() or "en")
        except DomainError:
            raise Http404 from None
        name = f"{row.number or row.pk}.pdf"
        file: HttpResponse = self.guarded(attached(iter([content]), name, "application/pdf"))
        return file
