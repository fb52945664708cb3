"""Rules for every country, of BIS Billing 3.0.21 and BIS Self-Billing 3.0.2."""

import re
from collections.abc import Callable, Iterator

import stdnum.luhn

from peppol.rules.amendments.rule import Element, Group, Rule, found, said
from peppol.rules.findings import Breach

_BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_SELF_BILLING = _BILLING.replace(":billing:", ":selfbilling:")
_FRENCH = ("urn:peppol:france:billing:regulated", "urn:peppol:france:billing:non-regulated")
_WITH_RESPONSE = "urn:peppol:bis:billing_with_response"
_INVOICES = (
    "71 80 82 84 102 218 219 326 331 380 382 383 384 386 388 393"
    " 395 553 575 623 780 817 870 875 876 877"
)
# What was taken up into the code lists, and what left them, since the artefacts at hand.
CODES_ADDED = {
    "PEPPOL-EN16931-CL003": {"PRV"},
    "PEPPOL-EN16931-CL007": {"CNH", "MRU", "SLE", "UYW", "VED", "VES", "XCG", "ZWG"},
    "PEPPOL-EN16931-CL008": {"0225", "0235", "0240", "0242", "0244", "0245", "0246", "0248"},
}
CODES_REMOVED = {
    "PEPPOL-EN16931-CL007": {"ANG", "BGN", "CUC", "HRK", "MRO", "SLL", "VEF", "ZWL"},
    "PEPPOL-EN16931-CL008": {"0037", "0193", "0202", "0212", "0213", "0215", "9901"},
}


def swedish_number(number: str) -> bool:
    """Whether the tenth digit of a Swedish organization number follows from the nine before."""
    return re.fullmatch(r"[0-9]{10}", number) is not None and stdnum.luhn.is_valid(number)


def both_german(root: Element) -> bool:
    """Whether seller and buyer have their address in Germany."""
    return country(root, "Supplier") == country(root, "Customer") == "DE"


def country(root: Element, side: str) -> str:
    path = f"cac:Accounting{side}Party/cac:Party/cac:PostalAddress/cac:Country"
    return said(root, f"{path}/cbc:IdentificationCode").upper()


def _exactly(pattern: str) -> Callable[[Element], bool]:
    return lambda element: re.fullmatch(pattern, element.text or "") is not None


def _shaped(pattern: str) -> Callable[[Element], bool]:
    return lambda element: re.fullmatch(pattern, said(element, ".")) is not None


def _profile(self_billing: bool) -> Callable[[Element], str]:
    basic = "selfbilling" if self_billing else "billing"
    first = {f"urn:fdc:peppol.eu:2017:poacc:{basic}:01:1.0", *_FRENCH}

    def profile(root: Element) -> str:
        given = said(root, "cbc:ProfileID")
        return "01" if given in first else "02" if given == _WITH_RESPONSE else ""

    return profile


def _head(self_billing: bool) -> Iterator[Rule]:
    profile = _profile(self_billing)
    begins = _SELF_BILLING if self_billing else _BILLING
    coded = ("01",) if self_billing else ("01", "02")
    invoices = "389 527" if self_billing else _INVOICES
    credits = "261" if self_billing else "381 396 81 83 532"

    def typed(codes: str) -> Callable[[Element], bool]:
        return lambda code: (
            profile(code.getroottree().getroot()) not in coded or said(code, ".") in codes.split()
        )

    yield Rule(
        "PEPPOL-EN16931-R004",
        ".",
        lambda root: (
            (given := said(root, "cbc:CustomizationID")).startswith(begins) and "::" not in given
        ),
        f"The specification identifier (BT-24) begins with {begins} and has no '::' in it.",
    )
    yield Rule(
        "PEPPOL-EN16931-R007",
        ".",
        lambda root: bool(profile(root)),
        "The business process (BT-23) is one in which this kind of document is exchanged, such as"
        f" urn:fdc:peppol.eu:2017:poacc:{'selfbilling' if self_billing else 'billing'}:01:1.0.",
    )
    yield Rule(
        "PEPPOL-EN16931-P0100",
        "cbc:InvoiceTypeCode",
        typed(invoices),
        f"The invoice type (BT-3) of this process is one of {invoices.replace(' ', ', ')}.",
    )
    yield Rule(
        "PEPPOL-EN16931-P0101",
        "cbc:CreditNoteTypeCode",
        typed(credits),
        f"The credit note type (BT-3) of this process is one of {credits.replace(' ', ', ')}.",
    )
    yield Rule(
        "PEPPOL-EN16931-R002",
        ".",
        lambda root: len(found(root, "cbc:Note")) <= 1 or both_german(root),
        "A document has one note at most, unless seller and buyer are German.",
    )


_BY_SCHEME = {
    "0184": Rule(
        "PEPPOL-COMMON-R042",
        ".",
        _exactly(r"(DK)?[0-9]{8}"),
        "A Danish CVR number (0184) is eight digits, with or without DK in front.",
    ),
    "0007": Rule(
        "PEPPOL-COMMON-R049",
        ".",
        lambda element: swedish_number(said(element, ".")),
        "A Swedish organization number (0007) is ten digits, of which the last is a check digit.",
    ),
    "0096": Rule(
        "PEPPOL-COMMON-R052",
        ".",
        _exactly(r"[0-9]{10}"),
        "A Danish P number (0096) is ten digits.",
    ),
    "0198": Rule(
        "PEPPOL-COMMON-R053",
        ".",
        _exactly(r"DK[0-9]{8}"),
        "A Danish SE number (0198) is DK and eight digits.",
    ),
    "0106": Rule(
        "PEPPOL-COMMON-R054",
        ".",
        _shaped(r"[0-9]{8}"),
        "A Dutch chamber of commerce number (0106) is eight digits.",
        fatal=False,
    ),
    "0190": Rule(
        "PEPPOL-COMMON-R055",
        ".",
        _shaped(r"[0-9]{20}"),
        "A Dutch organization number (0190) is twenty digits.",
        fatal=False,
    ),
    "9944": Rule(
        "PEPPOL-COMMON-R056-1",
        ".",
        _shaped(r"NL[0-9]{9}B[0-9]{2}"),
        "A Dutch VAT number (9944) is written NL123456789B12.",
        fatal=False,
    ),
    "0217": Rule(
        "PEPPOL-COMMON-R057",
        ".",
        _shaped(r"[0-9]{12}"),
        "A Dutch establishment number (0217) is twelve digits.",
        fatal=False,
    ),
}
_DUTCH_VAT = Rule(
    "PEPPOL-COMMON-R056-2",
    ".//cac:PartyTaxScheme[normalize-space(cac:TaxScheme/cbc:ID) = 'VAT']"
    "/cbc:CompanyID[starts-with(normalize-space(.), 'NL')]",
    _shaped(r"NL[0-9]{9}B[0-9]{2}"),
    "A Dutch VAT number is written NL123456789B12.",
    fatal=False,
)


class Numbers:
    """Numbers of companies have the form that their scheme gives them."""

    def breaches(self, root: Element) -> Iterator[Breach]:
        numbers = (
            ".//cbc:EndpointID[@schemeID] | .//cbc:CompanyID[@schemeID]"
            " | .//cac:PartyIdentification/cbc:ID[@schemeID]"
        )
        for element in found(root, numbers):
            rule = _BY_SCHEME.get(element.get("schemeID"))
            if rule is not None:
                yield from rule.breaches(element)
        yield from _DUTCH_VAT.breaches(root)


class RemovedCodes:
    """Codes that the artefacts still take and the lists have no more."""

    def breaches(self, root: Element) -> Iterator[Breach]:
        yield from _SCHEMES.breaches(root)
        yield from _CURRENCIES.breaches(root)


_SCHEMES = Rule(
    "PEPPOL-EN16931-CL008",
    ".//cbc:EndpointID[@schemeID]",
    lambda element: element.get("schemeID") not in CODES_REMOVED["PEPPOL-EN16931-CL008"],
    "The scheme of the electronic address has left the list of schemes.",
)
_CURRENCIES = Rule(
    "PEPPOL-EN16931-CL007",
    ".//cbc:*[contains(local-name(), 'Amount')][@currencyID]",
    lambda element: element.get("currencyID") not in CODES_REMOVED["PEPPOL-EN16931-CL007"],
    "The currency has left ISO 4217.",
)
BILLING_HEAD = Group(tuple(_head(self_billing=False)))
SELF_BILLING_HEAD = Group(tuple(_head(self_billing=True)))
