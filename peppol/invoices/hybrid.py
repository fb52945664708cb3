"""The invoice inside of a PDF: Factur-X, ZUGFeRD and XRechnung carry one as a file."""

from collections.abc import Iterator
from io import BytesIO

from lxml import etree
from pypdf import PdfReader

from peppol.invoices import headers, reading
from tenants.errors import Invalid

# Of a stranger's PDF no more is unpacked than this.
_MOST_FILES, _MOST_INVOICES = 50, 5


def invoice_in(pdf: bytes) -> bytes:
    """The XML of the invoice that a PDF carries, as it is there.

    Raises Invalid: `not_pdf` for what is no PDF that can be read, `no_invoice_inside` for one that
    is only for people to read.
    """
    if not pdf.lstrip()[:5].startswith(b"%PDF-"):
        raise Invalid("The file is no PDF.", code="not_pdf")
    for content in _files(pdf):
        if _is_invoice(content):
            return content
    raise Invalid(
        "This PDF carries no invoice that a program could read: only Factur-X, ZUGFeRD 2 and "
        "XRechnung do. Send the invoice as UBL or JSON.",
        code="no_invoice_inside",
    )


def _files(pdf: bytes) -> Iterator[bytes]:
    try:
        found = 0
        for number, one in enumerate(PdfReader(BytesIO(pdf)).attachment_list):
            if number >= _MOST_FILES or found >= _MOST_INVOICES:
                return
            if str(one.name).lower().endswith(".xml"):
                found += 1
                yield bytes(one.content)
    # Whatever a stranger's file makes the reader stumble over, it is the file that is at fault.
    except Exception as error:
        said = type(error).__name__
        raise Invalid(
            "The PDF cannot be read: %(error)s", values={"error": said}, code="not_pdf"
        ) from None


def _is_invoice(content: bytes) -> bool:
    try:
        return headers.header(reading.parse(content)).kind in ("invoice", "credit_note")
    except (Invalid, etree.LxmlError):
        return False
