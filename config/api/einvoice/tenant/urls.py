"""The tenant API's paths below `/api`."""

from typing import Any

from config.api.einvoice.tenant.views import (
    account,
    attachments,
    conversions,
    documents,
    lists,
    mailbox,
    network,
    stats,
    validation,
    webhooks,
)

_WEBHOOK = "api/webhooks/(?P<webhook_id>[^/]+)"
_DOCUMENT = "api/documents/(?P<document_id>[^/]+)"
PATHS: dict[str, Any] = {
    "api/me": account.Me,
    "api/webhooks": webhooks.Webhooks,
    _WEBHOOK: webhooks.Webhook,
    f"{_WEBHOOK}/history": webhooks.WebhookHistory,
    f"{_WEBHOOK}/test": webhooks.WebhookTest,
    "api/lookup": network.Lookup,
    "api/lookup/participants": network.ParticipantSearch,
    "api/validate/peppol-id": network.PeppolIdValidation,
    "api/stats": stats.Stats,
    "api/documents": lists.Documents,
    "api/documents/ubl": documents.UblDocuments,
    "api/documents/pdf": conversions.PdfDocuments,
    _DOCUMENT: documents.SingleDocument,
    f"{_DOCUMENT}/attachments": attachments.Attachments,
    f"{_DOCUMENT}/attachments/(?P<attachment_id>[^/]+)": attachments.Attachment,
    f"{_DOCUMENT}/send": documents.SendDocument,
    f"{_DOCUMENT}/validate": validation.ValidateDocument,
    f"{_DOCUMENT}/ubl": documents.DocumentUbl,
    f"{_DOCUMENT}/timeline": documents.DocumentTimeline,
    "api/inbox": lists.Inbox,
    "api/inbox/invoices": lists.InboxInvoices,
    "api/inbox/credit-notes": lists.InboxCreditNotes,
    "api/outbox": lists.Outbox,
    "api/outbox/drafts": lists.Drafts,
    "api/drafts": lists.Drafts,
    "api/conversion/pdf": conversions.PdfConversions,
    "api/conversion/pdf/(?P<task_id>[^/]+)": conversions.PdfConversionTask,
    "api/conversion/pdf/(?P<task_id>[^/]+)/result": conversions.PdfConversionResult,
    "api/mailbox": mailbox.Mailbox,
    "api/validate/ubl": validation.UblValidation,
    "api/validate/json": validation.JsonValidation,
}
