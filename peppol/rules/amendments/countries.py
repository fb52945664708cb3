"""Rules of Denmark, the Netherlands and Sweden that changed up to BIS Billing 3.0.21."""

import re
from decimal import Decimal

from peppol.rules.amendments.common import both_german, country, swedish_number
from peppol.rules.amendments.rule import Element, Group, Rule, said

_LINES = "cac:InvoiceLine | cac:CreditNoteLine"
_TAXONOMIES = ("19.05.01", "19.0501", "26.08.01", "26.0801")


def _danish(root: Element) -> bool:
    """Whether both addresses are in Denmark, spelled exactly so."""
    path = "cac:Accounting{}Party/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    return said(root, path.format("Supplier")) == said(root, path.format("Customer")) == "DK"


def _invoice_payment(code: str) -> str:
    return f"cac:PaymentMeans[/*[local-name()='Invoice']][cbc:PaymentMeansCode = '{code}']"


def _danish_tax(entry: Element) -> bool:
    """ZZZ is a tax: its reason is a number of four digits, or has a # inside."""
    if said(entry, "cbc:AllowanceChargeReasonCode") != "ZZZ":
        return True
    reason = said(entry, "cbc:AllowanceChargeReason")
    inside = "#" in reason and not reason.startswith("#") and not reason.endswith("#")
    return inside or re.fullmatch(r"[0-9]{4}", reason) is not None


def _giro(means: Element) -> bool:
    account = said(means, "cac:PayeeFinancialAccount/cbc:ID")
    prefixed = said(means, "cbc:PaymentID").startswith(("01#", "04#", "15#"))
    return prefixed and re.fullmatch(r"[0-9]{7,8}", account) is not None


def _nothing_due(total: Element) -> bool:
    """No payment goes from customer to supplier."""
    root = total.getroottree().getroot()
    if said(root, "//cac:PaymentMeans"):
        return True
    payable = Decimal(said(total, "cbc:PayableAmount") or 0)
    return payable >= 0 if root.tag.endswith("}CreditNote") else payable <= 0


DENMARK = Group(
    (
        Rule(
            "DK-R-003",
            _LINES,
            "not(cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode/@listID = 'TST')"
            " or "
            + " or ".join(
                "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode"
                f"/@listVersionID = '{version}'"
                for version in _TAXONOMIES
            ),
            "An item classified under TST by a Danish seller is of UNSPSC 19.05.01 or 26.08.01.",
        ),
        Rule(
            "DK-R-004",
            ".//cac:AllowanceCharge",
            _danish_tax,
            "A Danish tax (ZZZ) has a reason of four digits, or one with a # inside.",
        ),
        Rule(
            "DK-R-008",
            _invoice_payment("50"),
            _giro,
            "Payment by giro (50) has a reference that begins with 01#, 04# or 15#, and an account"
            " of seven or eight digits.",
        ),
        Rule(
            "DK-R-017",
            "cac:AccountingCustomerParty/cac:Party[cac:PartyLegalEntity/cbc:CompanyID]",
            "normalize-space(cac:PartyLegalEntity/cbc:CompanyID/@schemeID) = '0184'",
            "The company number of a Danish buyer has the scheme 0184.",
        ),
    ),
    _danish,
)
NETHERLANDS = Group(
    (
        Rule(
            "NL-R-007",
            "cac:LegalMonetaryTotal",
            _nothing_due,
            "A Dutch seller to whom something is due says how to pay.",
        ),
    ),
    lambda root: country(root, "Supplier") == "NL",
)
WITHIN_NETHERLANDS = Group(
    (
        Rule(
            "NL-R-008",
            "cac:PaymentMeans",
            lambda means: (
                said(means, "cbc:PaymentMeansCode") in ("30", "48", "49", "57", "58", "59")
            ),
            "A Dutch buyer pays a Dutch seller by 30, 48, 49, 57, 58 or 59.",
        ),
    ),
    lambda root: country(root, "Supplier") == country(root, "Customer") == "NL",
)
SWEDEN = Group(
    (
        Rule(
            "SE-R-013",
            "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity"
            "[../cac:PostalAddress/cac:Country/cbc:IdentificationCode = 'SE'][cbc:CompanyID]",
            lambda entity: swedish_number(said(entity, "cbc:CompanyID")),
            "The last digit of a Swedish organization number is a check digit.",
        ),
    )
)
OTHERS = Group(
    (
        Rule(
            "PEPPOL-EN16931-P0112",
            "cbc:InvoiceTypeCode",
            lambda code: (
                said(code, ".") not in ("326", "384") or both_german(code.getroottree().getroot())
            ),
            "Partial and corrected invoices (326, 384) are for two German parties alone.",
        ),
        Rule(
            "PEPPOL-EN16931-R051",
            "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount",
            "@currencyID = normalize-space(/*/cbc:DocumentCurrencyCode)",
            "Amounts of the VAT breakdown are in the currency of the document.",
        ),
    )
)
