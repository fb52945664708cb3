"""Documents judged by the official rules."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant.invoices import drafting
from config.api.einvoice.tenant.responses.attachments import content_of
from config.api.einvoice.tenant.responses.validation import Judgement, UblValidationAnswer
from config.api.einvoice.tenant.views.documents import DocumentsView
from peppol.invoices import reading
from tenants.errors import Invalid


class ValidateDocument(DocumentsView):
    """Tells what the official rules say of a document that is there."""

    @extend_schema(**doc.VALIDATE_DOCUMENT)
    def post(self, request: Any, document_id: str) -> Response:
        found = self.judged(reading.parse(content_of(self.letter(document_id))))
        return Response(UblValidationAnswer.of(Judgement("", found.breaches)))


class UblValidation(DocumentsView):
    """Tells what the official rules say of a UBL document, and keeps nothing."""

    @extend_schema(**doc.VALIDATE_UBL)
    def post(self, request: Any) -> Response:
        try:
            upload = self.upload()
            root = reading.parse(upload.content)
            reading.header(root)
        except Invalid as refusal:
            raise Invalid(refusal.message, code="invalid_file") from None
        found = Judgement(upload.name, self.judged(root).breaches)
        return Response(UblValidationAnswer.of(found), status=201)


class JsonValidation(DocumentsView):
    """Tells what flat JSON would become, and what the official rules say of that."""

    most_bytes = settings.MOST_BODY_BYTES

    @extend_schema(**doc.VALIDATE_JSON)
    def post(self, request: Any) -> Response:
        drafted = drafting.draft(self.organization, self.read_body())
        judged = drafting.explained(self.judged(reading.parse(drafted.content)), drafted)
        found = Judgement("", [*judged, *drafted.remarks], drafted.content.decode())
        return Response(UblValidationAnswer.of(found), status=201)
