"""Reads a UBL invoice or credit note, of whatever customization, into its parts."""

from collections.abc import Iterator

from peppol.readable.parts import (
    Address,
    Adjustment,
    Amount,
    Attachment,
    Invoice,
    Line,
    Party,
    Payment,
    Totals,
    Vat,
    VatGroup,
)
from peppol.readable.skimming import Node, Skimmed

# UNTDID 1001: what the buyer writes for the seller.
SELF_BILLED_CODES = ("389", "261", "527")
# References and dates of the whole document: their name, and where they stand.
_FACTS = (
    ("buyer_reference", "cbc:BuyerReference"),
    ("order", "cac:OrderReference/cbc:ID"),
    ("sales_order", "cac:OrderReference/cbc:SalesOrderID"),
    ("contract", "cac:ContractDocumentReference/cbc:ID"),
    ("project", "cac:ProjectReference/cbc:ID"),
    ("tender", "cac:OriginatorDocumentReference/cbc:ID"),
    ("despatch", "cac:DespatchDocumentReference/cbc:ID"),
    ("receipt", "cac:ReceiptDocumentReference/cbc:ID"),
    ("accounting", "cbc:AccountingCost"),
    ("tax_point", "cbc:TaxPointDate"),
    ("delivered", "cac:Delivery/cbc:ActualDeliveryDate"),
)
_LINE_FACTS = (
    ("seller_item", "cac:Item/cac:SellersItemIdentification/cbc:ID"),
    ("buyer_item", "cac:Item/cac:BuyersItemIdentification/cbc:ID"),
    ("standard_item", "cac:Item/cac:StandardItemIdentification/cbc:ID"),
    ("origin", "cac:Item/cac:OriginCountry/cbc:IdentificationCode"),
    ("order_line", "cac:OrderLineReference/cbc:LineID"),
    ("accounting", "cbc:AccountingCost"),
)


def read(found: Skimmed) -> Invoice:
    """The parts of a UBL invoice or credit note."""
    root = Node(found.root)
    name = found.root.tag.rpartition("}")[2]
    profile, customization = root.text("cbc:ProfileID"), root.text("cbc:CustomizationID")
    code = root.text(f"cbc:{name}TypeCode")
    return Invoice(
        kind="credit_note" if name == "CreditNote" else "invoice",
        type_code=code,
        self_billed="selfbilling" in f"{profile} {customization}" or code in SELF_BILLED_CODES,
        number=root.text("cbc:ID"),
        issued=root.text("cbc:IssueDate"),
        due=root.text("cbc:DueDate") or root.text("cac:PaymentMeans/cbc:PaymentDueDate"),
        currency=root.text("cbc:DocumentCurrencyCode"),
        seller=_party(root.one("cac:AccountingSupplierParty/cac:Party")),
        buyer=_party(root.one("cac:AccountingCustomerParty/cac:Party")),
        payee=_party(root.one("cac:PayeeParty")),
        tax_representative=_party(root.one("cac:TaxRepresentativeParty")),
        deliver_to=_deliver_to(root.one("cac:Delivery")),
        facts=tuple(_facts(root)),
        notes=root.texts("cbc:Note"),
        lines=tuple(_line(line) for line in root.each(f"cac:{name}Line")),
        lines_left_out=found.lines_left_out,
        adjustments=tuple(_adjustments(root)),
        vat_groups=tuple(_vat_groups(root)),
        totals=_totals(root),
        payments=tuple(_payment(means) for means in root.each("cac:PaymentMeans")),
        terms=root.texts("cac:PaymentTerms/cbc:Note"),
        attachments=tuple(_attachments(root, found.sizes)),
    )


def _amount(node: Node, path: str) -> Amount:
    return Amount(node.text(path), node.attribute("currencyID", path)[:3])


def _address(node: Node) -> Address:
    place = f"{node.text('cbc:PostalZone')} {node.text('cbc:CityName')}".strip()
    lines = (
        node.text("cbc:StreetName"),
        node.text("cbc:AdditionalStreetName"),
        *node.texts("cac:AddressLine/cbc:Line"),
        place,
        node.text("cbc:CountrySubentity"),
    )
    country = node.text("cac:Country/cbc:IdentificationCode")
    return Address(tuple(line for line in lines if line), country)


def _party(node: Node) -> Party:
    scheme, value = node.attribute("schemeID", "cbc:EndpointID"), node.text("cbc:EndpointID")
    taxes = {
        tax.text("cac:TaxScheme/cbc:ID"): tax.text("cbc:CompanyID")
        for tax in node.each("cac:PartyTaxScheme")
    }
    contact = node.one("cac:Contact")
    said = ("cbc:Name", "cbc:Telephone", "cbc:ElectronicMail")
    return Party(
        name=node.text("cac:PartyLegalEntity/cbc:RegistrationName"),
        trade_name=node.text("cac:PartyName/cbc:Name"),
        identifier=f"{scheme}:{value}" if scheme and value else value,
        vat_number=taxes.pop("VAT", ""),
        company_number=node.text("cac:PartyLegalEntity/cbc:CompanyID"),
        tax_number=next(iter(taxes.values()), ""),
        legal_form=node.text("cac:PartyLegalEntity/cbc:CompanyLegalForm"),
        address=_address(node.one("cac:PostalAddress")),
        contact=tuple(text for path in said if (text := contact.text(path))),
        ids=node.texts("cac:PartyIdentification/cbc:ID"),
    )


def _deliver_to(node: Node) -> Party:
    return Party(
        name=node.text("cac:DeliveryParty/cac:PartyName/cbc:Name"),
        identifier=node.text("cac:DeliveryLocation/cbc:ID"),
        address=_address(node.one("cac:DeliveryLocation/cac:Address")),
    )


def _period(node: Node) -> str:
    start, end = node.text("cbc:StartDate"), node.text("cbc:EndDate")
    return f"{start}/{end}" if start and end else start or end


def _facts(root: Node) -> Iterator[tuple[str, str]]:
    yield from _found(root, _FACTS)
    for reference in root.each("cac:BillingReference/cac:InvoiceDocumentReference"):
        issued = reference.text("cbc:IssueDate")
        number = reference.text("cbc:ID")
        yield "preceding", f"{number} ({issued})" if issued else number
    for reference in root.each("cac:AdditionalDocumentReference"):
        if reference.text("cbc:DocumentTypeCode") == "130":
            yield "object", reference.text("cbc:ID")
    if period := _period(root.one("cac:InvoicePeriod")):
        yield "period", period


def _found(node: Node, wanted: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for name, path in wanted:
        if text := node.text(path):
            yield name, text


def _vat(node: Node) -> Vat:
    return Vat(
        category=node.text("cbc:ID"),
        rate=node.text("cbc:Percent"),
        reason=node.text("cbc:TaxExemptionReason"),
        reason_code=node.text("cbc:TaxExemptionReasonCode"),
    )


def _adjustments(node: Node) -> Iterator[Adjustment]:
    for one in node.each("cac:AllowanceCharge"):
        yield Adjustment(
            is_charge=one.text("cbc:ChargeIndicator") in ("true", "1"),
            amount=_amount(one, "cbc:Amount"),
            reason=one.text("cbc:AllowanceChargeReason")
            or one.text("cbc:AllowanceChargeReasonCode"),
            reason_code=one.text("cbc:AllowanceChargeReasonCode"),
            percentage=one.text("cbc:MultiplierFactorNumeric"),
            base=_amount(one, "cbc:BaseAmount"),
            vat=_vat(one.one("cac:TaxCategory")),
        )


def _line(node: Node) -> Line:
    quantity = "cbc:CreditedQuantity" if node.one("cbc:CreditedQuantity") else ""
    quantity = quantity or "cbc:InvoicedQuantity"
    facts = list(_found(node, _LINE_FACTS))
    if period := _period(node.one("cac:InvoicePeriod")):
        facts.append(("period", period))
    facts += [
        (f"={attribute.text('cbc:Name')}", attribute.text("cbc:Value"))
        for attribute in node.each("cac:Item/cac:AdditionalItemProperty")
    ]
    return Line(
        id=node.text("cbc:ID"),
        name=node.text("cac:Item/cbc:Name"),
        description=node.text("cac:Item/cbc:Description"),
        note=node.text("cbc:Note"),
        quantity=node.text(quantity),
        unit=node.attribute("unitCode", quantity),
        price=_amount(node, "cac:Price/cbc:PriceAmount"),
        base_quantity=node.text("cac:Price/cbc:BaseQuantity"),
        vat=_vat(node.one("cac:Item/cac:ClassifiedTaxCategory")),
        amount=_amount(node, "cbc:LineExtensionAmount"),
        adjustments=tuple(_adjustments(node)),
        facts=tuple(facts),
    )


def _vat_groups(root: Node) -> Iterator[VatGroup]:
    for group in root.each("cac:TaxTotal/cac:TaxSubtotal"):
        yield VatGroup(
            vat=_vat(group.one("cac:TaxCategory")),
            taxable=_amount(group, "cbc:TaxableAmount"),
            tax=_amount(group, "cbc:TaxAmount"),
        )


def _totals(root: Node) -> Totals:
    total, currency = root.one("cac:LegalMonetaryTotal"), root.text("cbc:DocumentCurrencyCode")
    taxes = [_amount(tax, "cbc:TaxAmount") for tax in root.each("cac:TaxTotal")]
    own = [tax for tax in taxes if tax.currency in ("", currency)]
    others = [tax for tax in taxes if tax not in own]
    return Totals(
        lines=_amount(total, "cbc:LineExtensionAmount"),
        allowances=_amount(total, "cbc:AllowanceTotalAmount"),
        charges=_amount(total, "cbc:ChargeTotalAmount"),
        without_tax=_amount(total, "cbc:TaxExclusiveAmount"),
        tax=own[0] if own else Amount(),
        tax_in_accounting_currency=others[0] if others else Amount(),
        with_tax=_amount(total, "cbc:TaxInclusiveAmount"),
        prepaid=_amount(total, "cbc:PrepaidAmount"),
        rounding=_amount(total, "cbc:PayableRoundingAmount"),
        payable=_amount(total, "cbc:PayableAmount"),
    )


def _payment(node: Node) -> Payment:
    return Payment(
        means=node.text("cbc:PaymentMeansCode"),
        means_name=node.attribute("name", "cbc:PaymentMeansCode"),
        reference=node.text("cbc:PaymentID"),
        account=node.text("cac:PayeeFinancialAccount/cbc:ID"),
        account_name=node.text("cac:PayeeFinancialAccount/cbc:Name"),
        bic=node.text("cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
        card=node.text("cac:CardAccount/cbc:PrimaryAccountNumberID"),
        mandate=node.text("cac:PaymentMandate/cbc:ID"),
        debited_account=node.text("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    )


def _attachments(root: Node, sizes: list[int]) -> Iterator[Attachment]:
    inside = 0
    for number, reference in enumerate(root.each("cac:AdditionalDocumentReference")):
        file = reference.one("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
        address = reference.text("cac:Attachment/cac:ExternalReference/cbc:URI")
        size = 0
        if file:
            size = sizes[inside] if inside < len(sizes) else 0
            inside += 1
        if reference.text("cbc:DocumentTypeCode") in ("130", "50") and not (file or address):
            continue
        yield Attachment(
            place=inside - 1 if file else -1 - number,
            id=reference.text("cbc:ID"),
            description=reference.text("cbc:DocumentDescription"),
            filename=file.attribute("filename"),
            media_type=file.attribute("mimeCode").lower(),
            size=size,
            address=address,
        )
