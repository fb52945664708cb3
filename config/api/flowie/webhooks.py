"""How deliveries speak to receivers written for Flowie (FLO-23, FLO-24, C-28, C-32)."""

from tenants.models import Event
from webhooks import signing
from webhooks.dialects import Dialect


class Flowie(Dialect):
    """`X-Flowie-Signature` over the raw body and `X-Flowie-Event-Id`, the same on every attempt."""

    name = "flowie"
    company_prefix = "comp"

    def headers(self, event: Event, body: bytes, secret: str) -> dict[str, str]:
        return {
            "X-Flowie-Signature": signing.hexadecimal(secret, body),
            "X-Flowie-Event-Id": f"evt_{event.pk.hex}",
        }
