"""What a received document says about itself, of whatever syntax and size; nothing is refused.

Lines and attachments are dropped while they are read, so that a large document costs no more
memory than its head.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from peppol.invoices import headers
from peppol.invoices.headers import ANSWER, CII, RAM
from peppol.invoices.reading import CAC, Header
from tenants.errors import Invalid

_DROPPED = (
    f"{CAC}InvoiceLine",
    f"{CAC}CreditNoteLine",
    f"{CAC}AdditionalDocumentReference",
    f"{RAM}IncludedSupplyChainTradeLineItem",
    f"{RAM}AdditionalReferencedDocument",
)


def head(document: Iterable[bytes]) -> tuple[Header, bool] | None:
    """What an invoice or an answer says of itself, and whether it is a UBL invoice; None for
    anything else."""
    try:
        root = _skim(document)
        return headers.header(root), root.tag not in (CII, ANSWER)
    except (etree.XMLSyntaxError, Invalid, ValueError):
        return None


def fitting(amount: Decimal | None) -> Decimal | None:
    """The amount as a column of 18 digits with two decimals holds it, or nothing."""
    if amount is None:
        return None
    try:
        fitted = amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return fitted if abs(fitted) < Decimal("1e16") else None


def _skim(document: Iterable[bytes]) -> etree._Element:
    target: Any = _Skimmer()  # the stubs know a target by another name
    parser = etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
    )
    for piece in document:
        parser.feed(piece)
    root: etree._Element = parser.close()
    return root


class _Skimmer:
    """Builds the tree without what is inside of lines and attachments, however large."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder()
        self._dropped = 0

    def start(self, tag: str, attributes: Any, nsmap: Any = None) -> None:
        if self._dropped or tag in _DROPPED:
            self._dropped += 1
            return
        self._builder.start(tag, attributes)

    def data(self, text: str) -> None:
        if not self._dropped:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        if self._dropped:
            self._dropped -= 1
            return
        self._builder.end(tag)

    def close(self) -> Any:
        return self._builder.close()
