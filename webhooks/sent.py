"""What a delivery sends, for people to read: made once more from its event, as every attempt does.

Nothing of it is kept: the body follows from the event, and the signature from the body, the time
and the secret.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from tenants.outside_text import STRUCK_OUT
from webhooks.models import Delivery
from webhooks.services.delivery import request_for

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """A request as it went out, or would go out now. `signed` is what its signature is of, up to
    the body, which ends it."""

    url: str
    headers: dict[str, str]
    body: str
    signed: str


def sent(delivery: Delivery, at: datetime) -> Sent | None:
    """What goes out for `delivery` at a time: by the address and the secrets of today.

    What signs in at the receiver is struck out. None for what cannot be made, as a sender finds.
    """
    try:
        request = request_for(delivery.endpoint, delivery.event, at)
    except Exception as error:
        logger.error("Delivery %s cannot be shown: %s", delivery.pk, type(error).__name__)
        return None
    headers = dict(request.headers)
    if "Authorization" in headers:
        headers["Authorization"] = f"Basic {STRUCK_OUT}"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}."
    return Sent(request.url, headers, request.body.decode(errors="replace"), signed)
