"""Writes to documents that wait to be sent: keep, send, discard."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.utils import timezone

from peppol.invoices import reading
from peppol.invoices.received import fitting
from peppol.models import Document, DocumentDraft
from peppol.services.documents import addresses, documents, files, intake
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

    Addresses that it leaves out, or that nobody can have, are written into it
    (`addresses.routed`).
    Raises Invalid (`not_xml`, `not_ubl`, `too_large`) for anything else, and LimitReached
    (`too_many_drafts`, `too_many_bytes`) where as many are kept already as may be.
    """
    _check_quota(company, len(content))
    content = addresses.routed(company, content)
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
        sender_name=found.sender_name,
        receiver_name=found.receiver_name,
        self_billed=found.self_billed,
        amount=fitting(found.payable),
        net=fitting(found.net),
        tax=fitting(found.tax),
    )
    persistence.insert(row)
    _note(row, KEPT, by)
    return row


@transaction.atomic
def send(
    row: DocumentDraft, *, by: Actor, sender: str = "", receiver: str = "", fallback: str = ""
) -> Document:
    """Send a draft: it becomes a document with its id. Of calls that race, one sends.

    It goes between the identifiers that are named here, else between those that it names;
    `fallback` is a mail address for a receiver that is not on Peppol.
    Raises WrongState (`not_a_draft`) for the others, and what drafting and sending raise.
    """
    row = _locked(row)
    company = row.organization
    content = addresses.routed(company, bytes(row.content), sender=sender, receiver=receiver)
    document = documents.send(
        company,
        intake.from_ubl(company, content),
        by=by,
        environment=row.environment,
        id=row.pk,
        fallback=fallback,
    )
    row.delete()
    return document


@transaction.atomic
def discard(row: DocumentDraft, *, by: Actor) -> None:
    """Throw a draft away. Raises WrongState (`not_a_draft`) when it was sent meanwhile."""
    row = _locked(row)
    _note(row, DISCARDED, by)
    files.forget([row.pk])
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
