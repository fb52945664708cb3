"""Where in our JSON shape an element of the UBL comes from that was written of it."""

import re
from collections.abc import Mapping
from typing import Any

from peppol.invoices import amounts

_STEP = re.compile(r"(?:\w+:)?(\w+)\[(\d+)\]")
Tree = Mapping[str, Any]
_ADDRESS: Tree = {
    "StreetName": "street",
    "AdditionalStreetName": "additional",
    "CityName": "city",
    "PostalZone": "postalCode",
    "CountrySubentity": "region",
    "Country": "country",
}
_PERIOD: Tree = {"StartDate": "start", "EndDate": "end"}
_PARTY: Tree = {
    "EndpointID": "peppolId",
    "PartyIdentification": "ids.#",
    "PartyName": "tradeName",
    "PostalAddress": ("address", _ADDRESS),
    "PartyTaxScheme": "vatNumber",
    "PartyLegalEntity": (
        "",
        {
            "RegistrationName": "name",
            "CompanyID": "companyNumber",
            "CompanyLegalForm": "legalForm",
        },
    ),
    "Contact": ("contact", {"Name": "name", "Telephone": "phone", "ElectronicMail": "email"}),
}
_ADJUSTMENT: Tree = {
    "AllowanceChargeReasonCode": "reasonCode",
    "AllowanceChargeReason": "reason",
    "MultiplierFactorNumeric": "percentage",
    "Amount": "amount",
    "BaseAmount": "baseAmount",
    "TaxCategory": "vat",
}
_LINE: Tree = {
    "ID": "id",
    "Note": "note",
    "InvoicedQuantity": "quantity",
    "CreditedQuantity": "quantity",
    "AccountingCost": "accountingReference",
    "InvoicePeriod": ("period", _PERIOD),
    "OrderLineReference": "orderLine",
    "AllowanceCharge": ("@", _ADJUSTMENT),
    "Item": (
        "",
        {
            "Description": "description",
            "Name": "name",
            "BuyersItemIdentification": "buyerItemId",
            "SellersItemIdentification": "sellerItemId",
            "StandardItemIdentification": "gtin",
            "OriginCountry": "originCountry",
            "CommodityClassification": "classifications.#",
            "ClassifiedTaxCategory": ("vat", {"Percent": "rate", "ID": "category"}),
            "AdditionalItemProperty": "attributes.#",
        },
    ),
    "Price": (
        "",
        {
            "PriceAmount": "unitPrice",
            "BaseQuantity": "baseQuantity",
            "AllowanceCharge": "priceDiscount",
        },
    ),
}
_PAYMENT: Tree = {
    "PaymentMeansCode": "meansCode",
    "PaymentID": "reference",
    "PayeeFinancialAccount": (
        "",
        {"ID": "iban", "Name": "accountName", "FinancialInstitutionBranch": "bic"},
    ),
    "PaymentMandate": (
        "directDebit",
        {"ID": "mandate", "PayerFinancialAccount": "account"},
    ),
}
_ROOT: Tree = {
    "ID": "number",
    "IssueDate": "issueDate",
    "DueDate": "dueDate",
    "TaxPointDate": "taxPointDate",
    "InvoiceTypeCode": "typeCode",
    "CreditNoteTypeCode": "typeCode",
    "Note": "note",
    "DocumentCurrencyCode": "currency",
    "TaxCurrencyCode": "taxCurrency.currency",
    "AccountingCost": "accountingReference",
    "BuyerReference": "buyerReference",
    "InvoicePeriod": ("period", _PERIOD),
    "OrderReference": "orderReference",
    "BillingReference": "precedingInvoices.#",
    "DespatchDocumentReference": "despatchReference",
    "ReceiptDocumentReference": "receiptReference",
    "OriginatorDocumentReference": "tenderReference",
    "ContractDocumentReference": "contractReference",
    "AdditionalDocumentReference": "attachments.#",
    "ProjectReference": "projectReference",
    "AccountingSupplierParty": ("seller", {"Party": ("", _PARTY)}),
    "AccountingCustomerParty": ("buyer", {"Party": ("", _PARTY)}),
    "PayeeParty": ("payee", {**_PARTY, "PartyName": "name"}),
    "TaxRepresentativeParty": ("taxRepresentative", {**_PARTY, "PartyName": "name"}),
    "Delivery": ("delivery", {"DeliveryLocation": ("address", {"Address": ("", _ADDRESS)})}),
    "PaymentMeans": ("payment", _PAYMENT),
    "PaymentTerms": "payment.terms",
    "AllowanceCharge": ("@", _ADJUSTMENT),
    "TaxTotal": ("", {"TaxSubtotal": ("%", {})}),
    "InvoiceLine": ("lines.#", _LINE),
    "CreditNoteLine": ("lines.#", _LINE),
}


def field_at(location: str, invoice: Mapping[str, Any]) -> str:
    """The field that the element at a place was written from; empty for the whole document."""
    path: list[str] = []
    tree: Any = _ROOT
    holder: Mapping[str, Any] = invoice
    for name, position in _STEP.findall(location)[1:]:
        found = tree.get(name) if isinstance(tree, Mapping) else None
        if found is None:
            break
        step, tree = found if isinstance(found, tuple) else (found, {})
        number = int(position) - 1
        if step == "payment" and not invoice.get("payment"):
            step = "payments.#"
        path += _named(step, number, holder)
        if step == "lines.#":
            holder = invoice["lines"][number]
    return ".".join(path)


def _named(step: str, number: int, holder: Mapping[str, Any]) -> list[str]:
    if step == "@":  # allowances come first, then charges
        first = len(holder["allowances"])
        if number < first:
            return ["allowances", str(number)]
        return ["charges", str(number - first)]
    if step == "%":  # a row of the breakdown is found at the first line of its category
        return _first_line(number, holder)
    return [part if part != "#" else str(number) for part in step.split(".") if part]


def _first_line(number: int, invoice: Mapping[str, Any]) -> list[str]:
    groups = amounts.totals(invoice).groups
    if number >= len(groups):
        return []
    group = groups[number]
    for position, line in enumerate(invoice["lines"]):
        if (line["vat"]["category"], line["vat"]["rate"]) == (group.category, group.rate):
            return ["lines", str(position), "vat"]
    return []
