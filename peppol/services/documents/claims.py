"""How a worker takes a document to work on, and gives it back.

A claim is a token in the row and the end of a lease. Whoever comes back when another worker has
taken the row over finds that it is not theirs any more, and changes nothing.
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


@dataclass(frozen=True)
class Claim:
    """A document that this worker, and no other, is at, as it was when it was claimed."""

    document: Document
    token: UUID

    def row(self) -> QuerySet[Document]:
        """The document, as a query that finds it only while it is still this worker's."""
        return Document.objects.filter(pk=self.document.pk, claim=self.token)


def take() -> Claim | None:
    """Claim the document that has been due for longest; None when there is nothing to do."""
    due = Document.objects.due()
    if not due.exists():
        return None
    with transaction.atomic():
        document = (
            due.select_related("organization__parent")
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("next_attempt_at", "id")
            .first()
        )
        if document is None:
            return None
        claim = Claim(document, uuid7())
        document.claim = claim.token
        document.attempt_count = min(document.attempt_count + 1, 32_000)
        document.next_attempt_at = timezone.now() + timedelta(seconds=_lease())
        if document.state == State.ACCEPTED:
            document.state = State.SENDING
        document.save(
            update_fields=["claim", "attempt_count", "next_attempt_at", "state", "updated_at"]
        )
    return claim


def _lease() -> float:
    """How long one attempt can take, in seconds: two calls, each with its time outs."""
    return 2 * (float(settings.ACCESS_POINT_TIMEOUT) + 5) + 10


@transaction.atomic
def settle(claim: Claim, outcome: Outcome) -> None:
    """Give the document back with `outcome` applied, unless another worker has taken it over."""
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
