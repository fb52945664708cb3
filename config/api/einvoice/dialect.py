"""How deliveries speak to receivers written for e-invoice.be."""

import json
from typing import Any
from uuid import UUID

from tenants.ids import spell
from tenants.models import Event
from webhooks import signing
from webhooks.dialects import Dialect
from webhooks.services.endpoints import TEST


class EInvoice(Dialect):
    """`X-Signature: sha256=<hex>` over the event as `json.dumps(event, sort_keys=True)` writes it.

    Receivers may check the raw body or write the parsed event anew: both are the same bytes.
    """

    name = "einvoice"
    company_prefix = "tenant"
    aliases = {
        "document.delivered": "document.sent",
        "document.failed": "document.sent.failed",
    }

    def body(self, event: Event) -> bytes:
        return json.dumps(self.payload(event), sort_keys=True).encode()

    def payload(self, event: Event) -> dict[str, Any]:
        """The standard payload with the fields that receivers read; a test says what it is of."""
        payload = super().payload(event)
        document = event.data.get("document")
        if document:
            payload["data"]["document_id"] = spell("doc", UUID(document["id"]))
        tested = event.data.get("tested")
        if event.type == TEST and tested:
            payload |= {"type": tested["event_type"], "data": tested["data"]}
        return {
            **payload,
            "tenant_id": spell(self.company_prefix, event.organization_id),
            "created_at": int(event.occurred_at.timestamp()),
        }

    def headers(self, event: Event, body: bytes, secret: str) -> dict[str, str]:
        return {"X-Signature": f"sha256={signing.hexadecimal(secret, body)}"}
