"""What the OpenAPI document says of files, PDFs and the mailbox."""

from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.openapi import DOCUMENT_PATH, DOCUMENTS, FORM, on_documents
from config.api.einvoice.tenant.responses import attachments, conversions, mailbox

_FILE_PATH = ("document_id", "attachment_id")
LIST_ATTACHMENTS = on_documents(
    "list_attachments",
    DOCUMENTS,
    "Files inside of a document and beside it",
    200,
    attachments.AttachmentAnswer(many=True),
    path=DOCUMENT_PATH,
)
ADD_ATTACHMENT = on_documents(
    "add_attachment",
    DOCUMENTS,
    "Put a file beside a document; it is not sent with it",
    201,
    attachments.AttachmentAnswer,
    request=FORM,
    path=DOCUMENT_PATH,
    post=True,
    refusals=(415,),
)
GET_ATTACHMENT = on_documents(
    "get_attachment",
    DOCUMENTS,
    "A file of a document, and where it is for an hour",
    200,
    attachments.AttachmentAnswer,
    path=_FILE_PATH,
)
DELETE_ATTACHMENT = on_documents(
    "delete_attachment",
    DOCUMENTS,
    "Remove a file beside a document",
    200,
    attachments.AttachmentDeletedAnswer,
    path=_FILE_PATH,
)
CREATE_FROM_PDF = on_documents(
    "read_pdf",
    DOCUMENTS,
    "Read the invoice that a PDF carries (Factur-X, ZUGFeRD 2, XRechnung)",
    201,
    conversions.ConvertedAnswer,
    request=FORM,
    post=True,
    parameters=[requests.PdfQuery],
    refusals=(415,),
)
CONVERT_PDF = on_documents(
    "convert_pdf",
    DOCUMENTS,
    "The same, to be asked for within a week",
    201,
    conversions.ConversionTaskAnswer,
    request=FORM,
    post=True,
    refusals=(415,),
)
GET_CONVERSION = on_documents(
    "get_conversion",
    DOCUMENTS,
    "How far it is",
    200,
    conversions.ConversionTaskAnswer,
    path=("task_id",),
)
GET_CONVERTED = on_documents(
    "get_conversion_result",
    DOCUMENTS,
    "What it came to",
    200,
    conversions.ConvertedAnswer,
    path=("task_id",),
)
LIST_MAILBOX = on_documents(
    "list_mailbox",
    DOCUMENTS,
    "Mails that came in; there are none",
    200,
    mailbox.MailboxPageAnswer,
    parameters=[requests.MailboxQuery],
)
