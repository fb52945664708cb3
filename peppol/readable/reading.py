"""What a stored document says, whatever syntax it is in."""

from collections.abc import Callable, Iterable

from peppol.invoices.reading import UBL
from peppol.readable import answers, cii, invoice_sheet, response_sheet, ubl
from peppol.readable.parts import Invoice, Response
from peppol.readable.sheet import Sheet
from peppol.readable.skimming import RSM, Skimmed, Unreadable, skim

Readable = Invoice | Response
_READERS: dict[str, Callable[[Skimmed], Readable]] = {
    f"{{{UBL}:Invoice-2}}Invoice": ubl.read,
    f"{{{UBL}:CreditNote-2}}CreditNote": ubl.read,
    f"{{{UBL}:ApplicationResponse-2}}ApplicationResponse": answers.read,
    f"{RSM}CrossIndustryInvoice": cii.read,
}


def read(document: Iterable[bytes]) -> Readable:
    """The parts of an invoice, credit note or answer. Raises Unreadable for anything else."""
    found = skim(document)
    reader = _READERS.get(found.root.tag)
    if reader is None:
        raise Unreadable("This is no invoice, credit note or answer.")
    return reader(found)


def lay_out(found: Readable) -> Sheet:
    """The sheet of it, in the language that is switched on."""
    if isinstance(found, Invoice):
        return invoice_sheet.lay_out(found)
    return response_sheet.lay_out(found)
