"""How deliveries speak to receivers written for GoRoute (GOR-26, C-06, C-66)."""

from typing import Any
from uuid import UUID

from tenants.ids import spell
from tenants.models import Event
from webhooks import signing
from webhooks.dialects import Dialect


class GoRoute(Dialect):
    """`X-GoRoute-Signature` over the raw body; documents are called invoices."""

    name = "goroute"
    company_prefix = "org"
    aliases = {
        "document.delivered": "invoice.delivered",
        "document.received": "invoice.received",
        "document.failed": "invoice.failed",
    }

    def payload(self, event: Event) -> dict[str, Any]:
        """As the standard one, with the ids by which the API knows organization and invoice."""
        payload = super().payload(event)
        document = event.data.get("document")
        if document:
            id = UUID(document["id"])
            payload["data"]["invoice"] = {**document, "id": spell("inv", id)}
            payload["data"]["transaction_id"] = spell("txn", id)
        return {**payload, "org_id": spell(self.company_prefix, event.organization_id)}

    def headers(self, event: Event, body: bytes, secret: str) -> dict[str, str]:
        return {"X-GoRoute-Signature": f"sha256={signing.hexadecimal(secret, body)}"}
