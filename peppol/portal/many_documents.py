"""What is done with the documents that were ticked in a list: taken away, and printed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from peppol import archive
from peppol.portal.readable import shown
from peppol.readable import stack
from tenants.access.gate import Right
from tenants.errors import DomainError, Invalid
from tenants.ui import display
from tenants.ui.downloads import attached
from tenants.ui.operations import bulk


class ManyDocuments:
    """A page of documents of which many are printed or downloaded at once."""

    @bulk(_("Print"), right=Right.SEE)
    def print_out(self, request: HttpRequest, rows: Any) -> Any:
        """The chosen documents as one PDF, in the reader's language, for the browser to print."""
        chosen = rows.order_by("id")[: stack.MOST_DOCUMENTS + 1]
        try:
            content = stack.write_pdf(chosen, language=get_language() or "en")
        except DomainError as refusal:
            messages.error(request, display.refusal(refusal))
            return None
        return shown(content, "application/pdf")

    @bulk(_("Download as ZIP"), right=Right.SEE)
    def pack(self, request: HttpRequest, rows: Any) -> Any:
        """The chosen documents in one file, with their digests."""
        try:
            packed = archive.pack(rows.order_by("id")[: archive.MOST_DOCUMENTS + 1])
        except Invalid as refusal:
            messages.error(request, display.refusal(refusal))
            return None
        return attached(packed.file(), "documents.zip", "application/zip")
