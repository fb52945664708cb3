"""From this surface's fields to the columns that services write."""

from typing import Any

# Theirs: ours. A text that is null is empty in the column.
_ORGANIZATION = {
    "name": "name",
    "display_name": "display_name",
    "vat_id": "vat_number",
    "address_line1": "address_line1",
    "address_line2": "address_line2",
    "zip": "postal_code",
    "town": "city",
    "state": "state",
    "tax_number": "tax_number",
    "economy_id": "economy_id",
}
_ADDRESS = {
    "recipient": "recipient",
    "recipient_additions": "recipient_additions",
    "vat_id": "vat_id",
    "address_line1": "address_line1",
    "address_line2": "address_line2",
    "zip": "postal_code",
    "town": "city",
    "state": "state",
    "country_code": "country",
}
_REFERENCES = ("contact_person_id", "billing_address_id", "billing_contact_id")


def organization(fields: dict[str, Any]) -> dict[str, Any]:
    """The columns of an organization that `fields` set."""
    found = _common(fields, _ORGANIZATION)
    if "country_code" in fields:
        found["country"] = found["address_country"] = fields["country_code"]
    return {**found, **billing(fields)}


def billing(fields: dict[str, Any]) -> dict[str, Any]:
    """Who pays: `billing_options` wins over the `managed_configuration` that it replaces (C-41)."""
    found: dict[str, Any] = {}
    if "managed_configuration" in fields:
        old = fields["managed_configuration"] or {}
        found["withhold_billing"] = bool(old.get("withhold_billing"))
    if "billing_options" not in fields:
        return found
    options = fields["billing_options"]
    if options is None:
        options = {"gln": None, "withhold_billing": None, "bill_to_organization": None}
    if "withhold_billing" in options:
        found["withhold_billing"] = bool(options["withhold_billing"])
    if "gln" in options:
        found["gln"] = options["gln"] or ""
    if "bill_to_organization" in options:
        found["bill_to_id"] = options["bill_to_organization"]
    return found


def address(fields: dict[str, Any]) -> dict[str, Any]:
    """The columns of a billing address that `fields` set."""
    return _common(fields, _ADDRESS)


def _common(fields: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    found = {ours: fields[name] or "" for name, ours in names.items() if name in fields}
    found |= {name: fields[name] for name in _REFERENCES if name in fields}
    return {**found, "metadata": fields["metadata"] or {}} if "metadata" in fields else found
