"""From the flat JSON of the tenant API to the shape in which we write documents."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pycountry
from django.utils import timezone
from rest_framework import serializers

from config.api.einvoice.tenant.invoices import places
from config.api.einvoice.tenant.invoices.fields import InvoiceFields
from peppol import identifiers
from peppol.invoices import addressing, shape
from peppol.rules.findings import Breach

Fields = Mapping[str, Any]
_TYPES = {
    "INVOICE": ("invoice", "380"),
    "CREDIT_NOTE": ("credit_note", "381"),
    "DEBIT_NOTE": ("invoice", "383"),
    "SELFBILLING_INVOICE": ("invoice", "389"),
    "SELFBILLING_CREDIT_NOTE": ("credit_note", "261"),
}
_RATED = ("S", "L", "M", "B")
# The reason that goes with a category by itself.
_REASONS = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
_LONGEST_NAME = 255
# What no invoice of EN 16931 has a place for.
_NOWHERE = (
    "remittance_address",
    "remittance_address_recipient",
    "billing_address_recipient",
    "previous_unpaid_balance",
    "total_discount",
)
_FILE = "application/pdf"


def remarks(body: Any, fields: Fields) -> list[Breach]:
    """What of the flat JSON is not sent, or is unknown; each with the field as it was given."""
    unknown = [
        _remark("unknown_field", *found) for found in shape.unknown_fields(body, InvoiceFields())
    ]
    return [*unknown, *(_remark("not_sent", *found) for found in _unsent(fields))]


def _remark(rule: str, field: str, sentence: str) -> Breach:
    return Breach(rule, sentence, "", fatal=False, field=field)


def _unsent(fields: Fields) -> Iterator[tuple[str, str]]:
    for name in _NOWHERE:
        if fields.get(name):
            yield name, "An invoice has no place for it; it is not sent."
    first, second = fields.get("customer_address"), fields.get("billing_address")
    if first and second and first != second:
        yield "billing_address", "An invoice has one address of the customer; it is not sent."
    for name in ("", "_recipient"):
        shipping, service = (
            fields.get(f"shipping_address{name}"),
            fields.get(f"service_address{name}"),
        )
        if shipping and service and shipping != service:
            yield f"service_address{name}", "shipping_address is sent instead."
    if fields.get("state", "DRAFT") != "DRAFT":
        yield "state", "It is a draft until it is sent."
    if not fields.get("purchase_order") and not fields.get("buyer_reference"):
        yield "purchase_order", "Peppol asks for a reference; without one NA is sent as it."
    if (named := fields.get("customer_peppol_id")) and not addressing.is_known(named):
        said = "Its scheme is not in the code list; what follows from the tax id is sent instead."
        yield "customer_peppol_id", said
    for number, one in enumerate(fields.get("attachments") or ()):
        if not one.get("file_data"):
            yield f"attachments.{number}.file_data", "There is no file; only its name is sent."


def to_ours(fields: Fields, *, is_own: bool = True) -> dict[str, Any]:
    """The invoice in our shape. Raises DRF's ValidationError for what cannot be one.

    The address of who sells follows from their numbers only where it is not the company itself.
    """
    kind, code = _TYPES[fields["document_type"]]
    if fields.get("direction") == "INBOUND":
        said = "only OUTBOUND documents are made here; what others send arrives by itself"
        raise serializers.ValidationError({"direction": [said]})
    if not fields.get("items"):
        raise serializers.ValidationError({"items": ["at least one line item is required"]})
    vat = _Vat(fields)
    return _filled(
        {
            "type": kind,
            "typeCode": code,
            "number": fields.get("invoice_id"),
            "issueDate": fields.get("invoice_date") or timezone.localdate(),
            "dueDate": fields.get("due_date"),
            "currency": fields.get("currency"),
            "note": fields.get("note"),
            "orderReference": fields.get("purchase_order"),
            "buyerReference": _reference(fields),
            "seller": _party(fields, "vendor", addressed=not is_own),
            "buyer": _party(fields, "customer", addressed=True),
            "period": _filled(
                {
                    "start": fields.get("service_start_date"),
                    "end": fields.get("service_end_date"),
                }
            ),
            "delivery": _delivery(fields),
            "payments": list(_payments(fields)),
            "allowances": [vat.adjustment(one) for one in fields.get("allowances") or ()],
            "charges": [vat.adjustment(one) for one in fields.get("charges") or ()],
            "attachments": list(_attachments(fields)),
            "lines": [vat.line(number, item) for number, item in enumerate(fields["items"])],
        }
    )


def _reference(fields: Fields) -> str:
    """What the buyer asked for; Peppol wants that, or the number of an order."""
    return fields.get("buyer_reference") or ("" if fields.get("purchase_order") else "NA")


def _party(fields: Fields, who: str, *, addressed: bool) -> dict[str, Any]:
    def of(name: str) -> Any:
        return fields.get(f"{who}_{name}")

    text = of("address") or (fields.get("billing_address") if who == "customer" else "")
    address = places.apart(text) if text else {}
    if "country" not in address and (country := _country(of("tax_id"), of("peppol_id"))):
        address["country"] = country
    address.setdefault("country", "") if who == "customer" else None
    recipient = of("address_recipient")
    proposed = _proposed(address, of("company_id"), of("tax_id")) if addressed else ""
    return _filled(
        {
            "name": of("name"),
            "peppolId": of("peppol_id") or proposed,
            "ids": [{"value": of("id")}] if of("id") else [],
            "vatNumber": of("tax_id"),
            "companyNumber": of("company_id"),
            "address": {name: value for name, value in address.items() if value or text},
            "contact": _filled(
                {"name": recipient if recipient != of("name") else "", "email": of("email")}
            ),
        }
    )


def _country(tax_id: str | None, peppol_id: str | None) -> str:
    prefix = (tax_id or "").strip()[:2].upper()
    prefix = {"EL": "GR"}.get(prefix, prefix)
    if prefix.isalpha() and pycountry.countries.get(alpha_2=prefix):
        return prefix
    scheme, sign, value = (peppol_id or "").partition(":")
    return identifiers.country_of(identifiers.ParticipantId(scheme, value)) if sign else ""


def _proposed(address: Fields, company_id: str | None, tax_id: str | None) -> str:
    """The identifier that follows from what else is said of a customer."""
    country = _country(tax_id, None) or address.get("country", "")
    found = identifiers.propose(country, company_number=company_id or "", vat_number=tax_id or "")
    return str(found[0]) if found else ""


def _delivery(fields: Fields) -> dict[str, Any]:
    where = fields.get("shipping_address") or fields.get("service_address")
    name = fields.get("shipping_address_recipient") or fields.get("service_address_recipient")
    address = places.apart(where) if where else {}
    country = address.get("country") or _country(
        fields.get("customer_tax_id"), fields.get("customer_peppol_id")
    )
    return _filled({"name": name, "address": {**address, "country": country} if where else {}})


def _payments(fields: Fields) -> Iterator[dict[str, Any]]:
    given = list(fields.get("payment_details") or ())
    term = fields.get("payment_term")
    accounts = [one.get("iban") or one.get("bank_account_number") for one in given]
    # All ways to pay have one code (UBL-SR-47), and a transfer needs an account (BR-61).
    code = "30" if accounts and all(accounts) else "1"
    for number, (one, account) in enumerate(zip(given, accounts, strict=True)):
        yield _filled(
            {
                "meansCode": code,
                "iban": account,
                "bic": one.get("swift"),
                "reference": one.get("payment_reference"),
                "terms": "" if number else term,
            }
        )
    if term and not given:
        yield {"meansCode": code, "terms": term}


def _attachments(fields: Fields) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(fields.get("attachments") or ()):
        content = one.get("file_data") or ""
        yield _filled(
            {
                "id": one["file_name"] or str(number + 1),
                "filename": one["file_name"] if content else "",
                "mimeType": (one.get("file_type") or _FILE) if content else "",
                "content": content,
            }
        )


class _Vat:
    """How the lines are taxed: the document has one category, and each line a rate."""

    def __init__(self, fields: Fields) -> None:
        self.code = fields.get("tax_code") or "S"
        reason, note = fields.get("vatex") or "", fields.get("vatex_note") or ""
        self.reason = {
            "exemptionReasonCode": reason or ("" if note else _REASONS.get(self.code, "")),
            "exemptionReason": note,
        }

    def at(self, rate: Decimal, code: str = "") -> dict[str, Any]:
        """The VAT at a rate; what is not taxed is of the document's category, or of rate zero."""
        code = code or self.code
        if rate:
            return {"category": code if code in _RATED else "S", "rate": rate}
        if code in ("S", "Z"):
            return {"category": "Z", "rate": rate}
        return _filled({"category": code, **self.reason})

    def adjustment(self, one: Fields, line_rate: Decimal | None = None) -> dict[str, Any]:
        """An allowance or a charge; on a line the line's VAT applies."""
        base, percentage, amount = (
            one.get("base_amount"),
            one.get("multiplier_factor"),
            one.get("amount"),
        )
        if amount is None and base is not None and percentage is not None:
            amount = (base * percentage / 100).quantize(Decimal("0.01"))
        rate = one.get("tax_rate")
        vat = None
        if line_rate is None:
            vat = self.at(Decimal(21) if rate is None else rate, one.get("tax_code") or "")
        elif rate is not None and rate != line_rate:
            vat = {"rate": rate}
        return _filled(
            {
                "amount": amount,
                "baseAmount": base,
                "percentage": percentage,
                "reason": one.get("reason"),
                "reasonCode": one.get("reason_code"),
                "vat": vat,
            }
        )

    def line(self, number: int, item: Fields) -> dict[str, Any]:
        """A line in our shape; a negative price becomes a negative quantity."""
        rate = item.get("tax_rate") or Decimal(0)
        quantity, price = item.get("quantity"), item.get("unit_price")
        quantity = Decimal(1) if quantity is None else quantity
        if price is None and item.get("amount") is not None and quantity:
            price = item["amount"] / quantity
            price = price if price == price.quantize(Decimal("1e-9")) else round(price, 9)
        if price is not None and price < 0:
            quantity, price = -quantity, -price
        text, day = item.get("description") or "", item.get("date")
        return _filled(
            {
                "id": str(number + 1),
                "name": text[:_LONGEST_NAME],
                "description": text if len(text) > _LONGEST_NAME else "",
                "quantity": quantity,
                "unit": item.get("unit"),
                "unitPrice": price,
                "baseQuantity": item.get("price_base_quantity"),
                "vat": self.at(rate),
                "sellerItemId": item.get("product_code"),
                "period": {"start": day, "end": day} if day else None,
                "allowances": [self.adjustment(a, rate) for a in item.get("allowances") or ()],
                "charges": [self.adjustment(a, rate) for a in item.get("charges") or ()],
                "attributes": [
                    {"name": one["name"], "value": one.get("value") or "-"}
                    for one in item.get("item_attributes") or ()
                ],
            }
        )


def _filled(values: Fields) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
