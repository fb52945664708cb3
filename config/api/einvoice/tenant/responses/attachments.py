"""What the tenant API answers of a document's files."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from django.conf import settings
from django.core import signing
from django.urls import reverse

from config.api.kit.answers import Answer, Flag, Number, Text
from peppol.contents import Content
from peppol.models import Document, DocumentDraft, DocumentFile
from peppol.readable import attachments, reading
from peppol.readable.parts import Invoice
from peppol.readable.skimming import Unreadable
from tenants.ids import spell

# Whose signature a link to a file carries, and for how many seconds it leads there.
SALT, LINK_SECONDS = "einvoice-file", 3600
Letter = Document | DocumentDraft


@dataclass(frozen=True)
class Listed:
    """A file of a document: a `row` of its own, or at a `place` inside of the document."""

    id: UUID
    document: UUID
    organization: UUID
    name: str
    media_type: str
    size: int
    row: DocumentFile | None = None
    place: int = -1

    @classmethod
    def beside(cls, row: DocumentFile) -> "Listed":
        """A file that was put beside the document."""
        about = (row.pk, row.document, row.organization_id)
        return cls(*about, row.name, row.media_type, row.size, row)


def content_of(row: Letter) -> bytes:
    """What was sent, received or kept; nothing when the storage has it no more."""
    if isinstance(row, DocumentDraft):
        return bytes(row.content)
    try:
        return row.content()
    except OSError:
        return b""


def files_of(letter: Letter) -> list[Listed]:
    """The files inside of a document, in their order, and those beside it."""
    try:
        found = reading.read([content_of(letter)])
    except Unreadable:
        found = None
    inside = [
        Listed(
            uuid5(letter.pk, str(one.place)),
            letter.pk,
            letter.organization_id,
            one.title or f"{one.place + 1}",
            one.media_type or "application/octet-stream",
            one.size,
            place=one.place,
        )
        for one in (found.attachments if isinstance(found, Invoice) else ())
        if one.is_inside
    ]
    mine = DocumentFile.objects.filter(organization=letter.organization_id).beside(letter.pk)
    return [*inside, *(Listed.beside(row) for row in mine.defer("content"))]


def bytes_of(file: Listed, letter: Letter) -> bytes:
    """What a file contains. Raises Unreadable when it is not there any more."""
    if file.row is not None:
        return bytes(file.row.content)
    found: Content = attachments.extract([content_of(letter)], file.place)
    return found.bytes()


def _link(file: Listed) -> str:
    named = {
        "document": str(file.document),
        "organization": str(file.organization),
        "file": str(file.id),
    }
    return f"{settings.BASE_URL}{reverse('einvoice-file')}?token={signing.dumps(named, salt=SALT)}"


class AttachmentAnswer(Answer):
    """A file of a document, and where it is to be had for an hour."""

    id = Text(lambda file: spell("att", file.id))
    file_name = Text("name")
    file_type = Text("media_type")
    file_size = Number("size")
    file_url = Text(_link)


class AttachmentDeletedAnswer(Answer):
    """That a file is gone."""

    is_deleted = Flag(lambda row: True)
