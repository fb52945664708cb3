"""The electronic addresses of an invoice's parties, looked at and written into its UBL."""

from dataclasses import dataclass

from lxml import etree

from peppol import code_lists, identifiers
from peppol.invoices import reading
from peppol.invoices.reading import CAC, CBC
from tenants.errors import Invalid

_SELLER, _BUYER = "AccountingSupplierParty", "AccountingCustomerParty"


@dataclass(frozen=True)
class Named:
    """A party as its document names it: its address, as `scheme:value`, and its numbers."""

    address: str
    country: str
    company_number: str
    vat_number: str

    @property
    def proposed(self) -> list[str]:
        """The addresses that follow from its numbers, the usual one first."""
        prefix = self.vat_number.strip()[:2].upper()
        country = self.country or (prefix if prefix.isalpha() else "")
        numbers = {"company_number": self.company_number, "vat_number": self.vat_number}
        return [str(one) for one in identifiers.propose(country, **numbers)]


def is_known(address: str) -> bool:
    """Whether an address could be somebody's on the network: its scheme is in the list."""
    try:
        scheme = code_lists.schemes().get(identifiers.parse(address).scheme)
    except Invalid:
        return False
    return scheme is not None and not scheme.is_removed()


def parties(root: etree._Element) -> tuple[Named, Named]:
    """Who sends a UBL invoice, and who receives it; of a self-billed one the buyer sends."""
    sender, receiver = _roles(root)
    return _named(root, sender), _named(root, receiver)


def write(root: etree._Element, *, sender: str, receiver: str) -> bool:
    """Have the parties' addresses be these; whether anything was another."""
    changed = [
        _set(root, party, address)
        for party, address in zip(_roles(root), (sender, receiver), strict=True)
        if address
    ]
    return any(changed)


def _roles(root: etree._Element) -> tuple[str, str]:
    return (_BUYER, _SELLER) if reading.header(root).self_billed else (_SELLER, _BUYER)


def _named(root: etree._Element, role: str) -> Named:
    party = f"cac:{role}/cac:Party"
    return Named(
        reading.endpoint(root.find(f"{CAC}{role}/{CAC}Party/{CBC}EndpointID")),
        reading.text(root, f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode").upper(),
        reading.text(root, f"{party}/cac:PartyLegalEntity/cbc:CompanyID"),
        _vat_number(root, role),
    )


def _vat_number(root: etree._Element, role: str) -> str:
    for tax in root.iterfind(f"{CAC}{role}/{CAC}Party/{CAC}PartyTaxScheme"):
        if reading.text(tax, "cac:TaxScheme/cbc:ID") in ("VAT", ""):
            return reading.text(tax, "cbc:CompanyID")
    return ""


def _set(root: etree._Element, role: str, address: str) -> bool:
    party = root.find(f"{CAC}{role}/{CAC}Party")
    if party is None:
        return False
    found = party.find(f"{CBC}EndpointID")
    if reading.endpoint(found).lower() == address.lower():
        return False
    if found is None:
        found = etree.Element(f"{CBC}EndpointID", nsmap={"cbc": CBC[1:-1]})
        before = [f"{CBC}{name}" for name in ("MarkCareIndicator", "MarkAttentionIndicator")]
        before += [f"{CBC}{name}" for name in ("WebsiteURI", "LogoReferenceID")]
        party.insert(sum(child.tag in before for child in party), found)
    scheme, _, value = address.partition(":")
    found.set("schemeID", scheme)
    found.text = value
    return True
