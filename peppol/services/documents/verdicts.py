"""What there is to say of a document that came in: is it valid, and did it get there?"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from peppol.invoices import reading
from peppol.invoices.status_writing import NOWHERE
from peppol.models import Document, StatusMessage
from peppol.rules import judging, schemas
from peppol.rules.findings import Judgement
from peppol.services.documents import events
from tenants.errors import DomainError
from tenants.ids import earliest
from tenants.models import Event
from tenants.persistence import printable
from webhooks.models import Delivery

logger = logging.getLogger(__name__)
Code = StatusMessage.Code
# For so long a webhook may take to confirm that the receiver's program has the document. The
# network waits twenty minutes for a status.
_CONFIRMATION = timedelta(minutes=8)
_MOST_ISSUES, _MOST_LETTERS = 50, 500


@dataclass(frozen=True)
class Verdict:
    """The code of a status, and the issues of a rejection as plain values."""

    code: str
    issues: list[dict[str, str]] = field(default_factory=list)


def of(document: Document) -> Verdict | None:
    """What its sender's side is told of a document; None while that is not certain.

    What breaks the rules that were in force when it came is rejected. The rest is delivered once
    its company may read it: confirmed where a webhook took it, and unconfirmed otherwise.
    """
    judged = _judged(document)
    if judged is not None and judged.fatal and judged.rule_set:
        return Verdict(Code.REJECTED, _issues(judged, document))
    if document.state != Document.State.RECEIVED:
        return None
    confirmed = _is_confirmed(document)
    if confirmed is None:
        return None
    return Verdict(Code.ACCEPTED if confirmed else Code.RECEIVED)


def _judged(document: Document) -> Judgement | None:
    """What the rules of its day say of it; None of what they are not for, or is too large."""
    is_read = document.kind in (*Document.INVOICES, Document.Kind.RESPONSE)
    if not is_read or document.payload_size > settings.MOST_DOCUMENT_BYTES:
        return None
    try:
        root = reading.parse(document.content())
        return judging.judge(root, on=document.created_at.date())
    except DomainError as refusal:
        # That takes too long, or is no XML: no reason to reject what its company can read.
        logger.warning("Document %s was not judged: %s", document.pk, refusal.message)
        return None


def _issues(judged: Judgement, document: Document) -> list[dict[str, str]]:
    root = reading.parse(document.content())
    fatal = "SV" if judged.rule_set == schemas.title_of(root) else "BV"
    return [
        {
            "kind": fatal if breach.fatal else "BW",
            "text": printable(f"[{breach.rule}] {breach.message}")[:_MOST_LETTERS],
            "place": printable(breach.location)[:_MOST_LETTERS] or NOWHERE,
        }
        for breach in judged.breaches[:_MOST_ISSUES]
    ]


def _is_confirmed(document: Document) -> bool | None:
    """Whether a program of its company's took it; None while one may still do that."""
    about = {"data__document__id": str(document.pk), "type": events.RECEIVED}
    since = earliest(document.created_at - timedelta(minutes=1))
    told = Event.objects.filter(organization=document.organization, id__gte=since, **about).first()
    if told is None:
        return False
    states = set(told.deliveries.values_list("state", flat=True))
    if Delivery.State.DELIVERED in states:
        return True
    waiting = states & {Delivery.State.PENDING, Delivery.State.SENDING} or not told.distributed_at
    is_early = timezone.now() - told.occurred_at < _CONFIRMATION
    return None if waiting and is_early else False
