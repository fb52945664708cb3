"""The tenant API's paths below `/api`."""

from typing import Any

from config.api.einvoice.tenant.views import (
    account,
    documents,
    lists,
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
    _DOCUMENT: documents.SingleDocument,
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
    "api/validate/ubl": validation.UblValidation,
    "api/validate/json": validation.JsonValidation,
}
