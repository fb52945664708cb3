"""Which document a worker takes next, how it keeps it, and how it gives it back.

What is still to be sent comes first. Questions about what was sent are many more, and none of them
is urgent: one turn in four is theirs while there is something to send, and all of them otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from peppol.models import Document
from tenants.ids import uuid7

State = Document.State
Outcome = Callable[[Document], None]
# Of so many turns one is for whatever has waited for longest.
_SHARE = 4


@dataclass(frozen=True)
class Claim:
    """A document that this worker, and no other, is at, as it was when it was claimed."""

    document: Document
    token: UUID

    def row(self) -> QuerySet[Document]:
        """The document, as a query that finds it only while it is still this worker's."""
        return Document.objects.filter(pk=self.document.pk, claim=self.token)


def take(turn: int = 0) -> Claim | None:
    """Claim what is due; None when nothing is. `turn` counts how often this worker has asked."""
    due = Document.objects.due()
    new = due.filter(state=State.ACCEPTED)
    for rows in (due,) if turn % _SHARE == _SHARE - 1 else (new, due):
        # Look before taking the write lock.
        claim = _claim(rows) if rows.exists() else None
        if claim is not None:
            return claim
    return None


def lease() -> float:
    """How long one attempt can take, in seconds: two calls, each with its time outs."""
    return 2 * (float(settings.ACCESS_POINT_TIMEOUT) + 5) + 10


@transaction.atomic
def settle(claim: Claim, outcome: Outcome) -> None:
    """Give a document back as `outcome` leaves it, unless it is another worker's by now."""
    row = (
        claim.row()
        .select_related("organization__parent")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if row is not None:
        row.claim = None
        outcome(row)
        row.save()


@transaction.atomic
def _claim(rows: QuerySet[Document]) -> Claim | None:
    document = (
        rows.select_related("organization__parent")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("next_attempt_at", "id")
        .first()
    )
    if document is None:
        return None
    claim = Claim(document, uuid7())
    document.claim = claim.token
    document.attempt_count = min(document.attempt_count + 1, 32_000)
    document.next_attempt_at = timezone.now() + timedelta(seconds=lease())
    if document.state == State.ACCEPTED:
        document.state = State.SENDING
    document.save(
        update_fields=["claim", "attempt_count", "next_attempt_at", "state", "updated_at"]
    )
    return claim
