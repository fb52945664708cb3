"""Documents that every release of rules has to judge alike, by which an installed one is tried."""

from peppol.invoices import shape, writing
from peppol.rules import kinds

_PARTY = {
    "name": "Bakery BV",
    "peppolId": "0208:0771234528",
    "vatNumber": "BE0771234528",
    "address": {"street": "Kerkstraat 1", "city": "Gent", "postalCode": "9000", "country": "BE"},
}
_INVOICE = {
    "number": "1",
    "issueDate": "2026-11-20",
    "dueDate": "2026-12-20",
    "buyerReference": "PO-1",
    "seller": _PARTY,
    "buyer": {**_PARTY, "name": "Café NV", "peppolId": "0208:0775432153", "vatNumber": ""},
    "lines": [{"name": "Bread", "quantity": 2, "unitPrice": "2.50", "vat": {"rate": "6"}}],
}


def right() -> dict[str, bytes]:
    """A document that breaks no rule, by the specification that it follows."""
    billing = writing.write(shape.read(_INVOICE))
    mirrored = billing.replace(b":billing:", b":selfbilling:").replace(b">380<", b">389<")
    return {kinds.BILLING: billing, kinds.SELF_BILLING: mirrored}


def wrong() -> dict[str, bytes]:
    """The same without a reference of the buyer, which breaks PEPPOL-EN16931-R003."""
    return {
        customization: document.replace(b"<cbc:BuyerReference>PO-1</cbc:BuyerReference>", b"")
        for customization, document in right().items()
    }
