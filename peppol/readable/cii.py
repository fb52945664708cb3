"""Reads a CII invoice (Cross Industry Invoice, as XRechnung and Factur-X use it) into its parts."""

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
from peppol.readable.ubl import SELF_BILLED_CODES

# UNTDID 1001: the codes of credit notes that EN 16931 knows.
CREDIT_NOTES = ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532")
_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = "ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = "ram:ApplicableHeaderTradeSettlement"
_DELIVERY = "ram:ApplicableHeaderTradeDelivery"
_DAY = "udt:DateTimeString"
_SUM = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"


def read(found: Skimmed) -> Invoice:
    """The parts of a CII invoice."""
    root = Node(found.root)
    document, trade = root.one("rsm:ExchangedDocument"), root.one(_TRADE)
    agreement, settlement = trade.one(_AGREEMENT), trade.one(_SETTLEMENT)
    delivery, code = trade.one(_DELIVERY), document.text("ram:TypeCode")
    currency = settlement.text("ram:InvoiceCurrencyCode")
    lines = trade.each("ram:IncludedSupplyChainTradeLineItem")
    return Invoice(
        kind="credit_note" if code in CREDIT_NOTES else "invoice",
        type_code=code,
        self_billed=code in SELF_BILLED_CODES,
        number=document.text("ram:ID"),
        issued=_day(document, "ram:IssueDateTime"),
        due=_day(settlement, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime"),
        currency=currency,
        seller=_party(agreement.one("ram:SellerTradeParty")),
        buyer=_party(agreement.one("ram:BuyerTradeParty")),
        payee=_party(settlement.one("ram:PayeeTradeParty")),
        tax_representative=_party(agreement.one("ram:SellerTaxRepresentativeTradeParty")),
        deliver_to=_party(delivery.one("ram:ShipToTradeParty")),
        facts=tuple(_facts(agreement, delivery, settlement)),
        notes=document.texts("ram:IncludedNote/ram:Content"),
        lines=tuple(_line(line, currency) for line in lines),
        lines_left_out=found.lines_left_out,
        adjustments=tuple(_adjustments(settlement, currency)),
        vat_groups=tuple(_vat_groups(settlement, currency)),
        totals=_totals(settlement, currency),
        payments=tuple(_payments(settlement)),
        terms=settlement.texts("ram:SpecifiedTradePaymentTerms/ram:Description"),
        attachments=tuple(_attachments(agreement, found.sizes)),
    )


def _day(node: Node, path: str) -> str:
    text = node.text(f"{path}/{_DAY}")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text[:8].isdigit() else text


def _amount(node: Node, path: str, currency: str) -> Amount:
    return Amount(node.text(path), node.attribute("currencyID", path)[:3] or currency)


def _party(node: Node) -> Party:
    address = node.one("ram:PostalTradeAddress")
    lines = (
        address.text("ram:LineOne"),
        address.text("ram:LineTwo"),
        address.text("ram:LineThree"),
        f"{address.text('ram:PostcodeCode')} {address.text('ram:CityName')}".strip(),
        address.text("ram:CountrySubDivisionName"),
    )
    where = node.one("ram:URIUniversalCommunication/ram:URIID")
    scheme = where.attribute("schemeID")
    taxes = {
        tax.attribute("schemeID", "ram:ID"): tax.text("ram:ID")
        for tax in node.each("ram:SpecifiedTaxRegistration")
    }
    contact = node.one("ram:DefinedTradeContact")
    said = (
        "ram:PersonName",
        "ram:DepartmentName",
        "ram:TelephoneUniversalCommunication/ram:CompleteNumber",
        "ram:EmailURIUniversalCommunication/ram:URIID",
    )
    return Party(
        name=node.text("ram:Name"),
        trade_name=node.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identifier=f"{scheme}:{where.text()}" if scheme else where.text(),
        vat_number=taxes.get("VA", ""),
        company_number=node.text("ram:SpecifiedLegalOrganization/ram:ID"),
        tax_number=taxes.get("FC", ""),
        legal_form=node.text("ram:Description"),
        address=Address(tuple(line for line in lines if line), address.text("ram:CountryID")),
        contact=tuple(text for path in said if (text := contact.text(path))),
        ids=(*node.texts("ram:ID"), *node.texts("ram:GlobalID")),
    )


def _facts(agreement: Node, delivery: Node, settlement: Node) -> Iterator[tuple[str, str]]:
    issuer = "ram:IssuerAssignedID"
    named = (
        ("buyer_reference", agreement.text("ram:BuyerReference")),
        ("order", agreement.text(f"ram:BuyerOrderReferencedDocument/{issuer}")),
        ("sales_order", agreement.text(f"ram:SellerOrderReferencedDocument/{issuer}")),
        ("contract", agreement.text(f"ram:ContractReferencedDocument/{issuer}")),
        ("project", agreement.text("ram:SpecifiedProcuringProject/ram:ID")),
        ("despatch", delivery.text(f"ram:DespatchAdviceReferencedDocument/{issuer}")),
        ("receipt", delivery.text(f"ram:ReceivingAdviceReferencedDocument/{issuer}")),
        (
            "delivered",
            _day(delivery, "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"),
        ),
        (
            "accounting",
            settlement.text("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        ),
        ("period", _period(settlement.one("ram:BillingSpecifiedPeriod"))),
    )
    yield from ((name, text) for name, text in named if text)
    for earlier in settlement.texts(f"ram:InvoiceReferencedDocument/{issuer}"):
        yield "preceding", earlier


def _period(node: Node) -> str:
    start, end = _day(node, "ram:StartDateTime"), _day(node, "ram:EndDateTime")
    return f"{start}/{end}" if start and end else start or end


def _vat(node: Node) -> Vat:
    return Vat(
        category=node.text("ram:CategoryCode"),
        rate=node.text("ram:RateApplicablePercent"),
        reason=node.text("ram:ExemptionReason"),
        reason_code=node.text("ram:ExemptionReasonCode"),
    )


def _adjustments(node: Node, currency: str) -> Iterator[Adjustment]:
    for one in node.each("ram:SpecifiedTradeAllowanceCharge"):
        yield Adjustment(
            is_charge=one.text("ram:ChargeIndicator/udt:Indicator") in ("true", "1"),
            amount=_amount(one, "ram:ActualAmount", currency),
            reason=one.text("ram:Reason") or one.text("ram:ReasonCode"),
            reason_code=one.text("ram:ReasonCode"),
            percentage=one.text("ram:CalculationPercent"),
            base=_amount(one, "ram:BasisAmount", currency),
            vat=_vat(one.one("ram:CategoryTradeTax")),
        )


def _line(node: Node, currency: str) -> Line:
    item, document = node.one("ram:SpecifiedTradeProduct"), "ram:AssociatedDocumentLineDocument"
    price = node.one("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice")
    settled = node.one("ram:SpecifiedLineTradeSettlement")
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    named = (
        ("seller_item", item.text("ram:SellerAssignedID")),
        ("buyer_item", item.text("ram:BuyerAssignedID")),
        ("standard_item", item.text("ram:GlobalID")),
        ("period", _period(settled.one("ram:BillingSpecifiedPeriod"))),
        *(
            (f"={one.text('ram:Description')}", one.text("ram:Value"))
            for one in item.each("ram:ApplicableProductCharacteristic")
        ),
    )
    total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return Line(
        id=node.text(f"{document}/ram:LineID"),
        name=item.text("ram:Name"),
        description=item.text("ram:Description"),
        note=node.text(f"{document}/ram:IncludedNote/ram:Content"),
        quantity=node.text(quantity),
        unit=node.attribute("unitCode", quantity),
        price=_amount(price, "ram:ChargeAmount", currency),
        base_quantity=price.text("ram:BasisQuantity"),
        vat=_vat(settled.one("ram:ApplicableTradeTax")),
        amount=_amount(settled, total, currency),
        adjustments=tuple(_adjustments(settled, currency)),
        facts=tuple((name, text) for name, text in named if text),
    )


def _vat_groups(settlement: Node, currency: str) -> Iterator[VatGroup]:
    for group in settlement.each("ram:ApplicableTradeTax"):
        yield VatGroup(
            vat=_vat(group),
            taxable=_amount(group, "ram:BasisAmount", currency),
            tax=_amount(group, "ram:CalculatedAmount", currency),
        )


def _totals(settlement: Node, currency: str) -> Totals:
    total = settlement.one(_SUM)
    taxes = [
        Amount(tax.text(), tax.attribute("currencyID") or currency)
        for tax in total.each("ram:TaxTotalAmount")
    ]
    others = [tax for tax in taxes if tax.currency != currency]
    return Totals(
        lines=_amount(total, "ram:LineTotalAmount", currency),
        allowances=_amount(total, "ram:AllowanceTotalAmount", currency),
        charges=_amount(total, "ram:ChargeTotalAmount", currency),
        without_tax=_amount(total, "ram:TaxBasisTotalAmount", currency),
        tax=next((tax for tax in taxes if tax.currency == currency), Amount()),
        tax_in_accounting_currency=others[0] if others else Amount(),
        with_tax=_amount(total, "ram:GrandTotalAmount", currency),
        prepaid=_amount(total, "ram:TotalPrepaidAmount", currency),
        rounding=_amount(total, "ram:RoundingAmount", currency),
        payable=_amount(total, "ram:DuePayableAmount", currency),
    )


def _payments(settlement: Node) -> Iterator[Payment]:
    account = "ram:PayeePartyCreditorFinancialAccount"
    bank = "ram:PayeeSpecifiedCreditorFinancialInstitution"
    for means in settlement.each("ram:SpecifiedTradeSettlementPaymentMeans"):
        yield Payment(
            means=means.text("ram:TypeCode"),
            means_name=means.text("ram:Information"),
            reference=settlement.text("ram:PaymentReference"),
            account=means.text(f"{account}/ram:IBANID")
            or means.text(f"{account}/ram:ProprietaryID"),
            account_name=means.text(f"{account}/ram:AccountName"),
            bic=means.text(f"{bank}/ram:BICID"),
            card=means.text("ram:ApplicableTradeSettlementFinancialCard/ram:ID"),
            mandate=settlement.text("ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"),
            debited_account=means.text("ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
        )


def _attachments(agreement: Node, sizes: list[int]) -> Iterator[Attachment]:
    inside = 0
    for number, reference in enumerate(agreement.each("ram:AdditionalReferencedDocument")):
        file, size = reference.one("ram:AttachmentBinaryObject"), 0
        if file:
            size = sizes[inside] if inside < len(sizes) else 0
            inside += 1
        if not file and reference.text("ram:TypeCode") in ("50", "130"):
            continue
        yield Attachment(
            place=inside - 1 if file else -1 - number,
            id=reference.text("ram:IssuerAssignedID"),
            description=reference.text("ram:Name"),
            filename=file.attribute("filename"),
            media_type=file.attribute("mimeCode").lower(),
            size=size,
            address=reference.text("ram:URIID"),
        )
