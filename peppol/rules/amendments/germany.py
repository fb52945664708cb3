"""Rules between two German parties (DE-R-…), of BIS Billing since 3.0.20."""

import re
from collections.abc import Iterator

from peppol.rules.amendments.common import both_german
from peppol.rules.amendments.rule import Element, Group, Rule, found, said

_SELLER = "cac:AccountingSupplierParty"
_CONTACT = f"{_SELLER}/cac:Party/cac:Contact"
_BUYER_ADDRESS = "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"
_SELLER_ADDRESS = f"{_SELLER}/cac:Party/cac:PostalAddress"
_DELIVERED_TO = "cac:Delivery/cac:DeliveryLocation/cac:Address"
_TAXED = ("S", "Z", "E", "AE", "K", "G", "L", "M")
_TYPES = ("326", "380", "381", "384", "389", "875", "876", "877")
_BETWEEN = "between two German parties"
_DISCOUNT = re.compile(
    r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#"
)


def _means(*codes: str) -> str:
    chosen = " or ".join(f"normalize-space(cbc:PaymentMeansCode) = '{code}'" for code in codes)
    return f"cac:PaymentMeans[{chosen}]"


def _filled(rule: str, context: str, element: str, name: str) -> Rule:
    message = f"{name} is needed {_BETWEEN}."
    return Rule(rule, context, f"boolean(cbc:{element}[normalize-space(.)])", message)


def _identified(root: Element) -> bool:
    """Where VAT applies, the seller has a tax number or a representative."""
    categories = {
        said(category, ".")
        for category in found(
            root,
            "cac:AllowanceCharge/cac:TaxCategory/cbc:ID"
            " | cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID"
            " | cac:CreditNoteLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
        )
    }
    if not categories & set(_TAXED):
        return True
    numbers = f"{_SELLER}/cac:Party/cac:PartyTaxScheme/cbc:CompanyID[normalize-space(.)]"
    return bool(found(root, f"cac:TaxRepresentativeParty | {numbers}"))


def _discounts(root: Element) -> bool:
    """Lines of the payment terms that begin with # are cash discounts, and end in a line break."""
    notes = found(root, "cac:PaymentTerms/cbc:Note[1]")
    text = notes[0].text or "" if notes else ""
    marked = [line for line in re.split(r"\r?\n", text) if line.strip().startswith("#")]
    if not marked:
        return True
    ends = re.match(r"\s*\n", re.split(r"#.+#", text)[-1]) is not None
    return ends and all(_DISCOUNT.fullmatch(" ".join(line.split())) for line in marked)


class _Iban:
    """Whether an account number is an IBAN with right check digits."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, means: Element) -> bool:
        number = re.sub(r"\s", "", said(means, self.path))
        if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{0,30}", number):
            return False
        turned = number[4:] + number[:4]
        if not turned.isupper() and re.search(r"[a-z]", turned):
            return False
        return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _unique_files(root: Element) -> bool:
    """Attachments have names of their own."""
    names = found(
        root,
        "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename",
    )
    return len(names) == len(set(names))


def _rules() -> Iterator[Rule]:
    yield Rule("DE-R-001", ".", "cac:PaymentMeans", f"How to pay is needed {_BETWEEN}.")
    yield Rule(
        "DE-R-002", _SELLER, "cac:Party/cac:Contact", f"The seller's contact is needed {_BETWEEN}."
    )
    yield _filled("DE-R-003", _SELLER_ADDRESS, "CityName", "The seller's city (BT-37)")
    yield _filled("DE-R-004", _SELLER_ADDRESS, "PostalZone", "The seller's post code (BT-38)")
    yield _filled("DE-R-005", _CONTACT, "Name", "The name of the seller's contact (BT-41)")
    yield _filled("DE-R-006", _CONTACT, "Telephone", "The phone of the seller's contact (BT-42)")
    yield _filled("DE-R-007", _CONTACT, "ElectronicMail", "The mail of the contact (BT-43)")
    yield _filled("DE-R-008", _BUYER_ADDRESS, "CityName", "The buyer's city (BT-52)")
    yield _filled("DE-R-009", _BUYER_ADDRESS, "PostalZone", "The buyer's post code (BT-53)")
    yield _filled("DE-R-010", _DELIVERED_TO, "CityName", "The city delivered to (BT-77)")
    yield _filled("DE-R-011", _DELIVERED_TO, "PostalZone", "The post code delivered to (BT-78)")
    yield Rule(
        "DE-R-014",
        "cac:TaxTotal/cac:TaxSubtotal",
        "boolean(cac:TaxCategory/cbc:Percent[normalize-space(.)])",
        f"The rate of each VAT category (BT-119) is needed {_BETWEEN}.",
    )
    yield _filled("DE-R-015", ".", "BuyerReference", "The buyer reference (BT-10)")
    yield Rule(
        "DE-R-016",
        ".",
        _identified,
        "The seller's VAT number (BT-31), tax registration (BT-32) or tax representative (BG-11)"
        f" is needed {_BETWEEN}.",
    )
    yield Rule(
        "DE-R-017",
        ".",
        lambda root: bool(
            {said(root, "cbc:InvoiceTypeCode"), said(root, "cbc:CreditNoteTypeCode")} & set(_TYPES)
        ),
        f"The type (BT-3) should be one of {', '.join(_TYPES)} {_BETWEEN}.",
        fatal=False,
    )
    yield Rule(
        "DE-R-018",
        ".",
        _discounts,
        "A cash discount in the payment terms (BT-20) is a line of its own such as"
        " #SKONTO#TAGE=14#PROZENT=2.00#, followed by a line break.",
    )
    yield Rule(
        "DE-R-019",
        _means("58"),
        _Iban("cac:PayeeFinancialAccount/cbc:ID"),
        "The account (BT-84) of a SEPA transfer (58) should be an IBAN with right check digits.",
        fatal=False,
    )
    yield Rule(
        "DE-R-020",
        _means("59"),
        _Iban("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
        "The account (BT-91) of a SEPA debit (59) should be an IBAN with right check digits.",
        fatal=False,
    )
    yield Rule("DE-R-022", ".", _unique_files, f"Attachments have names of their own {_BETWEEN}.")
    for number, codes, needed, others in (
        ("023", ("30", "58"), "PayeeFinancialAccount", ("CardAccount", "PaymentMandate")),
        ("024", ("48", "54", "55"), "CardAccount", ("PayeeFinancialAccount", "PaymentMandate")),
        ("025", ("59",), "PaymentMandate", ("PayeeFinancialAccount", "CardAccount")),
    ):
        of = f"payment by {' or '.join(codes)} {_BETWEEN}"
        yield Rule(f"DE-R-{number}-1", _means(*codes), f"cac:{needed}", f"{of} needs {needed}.")
        yield Rule(
            f"DE-R-{number}-2",
            _means(*codes),
            " and ".join(f"not(cac:{other})" for other in others),
            f"{of} has neither {others[0]} nor {others[1]}.",
        )
    yield Rule(
        "DE-R-026",
        "self::node()[cbc:InvoiceTypeCode = '384']",
        "cac:BillingReference/cac:InvoiceDocumentReference",
        f"A corrected invoice (384) should name the invoice before it {_BETWEEN}.",
        fatal=False,
    )
    yield Rule(
        "DE-R-027",
        _CONTACT,
        lambda contact: len(re.findall(r"[0-9]", said(contact, "cbc:Telephone"))) >= 3,
        f"The phone of the seller's contact should have three digits at least {_BETWEEN}.",
        fatal=False,
    )
    yield Rule(
        "DE-R-028",
        _CONTACT,
        lambda contact: (
            re.fullmatch(r"[^@\s]+@([^@.\s]+\.)+[^@.\s]+", said(contact, "cbc:ElectronicMail"))
            is not None
        ),
        f"The mail of the seller's contact should be a mail address {_BETWEEN}.",
        fatal=False,
    )
    yield Rule(
        "DE-R-030",
        "self::node()[cac:PaymentMeans/cac:PaymentMandate]",
        f"boolean({_SELLER}/cac:Party/cac:PartyIdentification/cbc:ID[@schemeID='SEPA']"
        " | cac:PayeeParty/cac:PartyIdentification/cbc:ID[@schemeID='SEPA'])",
        f"A direct debit needs the creditor's identifier (BT-90) {_BETWEEN}.",
    )
    yield Rule(
        "DE-R-031",
        "self::node()[cac:PaymentMeans/cac:PaymentMandate]",
        "cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID",
        f"A direct debit needs the debited account (BT-91) {_BETWEEN}.",
    )
    yield Rule(
        "DE-R-T02",
        "cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference",
        lambda link: re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+:", said(link, "cbc:URI")) is not None,
        f"The address of an attachment (BT-124) is a whole URL {_BETWEEN}.",
        fatal=False,
    )


GERMANY = Group(tuple(_rules()), both_german)
