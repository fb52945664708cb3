"""Documents whose time to be kept is over are deleted as fast as they fall due.

A year's documents fall due in one night: they go in batches, rows first and together, and then
their payloads, many at a time.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from django.core.files.storage import Storage
from django.db import transaction

from peppol.models import ComplianceReport, Document
from peppol.models.documents import payload_storage
from peppol.services.documents import events
from tenants import events as trail
from tenants.actors import Actor
from tenants.models import Event

SYSTEM = Actor.system("documents")
logger = logging.getLogger(__name__)
_BATCH = 500
# Deleting from a bucket is waiting for its answers.
_AT_A_TIME = 8


def purge(*, limit: int | None = None, seconds: float = 40.0) -> int:
    """Delete what is due, payloads and rows, for about `seconds`; how many documents."""
    gone, ends = 0, monotonic() + seconds
    while monotonic() < ends and (limit is None or gone < limit):
        size = _BATCH if limit is None else min(_BATCH, limit - gone)
        names = _delete_rows(size)
        _delete_payloads([name for name in names if name])
        gone += len(names)
        if len(names) < size:
            break
    return gone


@transaction.atomic
def _delete_rows(size: int) -> list[str]:
    """Delete a batch with an event each; the names of their payloads."""
    due = Document.objects.outdated().select_related("organization").order_by("retain_until")
    batch = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True)[:size])
    trail.record_all([_purged(document) for document in batch])
    keys = [document.pk for document in batch]
    ComplianceReport.objects.filter(document__in=keys).delete()
    Document.objects.filter(pk__in=keys).delete()
    return [document.payload.name or "" for document in batch]


def _purged(document: Document) -> Event:
    """What is told of one; nobody was told of a held one, so nobody is told what it was."""
    is_held = document.state == Document.State.HELD
    told = events.of_held if is_held else events.of
    return told(document, events.PURGED, by=SYSTEM)


def _delete_payloads(names: Sequence[str]) -> None:
    """Delete files that no row points at any more; one that resists is logged and left."""
    payload_storage().forget(names)
    storage = payload_storage().behind
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        list(pool.map(lambda name: _delete(storage, name), names))


def _delete(storage: Storage, name: str) -> None:
    try:
        storage.delete(name)
    except Exception:
        logger.exception("The payload %s of a deleted document could not be deleted.", name)
