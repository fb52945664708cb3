"""Writes to documents that wait to be sent: keep, send, discard."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.utils import timezone

from peppol.invoices import reading
from peppol.models import Document, DocumentDraft
from peppol.services.documents import documents, intake
from tenants import events, loops, persistence
from tenants.actors import Actor
from tenants.errors import LimitReached, WrongState
from tenants.models import Environment, Organization

KEPT = events.declare("document.drafted", "A document was kept to be sent later.")
DISCARDED = events.declare("document.discarded", "A document that was never sent was discarded.")

# So many drafts, and bytes of them, may an organization have; they cost nothing, and nobody else
# may pay for them.
MOST_DRAFTS, MOST_BYTES = 500, 100 * 1024 * 1024
# A draft that nobody has touched for so long is no document, and no law keeps it.
KEEP_DRAFTS = timedelta(days=365)
_TIDYING = Actor.system("tidying")


@transaction.atomic
def keep(
    company: Organization, content: bytes, *, by: Actor, environment: str = Environment.LIVE
) -> DocumentDraft:
    """Keep a UBL invoice or credit note to be sent later; it need not be valid yet.

    Raises Invalid (`not_xml`, `not_ubl`, `too_large`) for anything else, and LimitReached
    (`too_many_drafts`, `too_many_bytes`) where as many are kept already as may be.
    """
    _check_quota(company, len(content))
    found = reading.header(reading.parse(content))
    row = DocumentDraft(
        organization=company,
        environment=environment,
        kind=found.kind,
        sender=found.sender[:140],
        receiver=found.receiver[:140],
        number=found.number,
        issued_on=found.issued_on,
        currency=found.currency,
        content=content,
        amount=None if found.payable is None else found.payable.quantize(Decimal("0.01")),
    )
    persistence.insert(row)
    _note(row, KEPT, by)
    return row


@transaction.atomic
def send(row: DocumentDraft, *, by: Actor, receiver: str = "") -> Document:
    """Send a draft: it becomes a document with its id. Of calls that race, one sends.

    Raises WrongState (`not_a_draft`) for the others, and what drafting and sending raise.
    """
    row = _locked(row)
    draft = intake.from_ubl(row.organization, bytes(row.content), receiver=receiver)
    document = documents.send(
        row.organization, draft, by=by, environment=row.environment, id=row.pk
    )
    row.delete()
    return document


@transaction.atomic
def discard(row: DocumentDraft, *, by: Actor) -> None:
    """Throw a draft away. Raises WrongState (`not_a_draft`) when it was sent meanwhile."""
    row = _locked(row)
    _note(row, DISCARDED, by)
    row.delete()


def forget_old(most: int = 500) -> int:
    """Throw drafts away that nobody has touched for long; how many."""
    old = DocumentDraft.objects.untouched_since(timezone.now() - KEEP_DRAFTS)[:most]
    return loops.each("forget drafts", old, partial(discard, by=_TIDYING))


def _check_quota(company: Organization, more: int) -> None:
    kept = DocumentDraft.objects.of(company).aggregate(
        number=Count("pk"), bytes=Sum(Length("content"))
    )
    if kept["number"] >= MOST_DRAFTS:
        raise LimitReached(
            "%(most)s drafts are kept already: send or delete some first.",
            code="too_many_drafts",
            values={"most": MOST_DRAFTS},
        )
    if (kept["bytes"] or 0) + more > MOST_BYTES:
        raise LimitReached(
            "More than %(most)s MB of drafts would be kept: send or delete some first.",
            code="too_many_bytes",
            values={"most": MOST_BYTES // 2**20},
        )


def _locked(row: DocumentDraft) -> DocumentDraft:
    rows = DocumentDraft.objects.select_related("organization").select_for_update(
        of=("self",), no_key=True
    )
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise WrongState("This document is no draft any more.", code="not_a_draft")
    return found


def _note(row: DocumentDraft, event: str, by: Actor) -> None:
    data = {"document": {"id": str(row.pk), "number": row.number, "type": row.kind}}
    events.record(row.organization, event, by=by, data=data, environment=row.environment)
