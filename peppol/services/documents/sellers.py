"""Who a document in our JSON shape is from: the company's profile, and what the caller says."""

import re
from collections.abc import Mapping
from typing import Any

from peppol import national_numbers, written_numbers
from tenants.models import Organization


def completed(given: Any, company: Organization, sender: str) -> Any:
    """The seller as given, and of the company's profile what was left out."""
    if given is None:
        return profile_of(company, sender)
    if not isinstance(given, Mapping):
        return given  # the shape says what is wrong with it
    profile = profile_of(company, sender)
    # A scheme is of the number that stands beside it.
    if "companyNumber" in given:
        profile.pop("companyNumberScheme", None)
    merged = {**profile, **given}
    for name in ("address", "contact"):
        if isinstance(given.get(name), Mapping):
            merged[name] = {**profile.get(name, {}), **given[name]}
    return merged


def profile_of(company: Organization, sender: str) -> dict[str, Any]:
    """What the company's profile says of a seller; what it does not have is left out."""
    country = company.address_country or company.country
    number, scheme = national_numbers.company_number(company.country, company.company_number)
    said = {
        "name": company.legal_name or company.name,
        "tradeName": company.display_name,
        "peppolId": sender,
        "vatNumber": written_numbers.vat_number(company.country, company.vat_number),
        "companyNumber": number,
        "companyNumberScheme": scheme,
        "address": {
            "street": company.address_line1,
            "additional": company.address_line2,
            "city": company.city,
            "postalCode": company.postal_code,
            "region": company.state,
            "country": country,
        },
        "contact": {
            "name": _contact_name(company),
            "email": company.email,
            "phone": company.phone,
        },
    }
    return {name: _filled(value) for name, value in said.items() if _filled(value)}


def numbered(invoice: Mapping[str, Any]) -> dict[str, Any]:
    """The invoice with its parties' numbers as their countries write them, schemes added."""
    return {
        **invoice,
        **{side: _numbered(invoice[side]) for side in ("seller", "buyer") if side in invoice},
    }


def _numbered(party: Mapping[str, Any]) -> dict[str, Any]:
    country = party["address"]["country"]
    found = dict(party)
    if party["companyNumber"] and not party["companyNumberScheme"]:
        number, scheme = national_numbers.company_number(country, party["companyNumber"])
        found |= {"companyNumber": number, "companyNumberScheme": scheme}
    if party["vatNumber"]:
        found["vatNumber"] = re.sub(r"[\s.]", "", party["vatNumber"])
    return found


def _contact_name(company: Organization) -> str:
    """Whoever is named as contact; between Germans somebody has to be (DE-R-005)."""
    person = company.contact_person
    if person is not None and person.get_full_name():
        return str(person.get_full_name())
    return company.legal_name or company.name if company.country == "DE" else ""


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: nested for name, nested in value.items() if nested}
    return value
