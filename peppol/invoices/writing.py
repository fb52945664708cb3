"""Writes an invoice in our shape as UBL 2.1, in the order that Peppol BIS Billing 3 has it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from peppol.invoices import amounts
from peppol.invoices.amounts import Totals
from peppol.invoices.reading import CAC, CBC, UBL

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
Fields = Mapping[str, Any]
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
        yield _b("CustomizationID", CUSTOMIZATION)
        yield _b("ProfileID", PROFILE)
        yield _b("ID", invoice["number"])
        yield _b("IssueDate", invoice["issueDate"])
        if not self.credit:
            yield from _some("DueDate", invoice.get("dueDate"))
        yield _b(f"{self.root_name}TypeCode", "381" if self.credit else "380")
        yield from _some("Note", invoice["note"])
        yield _b("DocumentCurrencyCode", invoice["currency"])
        if "taxCurrency" in invoice:
            yield _b("TaxCurrencyCode", invoice["taxCurrency"]["currency"])
        yield from _some("AccountingCost", invoice["accountingReference"])
        yield from _some("BuyerReference", invoice["buyerReference"])

    def _references(self) -> Elements:
        invoice = self.invoice
        period = invoice.get("period") or {}
        if period:
            yield _a(
                "InvoicePeriod",
                *_some("StartDate", period.get("start")),
                *_some("EndDate", period.get("end")),
            )
        if invoice["orderReference"]:
            yield _a("OrderReference", _b("ID", invoice["orderReference"]))
        for earlier in invoice["precedingInvoices"]:
            yield _a(
                "BillingReference",
                _a(
                    "InvoiceDocumentReference",
                    _b("ID", earlier["number"]),
                    *_some("IssueDate", earlier.get("issueDate")),
                ),
            )
        if invoice["contractReference"]:
            yield _a("ContractDocumentReference", _b("ID", invoice["contractReference"]))
        yield from (_attachment(one) for one in invoice["attachments"])
        if invoice["projectReference"]:
            # A credit note has no ProjectReference; there it is a document of type 50.
            project = _b("ID", invoice["projectReference"])
            yield (
                _a("AdditionalDocumentReference", project, _b("DocumentTypeCode", "50"))
                if self.credit
                else _a("ProjectReference", project)
            )

    def _parties(self) -> Elements:
        yield _a("AccountingSupplierParty", _party(self.invoice["seller"]))
        yield _a("AccountingCustomerParty", _party(self.invoice["buyer"]))
        delivery = self.invoice.get("delivery")
        if delivery:
            address = delivery.get("address")
            yield _a(
                "Delivery",
                *_some("ActualDeliveryDate", delivery.get("date")),
                *([_a("DeliveryLocation", _address("Address", address))] if address else ()),
            )

    def _payment(self) -> Elements:
        payment = self.invoice.get("payment")
        if not payment:
            return
        account = _a(
            "PayeeFinancialAccount",
            _b("ID", payment["iban"]),
            *_some("Name", payment["accountName"]),
            *(
                [_a("FinancialInstitutionBranch", _b("ID", payment["bic"]))]
                if payment["bic"]
                else ()
            ),
        )
        yield _a(
            "PaymentMeans",
            _b("PaymentMeansCode", payment["meansCode"]),
            *_some("PaymentID", payment["reference"]),
            *([account] if payment["iban"] else ()),
        )
        if payment["terms"]:
            yield _a("PaymentTerms", _b("Note", payment["terms"]))

    # --- Money ----------------------------------------------------------------------------------
    def _adjustments(self, holder: Fields, *, on_line: bool = False) -> Elements:
        for name, is_charge in (("allowances", "false"), ("charges", "true")):
            for entry in holder[name]:
                vat = entry.get("vat") or {"category": "S", "rate": Decimal(0)}
                yield _a(
                    "AllowanceCharge",
                    _b("ChargeIndicator", is_charge),
                    *_some("AllowanceChargeReasonCode", entry["reasonCode"]),
                    *_some("AllowanceChargeReason", entry["reason"]),
                    *_some("MultiplierFactorNumeric", entry.get("percentage")),
                    self._money("Amount", entry["amount"]),
                    *(
                        [self._money("BaseAmount", entry["baseAmount"])]
                        if "baseAmount" in entry
                        else ()
                    ),
                    *(() if on_line else [_category("TaxCategory", vat)]),
                )

    def _taxes(self) -> Elements:
        yield _a(
            "TaxTotal",
            self._money("TaxAmount", self.totals.tax),
            *(
                _a(
                    "TaxSubtotal",
                    self._money("TaxableAmount", group.taxable),
                    self._money("TaxAmount", group.tax),
                    _category("TaxCategory", group.vat, with_reason=True),
                )
                for group in self.totals.groups
            ),
        )
        if "taxCurrency" in self.invoice:
            other = self.invoice["taxCurrency"]
            yield _a("TaxTotal", _money("TaxAmount", other["amount"], other["currency"]))

    def _monetary_total(self) -> etree._Element:
        t = self.totals
        return _a(
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
        return _money(name, amount, self.invoice["currency"])

    # --- Lines ----------------------------------------------------------------------------------
    def _line(self, number: int, line: Fields) -> etree._Element:
        quantity = _b("CreditedQuantity" if self.credit else "InvoicedQuantity", line["quantity"])
        quantity.set("unitCode", line["unit"])
        return _a(
            f"{self.root_name}Line",
            _b("ID", line["id"] or str(number + 1)),
            *_some("Note", line["note"]),
            quantity,
            self._money("LineExtensionAmount", amounts.line_net(line)),
            *_some("AccountingCost", line["accountingReference"]),
            *(
                [_a("OrderLineReference", _b("LineID", line["orderLine"]))]
                if line["orderLine"]
                else ()
            ),
            *self._adjustments(line, on_line=True),
            _item(line),
            self._price(line),
        )

    def _price(self, line: Fields) -> etree._Element:
        price = _b("PriceAmount", line["unitPrice"])
        price.set("currencyID", self.invoice["currency"])
        if "baseQuantity" not in line:
            return _a("Price", price)
        base = _b("BaseQuantity", line["baseQuantity"])
        base.set("unitCode", line["unit"])
        return _a("Price", price, base)


_make_basic: Any = ElementMaker(namespace=CBC[1:-1])
_make_aggregate: Any = ElementMaker(namespace=CAC[1:-1])


def _b(name: str, value: Any) -> etree._Element:
    if isinstance(value, Decimal):
        value = format(value.normalize() if value else Decimal(0), "f")
    text = value.isoformat() if isinstance(value, date) else str(value)
    element: etree._Element = _make_basic(name, text)
    return element


def _a(name: str, *children: etree._Element) -> etree._Element:
    element: etree._Element = _make_aggregate(name, *children)
    return element


def _some(name: str, value: Any) -> list[etree._Element]:
    return [] if value is None or value == "" else [_b(name, value)]


def _money(name: str, amount: Decimal, currency: str) -> etree._Element:
    element: etree._Element = _make_basic(name, format(amounts.rounded(amount), "f"))
    element.set("currencyID", currency)
    return element


def _category(name: str, vat: Fields, *, with_reason: bool = False) -> etree._Element:
    # What is outside the scope of VAT has no rate (BR-O-05).
    rate = [] if vat["category"] == "O" else [_b("Percent", vat["rate"])]
    reason = (
        [
            *_some("TaxExemptionReasonCode", vat.get("exemptionReasonCode")),
            *_some("TaxExemptionReason", vat.get("exemptionReason")),
        ]
        if with_reason
        else []
    )
    scheme = _a("TaxScheme", _b("ID", "VAT"))
    return _a(name, _b("ID", vat["category"]), *rate, *reason, scheme)


def _item(line: Fields) -> etree._Element:
    ids = (
        ("BuyersItemIdentification", "buyerItemId"),
        ("SellersItemIdentification", "sellerItemId"),
    )
    return _a(
        "Item",
        *_some("Description", line["description"]),
        _b("Name", line["name"]),
        *(_a(element, _b("ID", line[name])) for element, name in ids if line[name]),
        _category("ClassifiedTaxCategory", line["vat"]),
    )


def _party(party: Fields) -> etree._Element:
    scheme, _, value = party["peppolId"].partition(":")
    endpoint = _b("EndpointID", value)
    endpoint.set("schemeID", scheme)
    number = _some("CompanyID", party["companyNumber"])
    if number and party["companyNumberScheme"]:
        number[0].set("schemeID", party["companyNumberScheme"])
    vat, contact = party["vatNumber"], party.get("contact") or {}
    return _a(
        "Party",
        *([endpoint] if value else ()),
        *([_a("PartyName", _b("Name", party["tradeName"]))] if party["tradeName"] else ()),
        _address("PostalAddress", party["address"]),
        *(
            [_a("PartyTaxScheme", _b("CompanyID", vat), _a("TaxScheme", _b("ID", "VAT")))]
            if vat
            else ()
        ),
        _a("PartyLegalEntity", _b("RegistrationName", party["name"]), *number),
        *(
            [
                _a(
                    "Contact",
                    *_some("Name", contact.get("name")),
                    *_some("Telephone", contact.get("phone")),
                    *_some("ElectronicMail", contact.get("email")),
                )
            ]
            if any(contact.values())
            else ()
        ),
    )


def _address(name: str, address: Fields) -> etree._Element:
    return _a(
        name,
        *_some("StreetName", address["street"]),
        *_some("AdditionalStreetName", address["additional"]),
        *_some("CityName", address["city"]),
        *_some("PostalZone", address["postalCode"]),
        *_some("CountrySubentity", address["region"]),
        _a("Country", _b("IdentificationCode", address["country"])),
    )


def _attachment(one: Fields) -> etree._Element:
    inside: list[etree._Element] = []
    if one["content"]:
        content = _b("EmbeddedDocumentBinaryObject", one["content"])
        content.set("mimeCode", one["mimeType"] or "application/pdf")
        content.set("filename", one["filename"] or f"{one['id']}.pdf")
        inside = [_a("Attachment", content)]
    elif one["url"]:
        inside = [_a("Attachment", _a("ExternalReference", _b("URI", one["url"])))]
    return _a(
        "AdditionalDocumentReference",
        _b("ID", one["id"]),
        *_some("DocumentDescription", one["description"]),
        *inside,
    )
