"""The kinds of document that rules are published for, told by their specification identifier."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from peppol import code_lists

_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_CEN = "urn:cen.eu:en16931:2017"
_POST_AWARD = f"{_CEN}#compliant#urn:fdc:peppol.eu:2017:poacc:"
_TRANSACTION = "urn:fdc:peppol.eu:poacc:trns:"
_GUIDELINE = "{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID"
BILLING = f"{_POST_AWARD}billing:3.0"
SELF_BILLING = f"{_POST_AWARD}selfbilling:3.0"
INVOICE_RESPONSE = f"{_TRANSACTION}invoice_response:3"
MESSAGE_LEVEL_STATUS = "urn:peppol:edec:mls:1.0"
# What a service provider reports to OpenPeppol each month.
END_USERS = "urn:fdc:peppol.eu:edec:trns:end-user-statistics-report:1.1"
TRANSACTIONS = "urn:fdc:peppol.eu:edec:trns:transaction-statistics-reporting:1.0"


@dataclass(frozen=True)
class Kind:
    """What a CustomizationID begins with, and the stylesheets of a release that judge it."""

    customization: str
    sheets: tuple[str, ...]


_CEN_SHEET = "CEN-EN16931-UBL"
# As OpenPEPPOL's releases name their files.
PUBLISHED = (
    Kind(BILLING, (_CEN_SHEET, "PEPPOL-EN16931-UBL")),
    Kind(SELF_BILLING, (_CEN_SHEET, "PEPPOL-EN16931-UBL-SB")),
    Kind(INVOICE_RESPONSE, ("PEPPOLBIS-T111",)),
    Kind(f"{_TRANSACTION}order:3", ("PEPPOLBIS-T01",)),
    Kind(f"{_TRANSACTION}despatch_advice:3", ("PEPPOLBIS-T16",)),
    Kind(f"{_TRANSACTION}catalogue:3", ("PEPPOLBIS-T19",)),
    Kind(f"{_TRANSACTION}catalogue_response:3", ("PEPPOLBIS-T58",)),
    Kind(f"{_TRANSACTION}mlr:3", ("PEPPOLBIS-T71",)),
    Kind(f"{_TRANSACTION}order_response:3", ("PEPPOLBIS-T76",)),
    Kind(f"{_TRANSACTION}punch_out:3", ("PEPPOLBIS-T77",)),
    Kind(f"{_TRANSACTION}order_agreement:3", ("PEPPOLBIS-T110",)),
    Kind(f"{_TRANSACTION}order_change:3", ("PEPPOLBIS-T114",)),
    Kind(f"{_TRANSACTION}order_cancellation:3", ("PEPPOLBIS-T115",)),
    Kind(f"{_TRANSACTION}order_response_advanced:3", ("PEPPOLBIS-T116",)),
)


def customization_of(root: etree._Element) -> str:
    """What a document says it follows: UBL's CustomizationID, CII's guideline; or nothing."""
    found = root.find(f"{_CBC}CustomizationID")
    if found is None:
        found = root.find(_GUIDELINE)
    return " ".join((found.text or "").split()) if found is not None else ""


def is_published(customization: str) -> bool:
    """Whether a document type in Peppol's list has this specification."""
    return any(
        (known := one.customization) and customization.startswith(known.rstrip("*"))
        for one in code_lists.all_document_types()
    )


def fits(customization: str, known: Mapping[str, object]) -> str:
    """The longest of the `known` identifiers that the customization begins with, or nothing."""
    begun = [one for one in known if customization.startswith(one)]
    return max(begun, key=len, default="")
