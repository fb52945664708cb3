"""Files of a document: those inside of it, and those that programs put beside it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.einvoice.tenant.openapi import files as doc
from config.api.einvoice.tenant.responses.attachments import (
    AttachmentAnswer,
    AttachmentDeletedAnswer,
    Listed,
    files_of,
)
from config.api.einvoice.tenant.views.documents import DocumentsView
from config.api.kit.paths import id_of
from peppol.services.documents import files
from tenants.errors import NotFound, WrongState


class AttachmentsView(DocumentsView):
    """Shared by all that has to do with them."""

    def attachment(self, document_id: str, attachment_id: str) -> Listed:
        """One of the document's. Raises NotFound."""
        wanted = id_of(attachment_id)
        found = (one for one in files_of(self.letter(document_id)) if one.id == wanted)
        if (one := next(found, None)) is None:
            raise NotFound("Attachment")
        return one


class Attachments(AttachmentsView):
    """The files of a document."""

    @extend_schema(**doc.LIST_ATTACHMENTS)
    def get(self, request: Any, document_id: str) -> Response:
        return Response(AttachmentAnswer.of_each(files_of(self.letter(document_id))))

    @extend_schema(**doc.ADD_ATTACHMENT)
    def post(self, request: Any, document_id: str) -> Response:
        letter, upload = self.letter(document_id), self.upload()
        row = files.add(letter, upload.name, upload.content, media_type=upload.type, by=self.by)
        return Response(AttachmentAnswer.of(Listed.beside(row)), status=201)


class Attachment(AttachmentsView):
    """One file."""

    @extend_schema(**doc.GET_ATTACHMENT)
    def get(self, request: Any, document_id: str, attachment_id: str) -> Response:
        return Response(AttachmentAnswer.of(self.attachment(document_id, attachment_id)))

    @extend_schema(**doc.DELETE_ATTACHMENT)
    def delete(self, request: Any, document_id: str, attachment_id: str) -> Response:
        found = self.attachment(document_id, attachment_id)
        if found.row is None:
            raise WrongState("This file is part of the document itself.", code="inside")
        files.remove(found.row, by=self.by)
        return Response(AttachmentDeletedAnswer.of(None))
