"""Fills in who a company is from one number, its company number or its VAT number."""

import re
from dataclasses import dataclass, field

from peppol import identifiers, national_numbers
from peppol.registers import companies, vat
from peppol.registers.companies import RegisteredCompany, UnknownCompany
from tenants.sentences import Sentence, say

Profile = dict[str, str]


@dataclass(frozen=True)
class Found:
    """What is known of a number: fields of a profile, and where they are from.

    `source` is `register`, `vies`, `sandbox` for what the sandbox made up, or empty when nobody
    knows the number; `doubt` is a sentence about the number, in the current language.
    """

    profile: Profile = field(default_factory=dict)
    source: str = ""
    doubt: str = ""


def find(country: str, number: str) -> Found:
    """Ask the register of `country` (alpha-2), then VIES, about a number of either kind.

    Waits no longer than `VIES_TIMEOUT` seconds. Never raises: whom nobody knows is entered by hand.
    """
    company_number, vat_number = _sort(country, number)
    numbers = {"company_number": company_number, "vat_number": vat_number}
    try:
        company = companies.look_up(country, company_number) if company_number else None
    except UnknownCompany:
        doubt = Sentence("The company register does not know %(number)s.", number=number.strip())
        return Found(_known(numbers), "", str(say(doubt)))
    if company is not None:
        source = "sandbox" if company.synthetic else "register"
        return Found(
            _known({**numbers, **_of_register(company)}),
            source,
            " ".join(str(say(one)) for one in company.doubts),
        )
    return _from_vies(numbers)


def _sort(country: str, number: str) -> tuple[str, str]:
    """Company number and VAT number, one of them empty where the number is not both."""
    written = " ".join(number.split())
    plain = re.sub(r"[^0-9A-Za-z]", "", number).upper()
    prefix = national_numbers.vat_prefix(country)
    if country == "BE":
        digits = companies.belgian_number(number)
        return digits, f"BE{digits}" if plain.startswith("BE") else ""
    if plain.startswith(prefix):
        return "", plain
    # Of some countries only the VAT number is of use on the network.
    only_vat = not identifiers.propose(country, company_number=plain) and bool(
        identifiers.propose(country, vat_number=plain)
    )
    return ("", f"{prefix}{plain}") if only_vat else (written, "")


def _of_register(company: RegisteredCompany) -> Profile:
    return {
        "name": company.name,
        "legal_name": company.name,
        "company_number": company.number,
        "address_line1": company.street,
        "postal_code": company.postal_code,
        "city": company.city,
        "address_country": company.address_country,
    }


def _from_vies(numbers: Profile) -> Found:
    if not numbers["vat_number"]:
        return Found(_known(numbers))
    validity = vat.check(numbers["vat_number"])
    if validity.valid is False:
        doubt = Sentence("%(number)s is not a valid VAT number.", number=numbers["vat_number"])
        return Found(_known(numbers), "", str(say(doubt)))
    if not validity.name:
        return Found(_known(numbers))
    profile = {"name": validity.name, "legal_name": validity.name, **_address(validity.address)}
    return Found(_known({**numbers, **profile}), "vies")


def _address(text: str) -> Profile:
    """The parts of an address as VIES writes it: lines, the last one with postal code and city."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = re.fullmatch(r"([A-Z]{0,2}-?\d[\dA-Z -]{2,8}?) +(\D.*)", lines[-1]) if lines else None
    if last is None:
        return {"address_line1": ", ".join(lines)[:255]}
    return {
        "address_line1": ", ".join(lines[:-1])[:255],
        "postal_code": last[1],
        "city": last[2][:255],
    }


def _known(profile: Profile) -> Profile:
    return {name: value for name, value in profile.items() if value}
