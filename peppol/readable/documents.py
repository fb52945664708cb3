"""What a document that is kept says, or why that cannot be shown."""

from peppol.contents import Content, pieces_of
from peppol.models import Document
from peppol.readable import attachments, page, pdf, reading
from peppol.readable.parts import Attachment, Invoice
from peppol.readable.sheet import Sheet
from peppol.readable.skimming import Unreadable
from tenants.errors import DomainError, Kind, NotFound

LANGUAGES = ("en", "fr", "nl", "de")


def read(document: Document) -> reading.Readable | None:
    """What the document says; None when it is nothing that a person could read."""
    if document.format == Document.Format.JSON:
        return None
    try:
        with document.opened() as file:
            return reading.read(pieces_of(file))
    except (Unreadable, OSError):
        return None


def lay_out(document: Document) -> Sheet | None:
    """The document's sheet in the language that is switched on; None when there is none."""
    found = read(document)
    return None if found is None else reading.lay_out(found)


def write_page(document: Document) -> bytes:
    """The document as HTML. Raises DomainError (`not_readable`)."""
    return page.write(_sheet(document))


def write_pdf(document: Document, *, language: str) -> bytes:
    """The document as PDF; `language` is the one that is switched on. Raises as `write_page`."""
    return pdf.write(_sheet(document), language=language)


def attachments_of(document: Document) -> tuple[Attachment, ...]:
    """The files that go with it."""
    found = read(document)
    return found.attachments if isinstance(found, Invoice) else ()


def attachment(document: Document, place: int) -> tuple[Attachment, Content]:
    """A file inside of it, and what it contains. Raises NotFound."""
    found = next((one for one in attachments_of(document) if one.place == place), None)
    if found is None or not found.is_inside:
        raise NotFound("Attachment")
    try:
        with document.opened() as file:
            return found, attachments.extract(pieces_of(file), place)
    except (Unreadable, OSError):
        raise NotFound("Attachment") from None


def _sheet(document: Document) -> Sheet:
    sheet = lay_out(document)
    if sheet is None:
        raise DomainError(
            Kind.WRONG_STATE,
            "not_readable",
            "This document is no invoice, credit note or answer that could be shown.",
        )
    return sheet
