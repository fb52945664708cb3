"""Several documents on paper, one after the other."""

import io
from collections.abc import Iterable

from pypdf import PdfReader, PdfWriter

from peppol.models import Document
from peppol.readable import documents
from tenants.errors import Invalid

# Each takes a tenth of a second to lay out, while somebody waits.
MOST_DOCUMENTS = 50


def write_pdf(rows: Iterable[Document], *, language: str) -> bytes:
    """The documents as one PDF, each beginning a page; what nobody could read is left out.

    Raises Invalid for more than fifty (`too_many`), and where none can be read (`not_readable`).
    """
    chosen = list(rows)
    if len(chosen) > MOST_DOCUMENTS:
        sentence = "Choose %(most)s documents at most."
        raise Invalid(sentence, code="too_many", values={"most": MOST_DOCUMENTS})
    writer = PdfWriter()
    for row in chosen:
        if documents.lay_out(row) is not None:
            writer.append(PdfReader(io.BytesIO(documents.write_pdf(row, language=language))))
    if not writer.pages:
        raise Invalid("None of these can be read.", code="not_readable")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
