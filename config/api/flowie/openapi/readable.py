"""What the OpenAPI document says of documents that are read by people."""

from functools import partial
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from config.api.flowie.openapi.parts import COMPANY_REQUIRED, operation, refusal
from config.api.flowie.requests import documents as requests
from config.api.flowie.responses import readable as responses

_operation = partial(operation, "Documents", path=("document_id",), acts=True)
_NOT_READABLE = refusal(
    "Nothing that a person could read",
    "NOT_READABLE",
    "This document is no invoice, credit note or answer that could be shown.",
)


def _file(described: dict[str, Any], media: str, form: Any, sentence: str) -> dict[str, Any]:
    """The operation, whose answer is a file."""
    del described["responses"][200]
    described["responses"][200, media] = OpenApiResponse(form, sentence)
    return described


GET_HTML = _file(
    _operation(
        "get_document_html",
        "Read a document as a page that fetches nothing",
        200,
        parameters=[requests.Reading],
        refusals={409: _NOT_READABLE},
    ),
    "text/html",
    OpenApiTypes.STR,
    "The document as HTML",
)
GET_PDF = _file(
    _operation(
        "get_document_pdf",
        "Read a document as PDF",
        200,
        parameters=[requests.Reading],
        refusals={409: _NOT_READABLE},
    ),
    "application/pdf",
    OpenApiTypes.BINARY,
    "The document as PDF",
)
GET_ARCHIVE = _file(
    operation(
        "Documents",
        "get_document_archive",
        "Download documents in one ZIP with a manifest (SHA-256)",
        200,
        parameters=[requests.DocumentSelection],
        acts=True,
        refusals={403: COMPANY_REQUIRED},
    ),
    "application/zip",
    OpenApiTypes.BINARY,
    "The documents as they are, and `manifest.json`",
)
LIST_ATTACHMENTS = _operation(
    "list_document_attachments",
    "List the files that go with a document",
    200,
    responses.Attachments,
    {
        "attachments": [
            {
                "place": 0,
                "id": "TS-1",
                "description": "Time sheet",
                "filename": "time-sheet.pdf",
                "mediaType": "application/pdf",
                "size": 48213,
                "url": None,
            }
        ]
    },
)
GET_ATTACHMENT = _file(
    operation(
        "Documents",
        "get_document_attachment",
        "Read a file that is inside of a document",
        200,
        path=("document_id", "place"),
        acts=True,
    ),
    "application/octet-stream",
    OpenApiTypes.BINARY,
    "The file as it is in the document",
)
