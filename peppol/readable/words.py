"""What the codes in documents mean, in the reader's language; an unknown one stays as it is."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# UNTDID 1001, as far as a title differs from the plain one.
TITLES: dict[str, Any] = {
    "326": _("Partial invoice"),
    "380": _("Invoice"),
    "381": _("Credit note"),
    "383": _("Debit note"),
    "384": _("Corrected invoice"),
    "386": _("Prepayment invoice"),
    "389": _("Self-billed invoice"),
    "261": _("Self-billed credit note"),
    "396": _("Factored credit note"),
    "393": _("Factored invoice"),
}
SELF_BILLED: dict[str, Any] = {
    "invoice": _("Self-billed invoice"),
    "credit_note": _("Self-billed credit note"),
}
VAT_CATEGORIES: dict[str, Any] = {
    "S": _("Standard rate"),
    "Z": _("Zero rated"),
    "E": _("Exempt from VAT"),
    "AE": _("Reverse charge"),
    "K": _("Intra-community supply"),
    "G": _("Export outside the EU"),
    "O": _("Outside the scope of VAT"),
    "L": _("Canary Islands tax (IGIC)"),
    "M": _("Tax of Ceuta and Melilla (IPSI)"),
    "B": _("Transferred VAT (Italy)"),
}
# UN/ECE Recommendations 20 and 21, those that invoices have most.
UNITS: dict[str, Any] = {
    "C62": _("pc."),
    "EA": _("pc."),
    "H87": _("pc."),
    "XPP": _("pc."),
    "PR": _("pairs"),
    "SET": _("sets"),
    "XBX": _("boxes"),
    "XPK": _("packages"),
    "HUR": _("h"),
    "MIN": _("min"),
    "DAY": _("days"),
    "WEE": _("weeks"),
    "MON": _("months"),
    "ANN": _("years"),
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
    "KMT": "km",
    "MTK": "m²",
    "MTQ": "m³",
    "KWH": "kWh",
    "MWH": "MWh",
    "GB": "GB",
}
# UNTDID 4461.
MEANS: dict[str, Any] = {
    "10": _("Cash"),
    "20": _("Cheque"),
    "30": _("Credit transfer"),
    "31": _("Debit transfer"),
    "42": _("To a bank account"),
    "48": _("Card"),
    "49": _("Direct debit"),
    "54": _("Credit card"),
    "55": _("Debit card"),
    "57": _("Standing agreement"),
    "58": _("SEPA credit transfer"),
    "59": _("SEPA direct debit"),
    "68": _("Online payment"),
    "97": _("Clearing between partners"),
}
FACTS: dict[str, Any] = {
    "buyer_reference": _("Buyer reference"),
    "order": _("Order"),
    "sales_order": _("Sales order"),
    "contract": _("Contract"),
    "project": _("Project"),
    "tender": _("Tender"),
    "despatch": _("Despatch advice"),
    "receipt": _("Receipt advice"),
    "accounting": _("Accounting reference"),
    "tax_point": _("Tax point"),
    "delivered": _("Delivered on"),
    "preceding": _("About the invoice"),
    "object": _("Invoiced object"),
    "period": _("Period"),
    "seller_item": _("Seller's item number"),
    "buyer_item": _("Buyer's item number"),
    "standard_item": _("Standard item number"),
    "origin": _("Origin"),
    "order_line": _("Order line"),
}
# UNCL 4343, as the Invoice Response and the Message Level Status have it.
ANSWERS: dict[str, Any] = {
    "AB": _("Received"),
    "IP": _("In process"),
    "UQ": _("Under query"),
    "CA": _("Accepted on conditions"),
    "RE": _("Rejected"),
    "AP": _("Accepted"),
    "PD": _("Paid"),
}
# What an access point says of a message.
MESSAGE_ANSWERS: dict[str, Any] = {
    "AP": _("Passed on to the receiver"),
    "AB": _("Taken over, delivery not confirmed yet"),
    "RE": _("Rejected"),
}
# OPStatusReason.
REASONS: dict[str, Any] = {
    "NON": _("No issue"),
    "REF": _("References incorrect"),
    "LEG": _("Legal information incorrect"),
    "REC": _("Receiver unknown"),
    "QUA": _("Item quality insufficient"),
    "DEL": _("Delivery issues"),
    "PRI": _("Prices incorrect"),
    "QTY": _("Quantity incorrect"),
    "ITM": _("Items incorrect"),
    "PAY": _("Payment terms incorrect"),
    "UNR": _("Not recognised"),
    "FIN": _("Finance terms incorrect"),
    "PPD": _("Partially paid"),
    "OTH": _("Other"),
}
# OPStatusAction.
ACTIONS: dict[str, Any] = {
    "NOA": _("No action required"),
    "PIN": _("Provide information"),
    "NIN": _("Issue a new invoice"),
    "CNF": _("Credit fully"),
    "CNP": _("Credit partially"),
    "CNA": _("Credit the amount"),
    "OTH": _("Other"),
}
MESSAGE_REASONS: dict[str, Any] = {
    "SV": _("Syntax violation"),
    "BV": _("Broken rule"),
    "BW": _("Warning of a rule"),
    "FD": _("Not delivered"),
}
# What conditions of an answer are about, by their number in EN 16931.
TERMS: dict[str, Any] = {
    "BT-9": _("Due date"),
    "BT-10": _("Buyer reference"),
    "BT-13": _("Order"),
    "BT-48": _("Buyer's VAT number"),
}


def of(table: dict[str, Any], code: str) -> str:
    """What `code` means."""
    return str(table.get(code, code))
