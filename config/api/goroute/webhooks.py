"""How deliveries speak to receivers written for GoRoute (GOR-26, C-06, C-66)."""

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

    def headers(self, event: Event, body: bytes, secret: str) -> dict[str, str]:
        return {"X-GoRoute-Signature": f"sha256={signing.hexadecimal(secret, body)}"}
