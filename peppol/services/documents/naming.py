"""Names and sums of documents that were kept before their rows had columns for them.

A row that was looked at has a `partner_key`, be it an empty one, so whoever comes next goes on
where the last one stopped.
"""

from time import monotonic
from typing import Any
from uuid import UUID

from peppol.contents import pieces_of
from peppol.invoices import received
from peppol.models import Document
from peppol.models.document_rows import partner_key_of
from peppol.services.documents.prepared import columns_of
from tenants import loops

# What may be filled in. What a row says already stays.
_NAMES = ("sender_name", "receiver_name", "self_billed", "net", "tax")
_BATCH, _MOST_SEEN = 100, 2000


def name_old(*, seconds: float = 5.0) -> int:
    """Fill in what old documents say of themselves, for about `seconds`; how many."""
    done, ends = 0, monotonic() + seconds
    seen: list[UUID] = []
    while monotonic() < ends:
        # Whatever could not be looked at waits for the next turn.
        batch = list(Document.objects.unnamed().exclude(pk__in=seen)[:_BATCH])
        if not batch:
            break
        done += loops.each("name the partners of documents", batch, _name)
        seen = [*seen, *(row.pk for row in batch)][-_MOST_SEEN:]
    return done


def _name(document: Document) -> None:
    said = _said(document)
    values = {name: said[name] for name in _NAMES if said.get(name) and not getattr(document, name)}
    outbound = document.direction == Document.Direction.OUTBOUND
    column = "receiver_name" if outbound else "sender_name"
    name = values.get(column) or getattr(document, column)
    fresh = Document.objects.unnamed().filter(pk=document.pk)
    fresh.update(**values, partner_key=partner_key_of(name))


def _said(document: Document) -> dict[str, Any]:
    """What a document says of itself; nothing of what is no invoice, or is there no more."""
    if document.format == Document.Format.JSON:
        return {}
    try:
        with document.opened() as file:
            found = received.head(pieces_of(file))
    except FileNotFoundError:
        return {}
    return columns_of(found[0]) if found else {}
