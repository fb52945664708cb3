"""The tenant API's paths below `/api`."""

from typing import Any

from config.api.einvoice.tenant.views import account, documents, network, stats, webhooks

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
    "api/documents/ubl": documents.UblDocuments,
    _DOCUMENT: documents.SingleDocument,
    f"{_DOCUMENT}/send": documents.SendDocument,
    f"{_DOCUMENT}/validate": documents.ValidateDocument,
    f"{_DOCUMENT}/ubl": documents.DocumentUbl,
    f"{_DOCUMENT}/timeline": documents.DocumentTimeline,
    "api/inbox": documents.Inbox,
    "api/inbox/invoices": documents.InboxInvoices,
    "api/inbox/credit-notes": documents.InboxCreditNotes,
    "api/outbox": documents.Outbox,
    "api/outbox/drafts": documents.Drafts,
    "api/drafts": documents.Drafts,
    "api/validate/ubl": documents.UblValidation,
}
