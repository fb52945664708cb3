"""What a UBL invoice or credit note says about itself, read without trusting it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.conf import settings
from lxml import etree

from peppol import document_types
from tenants.errors import Invalid

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
CBC = f"{{{UBL}:CommonBasicComponents-2}}"
CAC = f"{{{UBL}:CommonAggregateComponents-2}}"
_KINDS = {
    f"{{{UBL}:Invoice-2}}Invoice": "invoice",
    f"{{{UBL}:CreditNote-2}}CreditNote": "credit_note",
}
_DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*\?>")
# Deeper than any document is, and as deep as the parser goes by itself.
_DEEPEST = 256


@dataclass(frozen=True)
class Header:
    """What concerns the transport and the list of documents; empty where the XML is silent.

    `sender` and `receiver` are electronic addresses, as `scheme:value`: those of seller and buyer
    (BT-34, BT-49), and of a self-billed document, which the buyer sends, those of buyer and seller.
    `root` is `namespace::name` of its first element; `about` is what an answer is about.
    """

    kind: str
    number: str
    customization: str
    profile: str
    sender: str
    receiver: str
    currency: str
    issued_on: date | None
    payable: Decimal | None
    root: str
    self_billed: bool = False
    sender_name: str = ""
    receiver_name: str = ""
    net: Decimal | None = None
    tax: Decimal | None = None
    about: str = ""

    @property
    def document_type(self) -> str:
        """The Peppol document type identifier, without its scheme."""
        return document_types.identifier(self.root, self.customization)


def parse(document: bytes, *, bounded: bool = True) -> etree._Element:
    """The root of well-formed XML. Raises Invalid for anything else, DTDs and entities included.

    Unless it is `bounded` it may be of any size: what was cut out of an envelope has no DTD.
    """
    most = settings.MOST_DOCUMENT_BYTES
    if bounded and len(document) > most:
        raise Invalid(
            "The document is larger than %(most)s MB.",
            values={"most": most // 2**20},
            code="too_large",
        )
    try:
        root = _parsed(document)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(
            "The document is no well-formed XML: %(error)s",
            values={"error": str(error)[:260]},
            code="not_xml",
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("The document must not contain a DTD.", code="not_xml")
    return root


def _parsed(document: bytes) -> etree._Element:
    """The root; an attachment may be longer than the parser takes unasked, and nothing deeper."""
    try:
        return etree.fromstring(document, _parser(huge=False))
    except etree.XMLSyntaxError as error:
        if "too long" not in str(error) and "huge" not in str(error).lower():
            raise
    root = etree.fromstring(document, _parser(huge=True))
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise ValueError(f"it is nested deeper than {_DEEPEST} elements")
    return root


def _parser(*, huge: bool) -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge)


def encoded(text: str) -> bytes:
    """XML that was given as text, in UTF-8, whatever encoding it declares."""
    return _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>', text, count=1).encode(
        errors="surrogatepass"
    )


def plain(root: etree._Element) -> bytes:
    """The document as UTF-8, whatever encoding it came in."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def header(root: etree._Element) -> Header:
    """What an invoice or credit note says of itself. Raises Invalid for another kind of XML."""
    kind = _KINDS.get(root.tag)
    if kind is None:
        raise Invalid("The document is neither a UBL invoice nor a credit note.", code="not_ubl")
    name = "CreditNote" if kind == "credit_note" else "Invoice"
    customization, profile = text(root, "cbc:CustomizationID"), text(root, "cbc:ProfileID")
    # UNTDID 1001: a self-billed invoice, and a self-billed credit note.
    self_billed = "selfbilling" in f"{customization} {profile}" or (
        text(root, f"cbc:{name}TypeCode") in ("389", "261")
    )
    seller, buyer = "AccountingSupplierParty", "AccountingCustomerParty"
    sender, receiver = (buyer, seller) if self_billed else (seller, buyer)
    return Header(
        kind=kind,
        root=f"{UBL}:{name}-2::{name}",
        number=text(root, "cbc:ID")[:255],
        customization=customization,
        profile=profile,
        sender=_address(root, sender),
        receiver=_address(root, receiver),
        sender_name=_name(root, sender),
        receiver_name=_name(root, receiver),
        self_billed=self_billed,
        currency=text(root, "cbc:DocumentCurrencyCode")[:3],
        issued_on=_date(text(root, "cbc:IssueDate")),
        payable=_amount(text(root, "cac:LegalMonetaryTotal/cbc:PayableAmount")),
        net=_amount(text(root, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount")),
        tax=_amount(text(root, "cac:TaxTotal/cbc:TaxAmount")),
    )


def text(root: etree._Element, path: str) -> str:
    """The text of the first element at `path`, or nothing."""
    found = root.find(path.replace("cbc:", CBC).replace("cac:", CAC))
    return (found.text or "").strip() if found is not None else ""


def _address(root: etree._Element, party: str) -> str:
    return endpoint(root.find(f"{CAC}{party}/{CAC}Party/{CBC}EndpointID"))


def endpoint(found: etree._Element | None) -> str:
    """An electronic address as `scheme:value`; nothing without both."""
    if found is None or not found.get("schemeID") or not (found.text or "").strip():
        return ""
    return f"{found.get('schemeID')}:{(found.text or '').strip()}"


def _name(root: etree._Element, party: str) -> str:
    names = ("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name")
    return next((n for name in names if (n := text(root, f"cac:{party}/cac:Party/{name}"))), "")[
        :255
    ]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e15") else None
