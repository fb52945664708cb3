"""What a received document says about itself, of whatever syntax and size; nothing is refused.

Lines and attachments are dropped while they are read, so that a large document costs no more
memory than its head.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from peppol.invoices import reading
from peppol.invoices.reading import CAC, Header
from tenants.errors import Invalid

_CII = "urn:un:unece:uncefact:data:standard:"
_NAMESPACES = {
    "rsm": f"{_CII}CrossIndustryInvoice:100",
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
}
_RAM = f"{{{_NAMESPACES['ram']}}}"
_DROPPED = (
    f"{CAC}InvoiceLine",
    f"{CAC}CreditNoteLine",
    f"{CAC}AdditionalDocumentReference",
    f"{_RAM}IncludedSupplyChainTradeLineItem",
    f"{_RAM}AdditionalReferencedDocument",
)
# UNTDID 1001: the codes of credit notes that EN 16931 knows.
_CREDIT_NOTES = ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532")


def head(document: Iterable[bytes]) -> tuple[Header, bool] | None:
    """What a UBL or CII invoice says of itself, and whether it is UBL; None for anything else."""
    try:
        root = _skim(document)
        if root.tag == f"{{{_NAMESPACES['rsm']}}}CrossIndustryInvoice":
            return _cii(root), False
        return reading.header(root), True
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


def _cii(root: etree._Element) -> Header:
    code = _find(root, "rsm:ExchangedDocument/ram:TypeCode")
    trade = "rsm:SupplyChainTradeTransaction"
    settled = f"{trade}/ram:ApplicableHeaderTradeSettlement"
    context = "rsm:ExchangedDocumentContext"
    return Header(
        kind="credit_note" if code in _CREDIT_NOTES else "invoice",
        number=_find(root, "rsm:ExchangedDocument/ram:ID"),
        customization=_find(
            root, f"{context}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
        ),
        profile=_find(
            root, f"{context}/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
        ),
        sender=_address(root, "SellerTradeParty"),
        receiver=_address(root, "BuyerTradeParty"),
        currency=_find(root, f"{settled}/ram:InvoiceCurrencyCode"),
        issued_on=_date(_find(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString")),
        payable=_amount(
            _find(
                root,
                f"{settled}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount",
            )
        ),
    )


def _find(root: etree._Element, path: str) -> str:
    return (root.findtext(path, "", _NAMESPACES) or "").strip()


def _address(root: etree._Element, party: str) -> str:
    found = root.find(
        f"rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:{party}"
        "/ram:URIUniversalCommunication/ram:URIID",
        _NAMESPACES,
    )
    value = (found.text or "").strip() if found is not None else ""
    return f"{found.get('schemeID')}:{value}" if found is not None and value else ""


def _date(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
