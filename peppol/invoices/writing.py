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
    make_address,
    make_amount,
    make_attachment,
    make_category,
    make_item,
    make_party,
    some,
)
from peppol.invoices.reading import CAC, CBC, UBL

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
        for part in (self._head(), self._references(), self._parties(), self._payment()):
            root.extend(part)
        root.extend(self._adjustments(self.invoice))
        root.extend(self._taxes())
        root.append(self._monetary_total())
        root.extend(self._line(number, line) for number, line in enumerate(self.invoice["lines"]))
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    # --- Head -----------------------------------------------------------------------------------
    def _head(self) -> Elements:
        invoice = self.invoice
        yield basic("CustomizationID", CUSTOMIZATION)
        yield basic("ProfileID", PROFILE)
        yield basic("ID", invoice["number"])
        yield basic("IssueDate", invoice["issueDate"])
        if not self.credit:
            yield from some("DueDate", invoice.get("dueDate"))
        yield basic(f"{self.root_name}TypeCode", "381" if self.credit else "380")
        yield from some("Note", invoice["note"])
        yield basic("DocumentCurrencyCode", invoice["currency"])
        if "taxCurrency" in invoice:
            yield basic("TaxCurrencyCode", invoice["taxCurrency"]["currency"])
        yield from some("AccountingCost", invoice["accountingReference"])
        yield from some("BuyerReference", invoice["buyerReference"])

    def _references(self) -> Elements:
        invoice = self.invoice
        period = invoice.get("period") or {}
        if period:
            yield aggregate(
                "InvoicePeriod",
                *some("StartDate", period.get("start")),
                *some("EndDate", period.get("end")),
            )
        if invoice["orderReference"]:
            yield aggregate("OrderReference", basic("ID", invoice["orderReference"]))
        for earlier in invoice["precedingInvoices"]:
            yield aggregate(
                "BillingReference",
                aggregate(
                    "InvoiceDocumentReference",
                    basic("ID", earlier["number"]),
                    *some("IssueDate", earlier.get("issueDate")),
                ),
            )
        if invoice["contractReference"]:
            yield aggregate("ContractDocumentReference", basic("ID", invoice["contractReference"]))
        yield from (make_attachment(one) for one in invoice["attachments"])
        if invoice["projectReference"]:
            # A credit note has no ProjectReference; there it is a document of type 50.
            project = basic("ID", invoice["projectReference"])
            yield (
                aggregate("AdditionalDocumentReference", project, basic("DocumentTypeCode", "50"))
                if self.credit
                else aggregate("ProjectReference", project)
            )

    def _parties(self) -> Elements:
        yield aggregate("AccountingSupplierParty", make_party(self.invoice["seller"]))
        yield aggregate("AccountingCustomerParty", make_party(self.invoice["buyer"]))
        delivery = self.invoice.get("delivery")
        if delivery:
            address = delivery.get("address")
            yield aggregate(
                "Delivery",
                *some("ActualDeliveryDate", delivery.get("date")),
                *(
                    [aggregate("DeliveryLocation", make_address("Address", address))]
                    if address
                    else ()
                ),
            )

    def _payment(self) -> Elements:
        payment = self.invoice.get("payment")
        if not payment:
            return
        account = aggregate(
            "PayeeFinancialAccount",
            basic("ID", payment["iban"]),
            *some("Name", payment["accountName"]),
            *(
                [aggregate("FinancialInstitutionBranch", basic("ID", payment["bic"]))]
                if payment["bic"]
                else ()
            ),
        )
        yield aggregate(
            "PaymentMeans",
            basic("PaymentMeansCode", payment["meansCode"]),
            *some("PaymentID", payment["reference"]),
            *([account] if payment["iban"] else ()),
        )
        if payment["terms"]:
            yield aggregate("PaymentTerms", basic("Note", payment["terms"]))

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
            self._money("LineExtensionAmount", amounts.line_net(line)),
            *some("AccountingCost", line["accountingReference"]),
            *(
                [aggregate("OrderLineReference", basic("LineID", line["orderLine"]))]
                if line["orderLine"]
                else ()
            ),
            *self._adjustments(line, on_line=True),
            make_item(line),
            self._price(line),
        )

    def _price(self, line: Fields) -> etree._Element:
        price = basic("PriceAmount", line["unitPrice"])
        price.set("currencyID", self.invoice["currency"])
        if "baseQuantity" not in line:
            return aggregate("Price", price)
        base = basic("BaseQuantity", line["baseQuantity"])
        base.set("unitCode", line["unit"])
        return aggregate("Price", price, base)
