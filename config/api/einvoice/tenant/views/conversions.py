"""Invoices inside of PDFs: read at once, or kept to be asked for."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.invoices import converting
from config.api.einvoice.tenant.openapi import files as doc
from config.api.einvoice.tenant.responses.conversions import (
    ConversionTaskAnswer,
    ConvertedAnswer,
)
from config.api.einvoice.tenant.views.documents import DocumentsView
from config.api.kit.paths import row_at
from peppol.invoices import hybrid
from peppol.models import PdfConversion
from peppol.services.documents import conversions


class PdfView(DocumentsView):
    """Shared by all that has to do with them."""

    most_bytes = settings.MOST_BODY_BYTES

    def conversion(self, task_id: str) -> PdfConversion:
        """One of the tenant's. Raises NotFound."""
        rows = self.caller.reached(PdfConversion.objects.of(self.organization))
        return row_at(rows, task_id, what="Task")

    def converted(self, content: bytes, **numbers: str) -> dict[str, Any]:
        """What the invoice says, and the UBL that it becomes, where that is valid."""
        found = converting.convert(self.organization, content, **numbers)
        return ConvertedAnswer.of(found, **found.said)


class PdfDocuments(PdfView):
    """Reads the invoice that a PDF carries, and keeps nothing."""

    @extend_schema(**doc.CREATE_FROM_PDF)
    def post(self, request: Any) -> Response:
        numbers = self.read_query(requests.PdfQuery)
        content = hybrid.invoice_in(self.upload().content)
        return Response(self.converted(content, **numbers), status=201)


class PdfConversions(PdfView):
    """Reads the invoice that a PDF carries, and keeps it for a week."""

    @extend_schema(**doc.CONVERT_PDF)
    def post(self, request: Any) -> Response:
        where = self.caller.environment_of(self.organization)
        pdf = self.upload().content
        row = conversions.begin(self.organization, pdf, environment=where, by=self.by)
        return Response(ConversionTaskAnswer.of(row), status=201)


class PdfConversionTask(PdfView):
    """How far a conversion is."""

    @extend_schema(**doc.GET_CONVERSION)
    def get(self, request: Any, task_id: str) -> Response:
        return Response(ConversionTaskAnswer.of(self.conversion(task_id)))


class PdfConversionResult(PdfView):
    """What a conversion came to."""

    @extend_schema(**doc.GET_CONVERTED)
    def get(self, request: Any, task_id: str) -> Response:
        return Response(self.converted(bytes(self.conversion(task_id).content)))
