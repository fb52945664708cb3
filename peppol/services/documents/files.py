"""Writes to files beside documents: add, remove, and forget with the document."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from peppol.models import Document, DocumentDraft, DocumentFile
from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, LimitReached
from tenants.models import Organization

ADDED = events.declare("document.file_added", "A file was put beside a document.")
REMOVED = events.declare("document.file_removed", "A file beside a document was removed.")

# Beside one document, and of one organization: nobody is billed for them.
MOST_FILES, MOST_BYTES = 20, 100 * 1024 * 1024
LARGEST = 10 * 1024 * 1024


@transaction.atomic
def add(
    document: Document | DocumentDraft, name: str, content: bytes, *, media_type: str, by: Actor
) -> DocumentFile:
    """Put a file beside a document; it is not sent with it.

    Raises Invalid (`empty`, `too_large`), and LimitReached (`too_many_files`, `too_many_bytes`).
    """
    if not content:
        raise Invalid("The file is empty.", code="empty", fields={"file": ["it is empty"]})
    if len(content) > LARGEST:
        raise Invalid(
            "The file is larger than %(most)s MB.",
            values={"most": LARGEST // 2**20},
            code="too_large",
        )
    owner: Organization = document.organization
    _check_quota(owner, document.pk, len(content))
    row = DocumentFile(
        organization=owner,
        environment=document.environment,
        document=document.pk,
        name=persistence.printable(name)[-255:] or "file",
        media_type=persistence.printable(media_type)[:127] or "application/octet-stream",
        size=len(content),
        content=content,
    )
    persistence.insert(row)
    _note(row, ADDED, by)
    return row


@transaction.atomic
def remove(row: DocumentFile, *, by: Actor) -> None:
    """Take a file away again."""
    _note(row, REMOVED, by)
    row.delete()


def forget(documents: Iterable[UUID]) -> None:
    """Delete what stands beside documents that are deleted themselves, in their transaction."""
    DocumentFile.objects.filter(document__in=list(documents)).delete()


def _check_quota(owner: Organization, document: UUID, more: int) -> None:
    mine = DocumentFile.objects.of(owner)
    if mine.beside(document).count() >= MOST_FILES:
        raise LimitReached(
            "%(most)s files stand beside this document already.",
            code="too_many_files",
            values={"most": MOST_FILES},
        )
    if (mine.aggregate(bytes=Sum("size"))["bytes"] or 0) + more > MOST_BYTES:
        raise LimitReached(
            "More than %(most)s MB of files would be kept: remove some first.",
            code="too_many_bytes",
            values={"most": MOST_BYTES // 2**20},
        )


def _note(row: DocumentFile, event: str, by: Actor) -> None:
    data = {"document": {"id": str(row.document)}, "file": {"id": str(row.pk), "name": row.name}}
    events.record(row.organization, event, by=by, data=data, environment=row.environment)
