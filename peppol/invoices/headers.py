"""What a document says about itself, of whatever kind and syntax it is: UBL, CII, answers."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from peppol.invoices import reading
from peppol.invoices.reading import CAC, CBC, UBL, Header

_CII = "urn:un:unece:uncefact:data:standard:"
_RSM = f"{_CII}CrossIndustryInvoice:100"
_NAMESPACES = {
    "rsm": _RSM,
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
}
CII = f"{{{_RSM}}}CrossIndustryInvoice"
RAM = f"{{{_NAMESPACES['ram']}}}"
ANSWER = f"{{{UBL}:ApplicationResponse-2}}ApplicationResponse"
INVOICE_RESPONSE = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
MESSAGE_LEVEL_STATUS = "urn:peppol:edec:mls:1.0"
_ANSWERS = {INVOICE_RESPONSE: "response", MESSAGE_LEVEL_STATUS: "status"}
# UNTDID 1001: the codes of credit notes that EN 16931 knows, and what the buyer writes.
CREDIT_NOTES = ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532")
SELF_BILLED = ("261", "389", "527")
_AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_SETTLED = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SUM = f"{_SETTLED}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_CONTEXT = "rsm:ExchangedDocumentContext"


def header(root: etree._Element) -> Header:
    """What a document says of itself. Raises Invalid for what is neither invoice nor answer."""
    if root.tag == CII:
        return _cii(root)
    if root.tag == ANSWER:
        return _answer(root)
    return reading.header(root)


def _cii(root: etree._Element) -> Header:
    code = _find(root, "rsm:ExchangedDocument/ram:TypeCode")
    context = f"{_CONTEXT}/ram:%sSpecifiedDocumentContextParameter/ram:ID"
    seller, buyer = _party(root, "SellerTradeParty"), _party(root, "BuyerTradeParty")
    self_billed = code in SELF_BILLED
    sender, receiver = (buyer, seller) if self_billed else (seller, buyer)
    return Header(
        kind="credit_note" if code in CREDIT_NOTES else "invoice",
        root=f"{_RSM}::CrossIndustryInvoice",
        number=_find(root, "rsm:ExchangedDocument/ram:ID"),
        customization=_find(root, context % "Guideline"),
        profile=_find(root, context % "BusinessProcess"),
        sender=sender[0],
        receiver=receiver[0],
        sender_name=sender[1],
        receiver_name=receiver[1],
        self_billed=self_billed,
        currency=_find(root, f"{_SETTLED}/ram:InvoiceCurrencyCode"),
        issued_on=_date(_find(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString")),
        payable=_amount(_find(root, f"{_SUM}/ram:DuePayableAmount")),
        net=_amount(_find(root, f"{_SUM}/ram:TaxBasisTotalAmount")),
        tax=_amount(_find(root, f"{_SUM}/ram:TaxTotalAmount")),
    )


def _answer(root: etree._Element) -> Header:
    """An answer. One whose customization we do not know is some other document."""
    customization = reading.text(root, "cbc:CustomizationID")
    about = "cac:DocumentResponse/cac:DocumentReference/cbc:ID"
    return Header(
        kind=_ANSWERS.get(customization, "other"),
        root=f"{UBL}:ApplicationResponse-2::ApplicationResponse",
        number=reading.text(root, "cbc:ID")[:255],
        customization=customization,
        profile=reading.text(root, "cbc:ProfileID"),
        sender=_endpoint(root, "SenderParty"),
        receiver=_endpoint(root, "ReceiverParty"),
        sender_name=_name(root, "SenderParty"),
        receiver_name=_name(root, "ReceiverParty"),
        currency="",
        issued_on=_day(reading.text(root, "cbc:IssueDate")),
        payable=None,
        about=reading.text(root, about)[:255],
    )


def _endpoint(root: etree._Element, party: str) -> str:
    return reading.endpoint(root.find(f"{CAC}{party}/{CBC}EndpointID"))


def _name(root: etree._Element, party: str) -> str:
    return reading.text(root, f"cac:{party}/cac:PartyLegalEntity/cbc:RegistrationName")[:255]


def _find(root: etree._Element, path: str) -> str:
    return (root.findtext(path, "", _NAMESPACES) or "").strip()


def _party(root: etree._Element, party: str) -> tuple[str, str]:
    """The address and the name of a party."""
    found = root.find(
        f"{_AGREEMENT}/ram:{party}/ram:URIUniversalCommunication/ram:URIID", _NAMESPACES
    )
    return reading.endpoint(found), _find(root, f"{_AGREEMENT}/ram:{party}/ram:Name")[:255]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


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
