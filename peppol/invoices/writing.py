"""Writes an invoice in our shape as UBL 2.1, in the order that Peppol BIS Billing 3 has it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lxml import etree

from peppol.invoices import amounts
from peppol.invoices.amounts import Totals
from peppol.invoices.elements import (
    Fields,
    aggregate,
    basic,
    make_amount,
    make_attachment,
    make_category,
    make_period,
    make_reference,
    some,
)
from peppol.invoices.items import make_item, make_price
from peppol.invoices.parties import make_address, make_party, make_payee, make_representative
from peppol.invoices.payments import creditor_of, make_payments
from peppol.invoices.reading import CAC, CBC, UBL
from peppol.invoices.shape import SELF_BILLED

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
Elements = Iterable[etree._Element]


def write(invoice: Fields) -> bytes:
    """UBL of `invoice`, which has passed `shape.read` and has a `seller`."""
    return _Writer(invoice).document()


class _Writer:
    """One document in the making."""

    def __init__(self, invoice: Fields) -> None:
        self.invoice = invoice
        self.credit = invoice["type"] == "credit_note"
        self.root_name = "CreditNote" if self.credit else "Invoice"
        self.totals: Totals = amounts.totals(invoice)

    def document(self) -> bytes:
        namespace = f"{UBL}:{self.root_name}-2"
        names: Any = {None: namespace, "cac": CAC[1:-1], "cbc": CBC[1:-1]}
        root = etree.Element(f"{{{namespace}}}{self.root_name}", nsmap=names)
        for part in (
            self._head(),
            self._references(),
            self._parties(),
            make_payments(self.invoice),
        ):
            root.extend(part)
        root.extend(self._adjustments(self.invoice))
        root.extend(self._taxes())
        root.append(self._monetary_total())
        root.extend(self._line(number, line) for number, line in enumerate(self.invoice["lines"]))
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    # --- Head -----------------------------------------------------------------------------------
    def _head(self) -> Elements:
        invoice = self.invoice
        basic_name = "selfbilling" if invoice["typeCode"] in SELF_BILLED else "billing"
        yield basic("CustomizationID", CUSTOMIZATION.replace("billing", basic_name))
        yield basic("ProfileID", PROFILE.replace("billing", basic_name))
        yield basic("ID", invoice["number"])
        yield basic("IssueDate", invoice["issueDate"])
        tax_point = some("TaxPointDate", invoice.get("taxPointDate"))
        if self.credit:
            yield from tax_point
        else:
            yield from some("DueDate", invoice.get("dueDate"))
        yield basic(f"{self.root_name}TypeCode", invoice["typeCode"])
        yield from some("Note", invoice["note"])
        if not self.credit:
            yield from tax_point
        yield basic("DocumentCurrencyCode", invoice["currency"])
        if "taxCurrency" in invoice:
            yield basic("TaxCurrencyCode", invoice["taxCurrency"]["currency"])
        yield from some("AccountingCost", invoice["accountingReference"])
        yield from some("BuyerReference", invoice["buyerReference"])

    def _references(self) -> Elements:
        invoice = self.invoice
        yield from make_period(invoice.get("period"))
        order, sales = invoice["orderReference"], invoice["salesOrderReference"]
        if order or sales:
            # UBL wants the buyer's number beside the seller's; NA is Peppol's word for none.
            yield aggregate(
                "OrderReference", basic("ID", order or "NA"), *some("SalesOrderID", sales)
            )
        for earlier in invoice["precedingInvoices"]:
            yield aggregate(
                "BillingReference",
                aggregate(
                    "InvoiceDocumentReference",
                    basic("ID", earlier["number"]),
                    *some("IssueDate", earlier.get("issueDate")),
                ),
            )
        yield from make_reference("DespatchDocumentReference", invoice["despatchReference"])
        yield from make_reference("ReceiptDocumentReference", invoice["receiptReference"])
        tender = make_reference("OriginatorDocumentReference", invoice["tenderReference"])
        if not self.credit:
            yield from tender
        yield from make_reference("ContractDocumentReference", invoice["contractReference"])
        yield from (make_attachment(one) for one in invoice["attachments"])
        yield from self._project()
        if self.credit:
            yield from tender

    def _project(self) -> Elements:
        project = self.invoice["projectReference"]
        if project and self.credit:
            # A credit note has no ProjectReference; there it is a document of type 50.
            code = basic("DocumentTypeCode", "50")
            yield aggregate("AdditionalDocumentReference", basic("ID", project), code)
        else:
            yield from make_reference("ProjectReference", project)

    def _parties(self) -> Elements:
        invoice = self.invoice
        seller = make_party(invoice["seller"], creditor=creditor_of(invoice))
        yield aggregate("AccountingSupplierParty", seller)
        yield aggregate("AccountingCustomerParty", make_party(invoice["buyer"]))
        if invoice.get("payee"):
            yield make_payee(invoice["payee"])
        if invoice.get("taxRepresentative"):
            yield make_representative(invoice["taxRepresentative"])
        delivery = invoice.get("delivery")
        if delivery:
            address, name = delivery.get("address"), delivery["name"]
            place = make_address("Address", address) if address else None
            yield aggregate(
                "Delivery",
                *some("ActualDeliveryDate", delivery.get("date")),
                *([aggregate("DeliveryLocation", place)] if place is not None else ()),
                *(
                    [aggregate("DeliveryParty", aggregate("PartyName", basic("Name", name)))]
                    if name
                    else ()
                ),
            )

    # --- Money ----------------------------------------------------------------------------------
    def _adjustments(self, holder: Fields, *, on_line: bool = False) -> Elements:
        for name, is_charge in (("allowances", "false"), ("charges", "true")):
            for entry in holder[name]:
                vat = entry.get("vat") or {"category": "S", "rate": Decimal(0)}
                yield aggregate(
                    "AllowanceCharge",
                    basic("ChargeIndicator", is_charge),
                    *some("AllowanceChargeReasonCode", entry["reasonCode"]),
                    *some("AllowanceChargeReason", entry["reason"]),
                    *some("MultiplierFactorNumeric", entry.get("percentage")),
                    self._money("Amount", entry["amount"]),
                    *(
                        [self._money("BaseAmount", entry["baseAmount"])]
                        if "baseAmount" in entry
                        else ()
                    ),
                    *(() if on_line else [make_category("TaxCategory", vat)]),
                )

    def _taxes(self) -> Elements:
        yield aggregate(
            "TaxTotal",
            self._money("TaxAmount", self.totals.tax),
            *(
                aggregate(
                    "TaxSubtotal",
                    self._money("TaxableAmount", group.taxable),
                    self._money("TaxAmount", group.tax),
                    make_category("TaxCategory", group.vat, with_reason=True),
                )
                for group in self.totals.groups
            ),
        )
        if "taxCurrency" in self.invoice:
            other = self.invoice["taxCurrency"]
            yield aggregate(
                "TaxTotal", make_amount("TaxAmount", other["amount"], other["currency"])
            )

    def _monetary_total(self) -> etree._Element:
        t = self.totals
        return aggregate(
            "LegalMonetaryTotal",
            self._money("LineExtensionAmount", t.lines),
            self._money("TaxExclusiveAmount", t.without_tax),
            self._money("TaxInclusiveAmount", t.with_tax),
            *([self._money("AllowanceTotalAmount", t.allowances)] if t.allowances else ()),
            *([self._money("ChargeTotalAmount", t.charges)] if t.charges else ()),
            *([self._money("PrepaidAmount", t.prepaid)] if t.prepaid else ()),
            *([self._money("PayableRoundingAmount", t.rounding)] if t.rounding else ()),
            self._money("PayableAmount", t.payable),
        )

    def _money(self, name: str, amount: Decimal) -> etree._Element:
        return make_amount(name, amount, self.invoice["currency"])

    # --- Lines ----------------------------------------------------------------------------------
    def _line(self, number: int, line: Fields) -> etree._Element:
        quantity = basic(
            "CreditedQuantity" if self.credit else "InvoicedQuantity", line["quantity"]
        )
        quantity.set("unitCode", line["unit"])
        return aggregate(
            f"{self.root_name}Line",
            basic("ID", line["id"] or str(number + 1)),
            *some("Note", line["note"]),
            quantity,
            self._money("LineExtensionAmount", amounts.line_net(line, self.invoice["currency"])),
            *some("AccountingCost", line["accountingReference"]),
            *make_period(line.get("period")),
            *(
                [aggregate("OrderLineReference", basic("LineID", line["orderLine"]))]
                if line["orderLine"]
                else ()
            ),
            *self._adjustments(line, on_line=True),
            make_item(line),
            make_price(line, self.invoice["currency"]),
        )
