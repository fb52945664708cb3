"""Documents whose time to be kept is over are deleted as fast as they fall due.

A year's documents fall due in one night: they go in batches, rows first and together, and then
their payloads, many at a time. Payloads are given up with their rows, so that whoever dies in
between leaves none behind that nobody knows of.
"""

from time import monotonic

from django.db import transaction

from peppol.models import ComplianceReport, Document
from peppol.models.payloads import payload_storage
from peppol.services.documents import events, files
from tenants import events as trail
from tenants import storage
from tenants.actors import Actor
from tenants.models import Event, FileRemoval

SYSTEM = Actor.system("documents")
_BATCH = 500


def purge(*, limit: int | None = None, seconds: float = 40.0) -> int:
    """Delete what is due, payloads and rows, for about `seconds`; how many documents."""
    gone, ends = 0, monotonic() + seconds
    while monotonic() < ends and (limit is None or gone < limit):
        size = _BATCH if limit is None else min(_BATCH, limit - gone)
        rows, payloads = _delete_rows(size)
        storage.remove(payloads)
        gone += rows
        if rows < size:
            break
    return gone


@transaction.atomic
def _delete_rows(size: int) -> tuple[int, list[FileRemoval]]:
    """Delete a batch with an event each; how many, and their payloads, which are to be deleted."""
    due = Document.objects.outdated().select_related("organization").order_by("retain_until")
    batch = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True)[:size])
    trail.record_all([_purged(document) for document in batch])
    keys = [document.pk for document in batch]
    ComplianceReport.objects.filter(document__in=keys).delete()
    files.forget(keys)
    Document.objects.filter(pk__in=keys).delete()
    names = [document.payload.name for document in batch if document.payload.name]
    return len(batch), payload_storage().give_up(names)


def _purged(document: Document) -> Event:
    """What is told of one; nobody was told of a held one, so nobody is told what it was."""
    is_held = document.state == Document.State.HELD
    told = events.of_held if is_held else events.of
    return told(document, events.PURGED, by=SYSTEM)
