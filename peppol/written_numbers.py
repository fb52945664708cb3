"""Numbers of companies as people write them, and as they are kept.

They are brought into one form when they are stored, so that whatever reads them later need not
think of dots, of what stands before a number, or of words where a number should be.
"""

import re
from collections.abc import Mapping
from typing import Any

from peppol import national_numbers
from tenants.sentences import Sentence

# The two letters in front of VAT numbers, and whose they are.
_PREFIXED = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MC", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"),
)
_COUNTRIES = {one: one for one in _PREFIXED if one != "MC"} | {"EL": "GR", "CHE": "CH", "XI": "GB"}
_IN_FRONT = re.compile(
    r"(?:BTW|TVA|VAT|MWST|UST(?:IDNR|ID)?|PIVA|NUMMER|NUMERO|NUMBER|NR)+(?=\w*\d)"
)
# What a spreadsheet makes of a long number, and of a formula that went wrong.
_CUT_SHORT = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_BROKEN = re.compile(r"#(?:N/?A|REF!?|VALUE!?|NAME\??|DIV/0!?|NULL!?|NUM!?|#+|WERT!|BEZUG!|NB)")


def vat_number(country: str, number: str) -> str:
    """A VAT number without blanks, dots and words, with its country in front: `BE0403170701`.

    What has no digit is no number: the empty string.
    """
    bare = _bare(number)
    country = country.strip().upper()
    if not bare or (country not in _PREFIXED and not prefix_country(bare)):
        return bare
    prefix, theirs = national_numbers.vat_prefix(country), prefix_country(bare)
    if country == "GR":
        bare = re.sub(r"^GR", prefix, bare)
    is_whole = theirs or bare.startswith(prefix)
    return _belgian(bare if is_whole else prefix + bare)


def company_number(country: str, number: str) -> str:
    """A company number as it is kept: of countries whose registers count in digits, the digits.

    What has no digit is no number: the empty string.
    """
    written = " ".join(number.split())
    if not _bare(number):
        return ""
    if country == "BE":
        digits = re.sub(r"\D", "", number)
        return digits.zfill(10) if len(digits) == 9 else digits
    in_digits = country in national_numbers.REGISTERS and re.fullmatch(r"[\d\s./-]+", written)
    return re.sub(r"\D", "", written) if in_digits else written


def kept(country: str, profile: Mapping[str, Any]) -> dict[str, str]:
    """The numbers of a profile that are kept in another form than they were given in.

    What is no number of its country, however it is spelled, is kept as it was given.
    """
    country = country.strip().upper()
    company, vat = profile.get("company_number"), profile.get("vat_number")
    found = {}
    if isinstance(company, str):
        form = company_number(country, company)
        if form != company and any(national_numbers.identifiers(country, form, "")):
            found["company_number"] = form
    if isinstance(vat, str):
        form = vat_number(country, vat)
        theirs = prefix_country(form) or country
        if form != vat and any(national_numbers.identifiers(theirs, "", form)):
            found["vat_number"] = form
    return found


def prefix_country(vat: str) -> str:
    """The country (alpha-2) that a VAT number says it is of, or the empty string."""
    found = re.match(r"(CHE|[A-Z]{2})(?=\w*\d)", _bare(vat))
    return _COUNTRIES.get(found[1], "") if found else ""


def is_word(number: str) -> bool:
    """Whether there stands something, but no number: `n/a`, `vrijgesteld`, `-`."""
    return bool(number.strip()) and not _bare(number)


def damage(number: str) -> Sentence | None:
    """What a spreadsheet did to a number, if it did something that cannot be undone."""
    text = number.strip()
    if _CUT_SHORT.fullmatch(text):
        return Sentence(
            "A spreadsheet cut “%(number)s” short: its last digits are lost. Format the column "
            "as text and enter the number again.",
            number=text,
        )
    if _BROKEN.match(text):
        return Sentence("“%(number)s” is what a spreadsheet shows for an error.", number=text)
    return None


def doubt(country: str, number: str) -> Sentence | None:
    """Why a company number, as it is kept, can be none of its country."""
    if not number or country not in national_numbers.REGISTERS or not number.isdigit():
        return None
    if country == "BE":
        if len(number) == 10 and number[0] in "01":
            return None
        return Sentence(
            "A Belgian company number has ten digits and begins with 0 or 1; “%(number)s” is none.",
            number=number,
        )
    if any(national_numbers.identifiers(country, number, "")):
        return None
    for zeros in ("0", "00", "000"):
        if any(national_numbers.identifiers(country, zeros + number, "")):
            return Sentence(
                "“%(number)s” is too short: a spreadsheet may have dropped zeros in front. Format "
                "the column as text and enter the number again.",
                number=number,
            )
    return None


def _bare(number: str) -> str:
    """The letters and digits of a number, without words in front; none where nothing counts."""
    bare = re.sub(r"n[°º]|\bn[or]\.|[^0-9a-z]", "", number.lower()).upper()
    if not re.search(r"[1-9]", bare):
        return ""
    found = _IN_FRONT.match(bare)
    return bare[found.end() :] if found else bare


def _belgian(number: str) -> str:
    """A Belgian VAT number with the zero that older ones were written without."""
    return re.sub(r"^BE(\d{9})$", r"BE0\1", number)
