"""The cells of a line: put together where files take them apart, and brought into one form."""

import re
from collections.abc import Mapping

from peppol import code_lists, country_names, written_numbers
from peppol.registers import belgian_addresses
from peppol.services.imports.judgements import Judgement
from peppol.spelling import plain
from tenants.models import Organization
from tenants.persistence import NO_CONTROL
from tenants.sentences import Sentence

_NUMBERS = ("company_number", "vat_number", "identifier")
_YES = frozenset(("yes", "y", "true", "1", "x", "ja", "j", "oui", "o", "vrai", "waar", "wahr"))
_NO = frozenset(("no", "n", "false", "0", "nee", "nein", "non", "faux", "onwaar", "falsch"))
# How lists end: with a sum, or with who printed them.
_SUMS = re.compile(
    r"(grand |sous-?|sub-?|eind|gesamt|zwischen)?"
    r"(total|totals|totaal|totalen|totaux|totale|summe|som|sum|aantal|nombre|anzahl|count)"
    r"( (général|general|klanten|clients|customers|kunden|companies|bedrijven|records|lignes))?"
    r"[\s:=]*[\d.,]*",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(page|pagina|seite|blz|afgedrukt|imprimé|gedruckt|printed|exported|exporté|exportiert)\b.*\d.*",
    re.IGNORECASE,
)


def understood(found: Judgement, given: Mapping[str, str]) -> dict[str, str]:
    """What stands in the cells, by field; what cannot be read or was broken is a problem."""
    cells = {name: value for name, value in given.items() if value}
    for name, value in list(cells.items()):
        if "\ufffd" in value:
            found.refuse(name, Sentence(NO_CONTROL))
        elif name in _NUMBERS and (damage := written_numbers.damage(value)):
            found.refuse(name, damage)
            del cells[name]
        elif name in _NUMBERS and written_numbers.is_word(value):
            if re.search(r"\w", value):
                found.doubt(name, Sentence("“%(given)s” is no number.", given=value))
            del cells[name]
    other = cells.pop("other_name", "")
    if other and not cells.get("name"):
        cells["name"] = other
    scheme = cells.pop("scheme", "")
    if scheme and cells.get("identifier") and ":" not in cells["identifier"]:
        cells["identifier"] = f"{_icd(scheme)}:{_value(cells['identifier'])}"
    return cells


def is_yes(found: Judgement, name: str, given: str) -> bool:
    """Whether a cell says yes; what says neither yes nor no is refused."""
    said = plain(given)
    if said and said not in _YES | _NO:
        found.refuse(name, Sentence("“%(given)s” is neither yes nor no.", given=given))
    return said in _YES


def settle_country(found: Judgement, platform: Organization) -> None:
    """Settle the country: the one that stands there, else the VAT number's, else our own."""
    profile = found.profile
    said = profile.get("country", "")
    vat_country = country_names.code(profile.pop("vat_country", "")) or ""
    theirs = written_numbers.prefix_country(profile.get("vat_number", "")) or vat_country
    known = country_names.code(said) if said else theirs or platform.country
    if known is None:
        found.problems.append(
            Sentence("Country: “%(given)s” is no country that we know.", given=said)
        )
    profile["country"] = known or ""
    if vat_country and profile.get("vat_number"):
        profile["vat_number"] = written_numbers.vat_number(vat_country, profile["vat_number"])
    if said and known and theirs and theirs != known:
        found.doubt(
            "vat_number",
            Sentence(
                "It is of %(theirs)s, and the company is in %(ours)s.", theirs=theirs, ours=known
            ),
        )


def settle_numbers(found: Judgement) -> None:
    """Bring the numbers into the form in which they are kept; what can be none is a problem."""
    profile, country = found.profile, found.profile["country"]
    for name, form in (
        ("company_number", written_numbers.company_number),
        ("vat_number", written_numbers.vat_number),
    ):
        if name in profile:
            profile[name] = form(country, profile[name])
    doubt = written_numbers.doubt(country, profile.get("company_number", ""))
    if doubt:
        found.refuse("company_number", doubt)


def join_address(found: Judgement) -> None:
    """Put the number of the house and of the box behind the street."""
    profile = found.profile
    house, box = profile.pop("house_number", ""), profile.pop("box", "")
    street = profile.get("address_line1", "")
    if street and profile["country"] == "BE":
        spoken = belgian_addresses.language(profile.get("postal_code", ""))
        profile["address_line1"] = belgian_addresses.street_line(street, house, box, spoken)
    elif street:
        profile["address_line1"] = " ".join(filter(None, (street, house, box)))


def is_footer(profile: Mapping[str, str], identifier: str) -> bool:
    """Whether a line is how a list ends: a sum, or who printed it, and nothing of a company."""
    name = profile.get("name", "")
    if identifier or any(profile.get(one) for one in ("vat_number", "address_line1", "email")):
        return False
    number = profile.get("company_number", "")
    if number and not written_numbers.doubt(profile["country"], number):
        return False
    return bool(_SUMS.fullmatch(name) or _PRINTED.fullmatch(name))


def _icd(scheme: str) -> str:
    """The four digits of a scheme: `208`, `0208 - Belgian register` and `BE:EN` are 0208."""
    digits = re.match(r"\s*(\d{1,4})\b", scheme)
    if digits:
        return digits[1].zfill(4)
    wanted = plain(scheme)
    schemes = code_lists.schemes().values()
    return next((one.icd for one in schemes if plain(one.id) == wanted), scheme)


def _value(number: str) -> str:
    """The number under a scheme, without what people write between."""
    return re.sub(r"[\s./]", "", number)
