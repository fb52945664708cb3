"""The tenant API's paths below `/api`."""

from typing import Any

from config.api.einvoice.tenant import network, stats, webhooks

_WEBHOOK = "api/webhooks/(?P<webhook_id>[^/]+)"
PATHS: dict[str, Any] = {
    "api/webhooks": webhooks.Webhooks,
    _WEBHOOK: webhooks.Webhook,
    f"{_WEBHOOK}/history": webhooks.WebhookHistory,
    f"{_WEBHOOK}/test": webhooks.WebhookTest,
    "api/lookup": network.Lookup,
    "api/lookup/participants": network.ParticipantSearch,
    "api/validate/peppol-id": network.PeppolIdValidation,
    "api/stats": stats.Stats,
}
