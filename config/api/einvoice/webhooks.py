"""How deliveries speak to receivers written for e-invoice.be."""

from tenants.models import Event
from webhooks import signing
from webhooks.dialects import Dialect


class EInvoice(Dialect):
    """`X-Signature: sha256=<hex>` over the body, whose keys are sorted as receivers expect."""

    name = "einvoice"
    company_prefix = "tenant"
    sort_keys = True

    def headers(self, event: Event, body: bytes, secret: str) -> dict[str, str]:
        return {"X-Signature": f"sha256={signing.hexadecimal(secret, body)}"}
