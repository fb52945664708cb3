"""What the rows of a file of KBO Open Data say."""

import re
from datetime import date
from typing import Any

from peppol import country_names
from peppol.models import RegisteredCompany
from peppol.registers import belgian_addresses

Row = dict[str, str]

_LANGUAGES = {"0": "", "1": "fr", "2": "nl", "3": "de", "4": "en"}
# The columns of an address, as they are where there is none.
NO_ADDRESS: dict[str, Any] = {
    "street": "",
    "postal_code": "",
    "city": "",
    "address_country": "",
    "struck_off_on": None,
}


def settle(company: RegisteredCompany, row: Row) -> None:
    """Give a company the address of a row, in the language of the place."""
    abroad = row["CountryNL"] or row["CountryFR"]
    spoken = "fr" if "fr" in company.names and "nl" not in company.names else "nl"
    language = spoken if abroad else belgian_addresses.language(row["Zipcode"], spoken)
    street = belgian_addresses.street_line(
        _in(language, row, "Street"), row["HouseNumber"], row["Box"], language
    )
    company.street = street[:255]
    company.postal_code = row["Zipcode"].strip()[:32]
    company.city = _in(language, row, "Municipality")[:255]
    company.address_country = _country(row)
    company.struck_off_on = date_of(row["DateStrikingOff"])


def name_of(row: Row) -> dict[str, str]:
    """The name of a row, by its language."""
    name = " ".join(row["Denomination"].split())[:255]
    return {_LANGUAGES.get(row["Language"], ""): name} if name else {}


def number_of(text: str) -> str:
    """An enterprise number's digits."""
    return re.sub(r"\D", "", text)[:10]


def date_of(text: str) -> date | None:
    """A date as the register writes it, 31-12-1999."""
    found = re.fullmatch(r"(\d{2})-(\d{2})-(\d{4})", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _in(language: str, row: Row, column: str) -> str:
    """A part of an address in a language, or in the other where there is no such."""
    other = "NL" if language == "fr" else "FR"
    return (row[f"{column}{language.upper()}"] or row[f"{column}{other}"]).strip()


def _country(row: Row) -> str:
    """Where an address is, if abroad; Belgian ones bear no country."""
    for name in (row["CountryNL"], row["CountryFR"]):
        found = country_names.code(name) if name else None
        if found:
            return "" if found == "BE" else found
    return ""
