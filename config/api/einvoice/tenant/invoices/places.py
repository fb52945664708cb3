"""Addresses of one line, taken apart and put together; and where a field of ours came from."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from peppol import country_names

# How postal codes look before the name of a place; the Dutch letters could begin a name elsewhere.
_DUTCH = r"\d{4}\s?[A-Z]{2}"
_CODES = (
    r"\d{3}\s\d{2}",
    r"\d{2}-\d{3}",
    r"\d{4}-\d{3}",
    r"\d{4,6}",
    r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}",
)


def apart(text: str) -> dict[str, str]:
    """Street, additional, postal code, city, region, country; whatever it says is in one of them.

    `Street 1, 1000 Brussels, Belgium`: the country, by its code or name, comes last.
    """
    parts = [one.strip() for one in re.split(r"[,\n;]", text) if one.strip()]
    country = country_names.code(parts[-1]) if len(parts) > 1 else None
    parts = parts[:-1] if country else parts
    found = {"street": "", "additional": "", "postalCode": "", "city": "", "region": ""}
    place = _place(parts, country or "")
    if place is None:
        *before, found["city"] = parts if len(parts) > 1 else [*parts, ""]
        after: list[str] = []
    else:
        before, found["postalCode"], found["city"], after = place
    found["street"], found["additional"] = (before or [""])[0], ", ".join(before[1:])
    found["region"] = ", ".join(after)
    return {**found, **({"country": country} if country else {})}


def _place(parts: list[str], country: str) -> tuple[list[str], str, str, list[str]] | None:
    """What stands before the place, its code and name, and what stands after it."""
    codes = "|".join((_DUTCH, *_CODES) if country in ("NL", "") else _CODES)
    code = rf"(?:[A-Z]{{1,3}}-)?(?P<code>{codes})"
    for number in range(len(parts) - 1, -1, -1):
        part, rest = parts[number], parts[number + 1 :]
        if re.fullmatch(code, part) and (rest or number):
            bare = re.fullmatch(code, part)
            named = rest[0] if rest else parts[number - 1]
            before = parts[:number] if rest else parts[: number - 1]
            return before, bare["code"] if bare else "", named, rest[1:]
        found = re.fullmatch(rf"{code}\s+(?P<name>\D.*)", part) or (
            re.fullmatch(rf"(?P<name>\D.*?)\s+{code}", part) if number else None
        )
        if found:
            return parts[:number], found["code"], found["name"], rest
    return None


def together(lines: Iterable[str], country: str) -> str | None:
    """An address in one line, with its country by name."""
    named = [country_names.name(country) or country] if country else []
    return ", ".join([*lines, *named]) or None


_PARTIES = {"seller": "vendor", "buyer": "customer"}
_PARTY = {
    "vatNumber": "tax_id",
    "companyNumber": "company_id",
    "companyNumberScheme": "company_id",
    "peppolId": "peppol_id",
    "tradeName": "name",
    "ids": "id",
}
_NAMES: Mapping[str, str] = {
    "lines": "items",
    "payment": "payment_details",
    "payments": "payment_details",
    "number": "invoice_id",
    "issueDate": "invoice_date",
    "dueDate": "due_date",
    "orderReference": "purchase_order",
    "buyerReference": "purchase_order",
    "type": "document_type",
    "typeCode": "document_type",
    "delivery": "shipping_address",
    "prepaidAmount": "amount_due",
    "to": "customer_peppol_id",
    "unitPrice": "unit_price",
    "baseQuantity": "price_base_quantity",
    "vat": "tax_rate",
    "sellerItemId": "product_code",
    "attributes": "item_attributes",
    "baseAmount": "base_amount",
    "percentage": "multiplier_factor",
    "reasonCode": "reason_code",
    "bic": "swift",
    "reference": "payment_reference",
    "filename": "file_name",
    "mimeType": "file_type",
    "content": "file_data",
    "period": "service_start_date",
}
# Of these, what is inside has no field of its own.
_WHOLE = ("tax_rate", "shipping_address", "service_start_date", "product_code")


def theirs(path: str) -> list[str | int]:
    """Where the field at `path` of our shape came from, in the names that clients know."""
    steps = path.split(".")
    if steps[0] in _PARTIES:
        return [f"{_PARTIES[steps[0]]}_{_of_party(steps[1:])}"]
    found: list[str | int] = []
    for step in steps:
        if step.isdigit():
            found.append(int(step))
            continue
        name = _NAMES.get(step, step)
        if found and found[0] == "items" and name == "name":
            name = "description"
        if found and found[0] == "attachments" and name == "id":
            name = "file_name"
        if name == "terms":
            return ["payment_term"]
        found.append(name)
        if name in _WHOLE:
            break
    return found


def _of_party(steps: list[str]) -> str:
    name = steps[0] if steps else "name"
    if name == "contact":
        return "email" if steps[1:2] == ["email"] else "address_recipient"
    return _PARTY.get(name, name)


def nested(paths: Mapping[str, Any]) -> dict[Any, Any]:
    """Errors by paths of ours as DRF nests them, under the names that clients know."""
    found: dict[Any, Any] = {}
    for path, said in paths.items():
        *above, last = theirs(path)
        inner = found
        for step in above:
            inner = inner.setdefault(step, {})
            if not isinstance(inner, dict):
                break
        if isinstance(inner, dict):
            inner.setdefault(last, said)
    return found
