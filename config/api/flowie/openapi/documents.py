"""What the OpenAPI document says of the operations on documents."""

from functools import partial

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from config.api.flowie.openapi import examples
from config.api.flowie.openapi.parts import COMPANY_REQUIRED, operation, page, refusal
from config.api.flowie.requests import answers
from config.api.flowie.requests import documents as requests
from config.api.flowie.responses import documents as responses

_operation = partial(operation, "Documents")

SEND_DOCUMENT = _operation(
    "send_document",
    "Send a document",
    202,
    responses.Document,
    examples.DOCUMENT,
    request=requests.Outgoing,
    given_as=examples.OUTGOING,
    acts=True,
    post=True,
    refusals={
        402: refusal(
            "The documents of the month are used up, or the plan has ended",
            "QUOTA_REACHED",
            "The documents that the plan includes this month are used up.",
        ),
        403: COMPANY_REQUIRED,
        429: refusal(
            "Too many requests, or too many documents for a day",
            "DAILY_LIMIT_REACHED",
            "All documents of today are sent.",
        ),
    },
)
SEND_BATCH = _operation(
    "send_documents",
    "Send up to 100 documents, each on its own",
    207,
    responses.Batched,
    examples.BATCHED,
    request=requests.Batch,
    given_as={"documents": [examples.OUTGOING]},
    acts=True,
    post=True,
    refusals={403: COMPANY_REQUIRED},
)
VALIDATE_DOCUMENT = _operation(
    "validate_document",
    "Check a document and send nothing",
    200,
    responses.Judged,
    examples.DRAFT,
    request=requests.Outgoing,
    given_as=examples.OUTGOING,
    acts=True,
    post=True,
    refusals={403: COMPANY_REQUIRED},
)
RESPOND = _operation(
    "respond_to_document",
    "Answer an invoice that came in",
    202,
    responses.Document,
    {**examples.DOCUMENT, "type": "response", "amount": None, "subtotal": None, "totalTax": None},
    request=answers.Answering,
    given_as={"status": "RE", "reasons": ["PRI"], "actions": ["NIN"], "text": "Wrong price"},
    path=("document_id",),
    acts=True,
    post=True,
)
LIST_DOCUMENTS = _operation(
    "list_documents",
    "List a company's documents, newest first",
    200,
    responses.DocumentsPage,
    page("documents", examples.DOCUMENT),
    parameters=[requests.DocumentListing],
    acts=True,
    refusals={403: COMPANY_REQUIRED},
)
GET_DOCUMENT = _operation(
    "get_document",
    "Read a document without its content",
    200,
    responses.Document,
    {**examples.DOCUMENT, "status": "delivered"},
    path=("document_id",),
    acts=True,
)
GET_PAYLOAD = _operation(
    "get_document_payload",
    "Read a document's content, UBL or JSON",
    200,
    path=("document_id",),
    acts=True,
)
GET_PAYLOAD["responses"] |= {
    (200, media): OpenApiResponse(form, "The content as it was sent or came in")
    for media, form in (
        ("application/xml", OpenApiTypes.BINARY),
        ("application/json", OpenApiTypes.OBJECT),
    )
}
del GET_PAYLOAD["responses"][200]
GET_PAYLOAD["responses"][503] = refusal(
    "The content cannot be read now",
    "PAYLOAD_UNAVAILABLE",
    "The content of this document cannot be read now.",
)
